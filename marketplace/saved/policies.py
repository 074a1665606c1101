"""What people keep is theirs alone; a shared list is read by its link."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from marketplace.kernel.policy import Actor
from marketplace.saved.models import SavedSearch, Shortlist


def owns_search(actor: Actor) -> ColumnElement[bool]:
    """Searches that this person saved."""
    return SavedSearch.user_id == actor.user_id


def owns_list(actor: Actor) -> ColumnElement[bool]:
    """Lists that this person made."""
    return Shortlist.user_id == actor.user_id
