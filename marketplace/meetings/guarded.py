"""What one side of a meeting wrote as the other reads it: without contact details until the buyer is checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.meetings.models import MeetingGuest
from marketplace.meetings.queries import MeetingRow
from marketplace.meetings.rules import GuestKind
from marketplace.rfqs.queries.contacts import Guard, as_written, frozen_among, guard_between


@dataclass(frozen=True, slots=True)
class MeetingWords:
    """The free texts of one meeting."""

    reason: str
    answer: str
    note: str


def words_of(session: Session, rows: Sequence[MeetingRow], own_id: int) -> dict[int, MeetingWords]:
    """By meeting what the participant ``own_id`` reads; the reason is left as it is where they wrote it."""
    frozen = _frozen(session, [guest for row in rows for guest in (row.asker, row.asked)])
    found = {}
    for row in rows:
        guard = guard_between(row.buyer().organisation, row.seller().organisation, frozen)
        one = row.meeting
        reason = (as_written if row.asker.id == own_id else guard)(one.reason)
        found[one.id] = MeetingWords(reason, guard(one.answer), guard(one.outcome_note))
    return found


def guards_for(session: Session, reader: MeetingGuest, others: Sequence[MeetingGuest]) -> dict[int, Guard]:
    """By participant what ``reader``, who stands on the other side of the trade, reads of their words."""
    frozen = _frozen(session, [reader, *others])
    found = {}
    for one in others:
        buyer, seller = (one, reader) if reader.kind == GuestKind.SELLER else (reader, one)
        found[one.id] = guard_between(buyer.organisation, seller.organisation, frozen)
    return found


def _frozen(session: Session, guests: Collection[MeetingGuest]) -> frozenset[int]:
    return frozen_among(session, {one.organisation_id for one in guests}) if guests else frozenset()
