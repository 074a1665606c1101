"""Whose notices they are."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from marketplace.kernel.policy import Actor
from marketplace.notifications.models import Notice


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """The notices a person may read: their own."""
    return Notice.user_id == actor.user_id
