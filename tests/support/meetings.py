"""A fair with meetings, people who take part, and meetings in any state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.uow import transaction
from marketplace.meetings import services
from marketplace.meetings.drafts import GuestDraft, PlanDraft, SessionDraft
from marketplace.meetings.models import Meeting
from marketplace.meetings.queries import free_slots, meeting_for
from tests.app.test_fairs import a_fair
from tests.support.people import Cast, Person

DAY = date(2026, 12, 5)
TEN = datetime(2026, 12, 5, 9, 0, tzinfo=UTC)  # ten o'clock in Berlin
TERMS = PlanDraft("Europe/Berlin", 3, 4, 5, 6)
MORNING = SessionDraft(DAY, time(10), time(11), 20, 2, "Hall 4")  # three slots at two tables
REASON = "We look for coconut sugar for our bakeries."


@dataclass
class Hall:
    """One fair with its organiser, its plan and one session."""

    owner: Person
    fair_id: int
    code: str
    plan_id: int
    session_id: int
    guests: dict[int, int] = field(default_factory=dict)  # by person

    def joined(self, person: Person, **more: Any) -> int:
        """Somebody takes part; gives the key of their participation."""
        draft = GuestDraft(more.get("comes", "Siti"), more.get("about", "Sugar"), more.get("goods", ("coconut-sugar",)))
        with transaction() as session:
            guest = services.take_part(session, person.actor, self.fair_id, draft)
            session.flush()
            self.guests[person.user_id] = guest.id
        return self.guests[person.user_id]

    def asked(self, asker: Person, other: Person, reason: str = REASON) -> str:
        """One asks the other for a meeting; gives its key."""
        for one in (asker, other):
            if one.user_id not in self.guests:
                self.joined(one)
        with transaction() as session:
            return services.ask(session, asker.actor, self.fair_id, self.guests[other.user_id], reason).key

    def slot(self, number: int = 0) -> str:
        """How forms name a slot of the session."""
        return f"{self.session_id}-{number}"

    def is_set(self, asker: Person, other: Person, number: int = 0) -> str:
        """The two meet in a slot; gives the meeting's key."""
        key = self.asked(asker, other)
        with transaction() as session:
            services.accept(session, other.actor, key, version_of(session, key), self.slot(number))
        return key


def a_hall(people: Cast, owner: Person | None = None, **more: Any) -> Hall:
    """A fair in Cologne whose meetings are open, with one session."""
    owner = owner or people.partner()
    fair = a_fair(owner)
    with transaction() as session:
        plan = services.save_plan(session, owner.actor, fair.id, 0, more.get("terms", TERMS))
        made = services.add_session(session, owner.actor, fair.id, more.get("session", MORNING))
        return Hall(owner, fair.id, fair.code, plan.id, made.id)


def as_it_is(session: Session, key: str) -> Meeting:
    """The row as the database has it."""
    session.rollback()
    return session.scalars(select(Meeting).where(Meeting.key == key).execution_options(populate_existing=True)).one()


def version_of(session: Session, key: str) -> int:
    """What a form shown now would carry."""
    return session.scalars(select(Meeting.version).where(Meeting.key == key)).one()


def free(session: Session, person: Person, key: str) -> list[str]:
    """Codes of slots that the page offers."""
    session.rollback()
    row, _fair, plan = meeting_for(session, person.actor, key)
    return [one.code for one in free_slots(session, row, plan)]
