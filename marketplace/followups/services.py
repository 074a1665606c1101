"""A chapter states when it contacted a distributor about a lead and when it was sold; both are needed to close it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.followups.models import FollowUp
from marketplace.followups.queries import chapter_lead, first_day, follow_up_of
from marketplace.followups.rules import NOTE_LENGTH, Result, faults_of
from marketplace.followups.wording import FAULTS
from marketplace.i18n.formats import day_of
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned
from marketplace.rfqs.models import Rfq


@dataclass(frozen=True)
class Statement:
    """What the chapter says; ``closes`` ends its work on the lead. ``version`` is 0 where nothing was stated before."""

    contacted_on: date | None
    result: Result | None
    sold_on: date | None
    note: str = ""
    closes: bool = False
    version: int = 0


def state_lead(session: Session, actor: Actor, key: str, said: Statement) -> FollowUp:
    """Keep what a chapter states about one of its own leads.

    `NotFound` for another chapter's, `DomainError` for days that cannot be or are missing at the close, `Conflict`
    where it is closed or was changed meanwhile.
    """
    lead = chapter_lead(session, actor, key)
    # two people of a chapter at once: the second waits, and then sees what the first has stated
    session.execute(select(Rfq.id).where(Rfq.id == lead.id).with_for_update(of=Rfq))
    row = follow_up_of(session, lead.id, is_locked=True)
    _require_seen(row, said.version)
    if row is not None and row.closed_at is not None:
        raise Conflict(_("This lead is closed. Open it again to change what was stated."))
    faults = faults_of(
        said.contacted_on, said.result, said.sold_on,
        asked_on=first_day(lead), today=day_of(now(), actor.time_zone), closes=said.closes,
    )  # fmt: skip
    if faults:
        raise DomainError(FAULTS[faults[0]])
    if row is None:
        row = FollowUp(rfq_id=lead.id, chapter_id=lead.chapter_id)
        session.add(row)
    row.contacted_on, row.sold_on = said.contacted_on, said.sold_on
    row.result = said.result.value if said.result is not None else ""
    row.note = cleaned(said.note, NOTE_LENGTH)
    row.stated_at, row.stated_by_id = now(), actor.user_id
    row.closed_at = now() if said.closes else None
    audit(session, actor, "follow_up.closed" if said.closes else "follow_up.stated", f"rfq:{lead.id}")
    return row


def open_lead_again(session: Session, actor: Actor, key: str, version: int) -> FollowUp:
    """Take the close back, so that what was stated can be put right."""
    lead = chapter_lead(session, actor, key)
    row = follow_up_of(session, lead.id, is_locked=True)
    if row is None or row.closed_at is None:
        raise Conflict(_("This lead is open already."))
    _require_seen(row, version)
    row.closed_at, row.stated_at, row.stated_by_id = None, now(), actor.user_id
    audit(session, actor, "follow_up.opened", f"rfq:{lead.id}")
    return row


def _require_seen(row: FollowUp | None, version: int) -> None:
    if (row.version if row is not None else 0) != version:
        raise Conflict(_("Somebody of your chapter has changed this meanwhile. Reload the page to see it."))
