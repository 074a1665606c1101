"""Who may see and decide on distributors: their own chapter, and the applicant their own application."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select

from marketplace.kernel.policy import Actor
from marketplace.partners.models import Application, Chapter


def of_own_chapter(actor: Actor) -> ColumnElement[bool]:
    """Applications of the chapter that ``actor`` works for, as an SQL condition."""
    if not actor.is_partner or actor.is_suspended:
        return false()
    own = select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id)
    return Application.chapter_id.in_(own)


def of_own_company(actor: Actor) -> ColumnElement[bool]:
    """Applications that ``actor``'s company made, as an SQL condition."""
    if not actor.is_buyer:
        return false()
    return Application.organisation_id == actor.organisation_id
