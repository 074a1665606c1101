"""Who may see and change fairs: their own chapter and the programme's staff."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true

from marketplace.fairs.models import Fair
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Chapter


def kept_by(actor: Actor) -> ColumnElement[bool]:
    """Fairs that ``actor`` looks after, as an SQL condition: a chapter its own, staff all."""
    if actor.is_suspended:
        return false()
    if actor.is_staff:
        return true()
    if not actor.is_partner:
        return false()
    return Fair.chapter_id.in_(select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id))
