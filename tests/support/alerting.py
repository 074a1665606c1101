"""Saved searches, products that come and go, and what a person was told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.saved.drafts import SearchDraft
from marketplace.saved.rules import Frequency
from marketplace.saved.services.searches import save_search
from tests.support.people import Person

Later = Callable[..., AbstractContextManager[object]]


def saved(person: Person, address: str, frequency: Frequency = Frequency.INSTANT, locale: str = "en") -> int:
    """Keep the search of an address; its id."""
    with transaction() as session:
        return save_search(session, person.actor, SearchDraft("My search", address, locale, frequency)).id


def told(session: Session, person: Person) -> list[str]:
    """What the notices of a person name, oldest first."""
    session.expire_all()
    rows = session.scalars(select(Notice).where(Notice.user_id == person.user_id).order_by(Notice.id))
    return [str(row.context["products"]) for row in rows if row.kind == "saved_search_found"]
