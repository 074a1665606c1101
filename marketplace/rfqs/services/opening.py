"""From sent to open: checked buyers' requests reach their sellers at once, others after a curator's look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.inserting import change, hold, write
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, require
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.rfqs.events import RecipientInvited, RfqRejected, RfqSent, RfqSubmitted
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.policies import is_check_valid
from marketplace.rfqs.rules import (
    ANSWER_TIME,
    RFQ_MOVES,
    UNANSWERED,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
)
from marketplace.rfqs.services.clocks import run_on, start_clock
from marketplace.rfqs.services.timeline import Step, note_moment, note_moments

_BUYER = Prepared(
    select(Organisation.verification_level, Organisation.verified_until).where(Organisation.id == bindparam("key"))
)


def submit(session: Session, rfq: Rfq, *, is_checked: bool | None = None, has_closures: bool = True) -> None:
    """Send a complete request on its way: open if the buyer was checked, else into the curators' queue.

    ``is_checked`` tells whether the buyer's check holds today, where this transaction has asked for it already;
    ``has_closures`` is False where it knows that none of the sellers is closed now or will be.
    """
    moment = now()
    change(rfq, state=advance(RfqState(rfq.state), RfqState.SUBMITTED, RFQ_MOVES), submitted_at=moment)
    if is_checked is None:
        level, until = _BUYER.rows(session, key=rfq.buyer_id)[0]
        is_checked = is_check_valid(level, until, today())
    is_open = is_checked
    if is_open:
        _start(rfq, moment)
        for recipient in rfq.recipients:
            start_clock(session, recipient, moment, has_closures=has_closures)
        _leave_time(rfq)
    _write(session, rfq)  # moments and events need the keys
    sent = Step(MomentCode.SENT, Side.BUYER)
    if is_open:
        _tell(session, rfq, rfq.recipients, sent, had_to_wait=False)
        return
    rfq.state = advance(RfqState(rfq.state), RfqState.IN_REVIEW, RFQ_MOVES)
    note_moments(session, rfq.id, (sent, Step(MomentCode.IN_CHECK, Side.PROGRAMME)))
    record(session, RfqSubmitted(rfq_id=rfq.id))


def open_request(session: Session, rfq: Rfq) -> None:
    """Open it and invite its recipients; the time to answer begins now."""
    moment = now()
    _start(rfq, moment)
    for recipient in rfq.recipients:
        start_clock(session, recipient, moment)
    _leave_time(rfq)
    session.flush()  # a new recipient has its key only now
    _tell(session, rfq, rfq.recipients)


def invite(session: Session, rfq: Rfq, recipient: Recipient) -> None:
    """Start the clock of one more recipient and tell whoever listens."""
    start_clock(session, recipient, now())
    session.flush()  # a new recipient has its key only now
    note_moments(session, rfq.id, (_invited(recipient),))
    record(session, RecipientInvited(recipient_id=recipient.id))


def _write(session: Session, rfq: Rfq) -> None:
    if not inspect(rfq).transient:
        session.flush()
        return
    children: list[RfqLine | Recipient] = [*rfq.lines, *rfq.recipients]
    write(session, rfq)
    for child in children:
        change(child, rfq_id=rfq.id)
        write(session, child)
    hold(session, *children, rfq)


def _start(rfq: Rfq, moment: datetime) -> None:
    # a request that waited for its check still gives sellers their full time
    closes_at = max(rfq.closes_at, moment + ANSWER_TIME)
    state = advance(RfqState(rfq.state), RfqState.OPEN, RFQ_MOVES)
    change(rfq, state=state, opened_at=moment, closes_at=closes_at)


def _leave_time(rfq: Rfq) -> None:
    """A request does not end before the first of its sellers, who may be closed now, has had their time."""
    if rfq.recipients:
        change(rfq, closes_at=max(rfq.closes_at, min([one.deadline_at for one in rfq.recipients])))


def _tell(session: Session, rfq: Rfq, recipients: Sequence[Recipient], *before: Step, had_to_wait: bool = True) -> None:
    """Say that it is open and who is invited; ``before`` are steps that stand ahead of these."""
    note_moments(session, rfq.id, (*before, *map(_invited, recipients)))
    record(session, RfqSent(rfq_id=rfq.id, had_to_wait=had_to_wait))
    for recipient in recipients:
        record(session, RecipientInvited(recipient_id=recipient.id))


def _invited(recipient: Recipient) -> Step:
    return Step(MomentCode.INVITED, Side.PROGRAMME, recipient.id)


def approve_request(session: Session, actor: Actor, key: str) -> Rfq:
    """A curator lets an unchecked buyer's request through. `Conflict` if it does not wait any more."""
    rfq = _for_staff(session, actor, key)
    open_request(session, rfq)
    audit(session, actor, "request.approved", f"rfq:{rfq.id}")
    return rfq


def reject_request(session: Session, actor: Actor, key: str, note: str) -> Rfq:
    """A curator refuses a request, waiting or open, with a note that the buyer reads."""
    reason = cleaned(note, 2000)
    if not reason:
        raise DomainError(_("Tell the buyer why in a sentence."))
    rfq = _for_staff(session, actor, key)
    rfq.state = advance(RfqState(rfq.state), RfqState.REJECTED_SPAM, RFQ_MOVES)
    rfq.closed_at = now()
    note_moment(session, rfq.id, MomentCode.REJECTED, Side.PROGRAMME, note=reason, author_id=actor.user_id)
    audit(session, actor, "request.rejected", f"rfq:{rfq.id}")
    record(session, RfqRejected(rfq_id=rfq.id))
    return rfq


def reinstate_request(session: Session, actor: Actor, key: str) -> Rfq:
    """Put a wrong refusal right: sellers are invited now, or their clocks go on where they stood."""
    rfq = _for_staff(session, actor, key)
    if rfq.opened_at is None:
        rfq.closed_at = None
        open_request(session, rfq)
    else:
        rfq.state = advance(RfqState(rfq.state), RfqState.OPEN, RFQ_MOVES)
        stopped_at = rfq.closed_at or now()
        rfq.closed_at = None
        rfq.closes_at += now() - stopped_at
        for recipient in rfq.recipients:
            if RecipientState(recipient.state) in UNANSWERED:
                run_on(session, recipient, stopped_at)
        if any(recipient.info_asked_at for recipient in rfq.recipients):
            rfq.state = advance(RfqState(rfq.state), RfqState.NEEDS_INFO, RFQ_MOVES)
    note_moment(session, rfq.id, MomentCode.REINSTATED, Side.PROGRAMME)
    audit(session, actor, "request.reinstated", f"rfq:{rfq.id}")
    return rfq


def _for_staff(session: Session, actor: Actor, key: str) -> Rfq:
    require(ALLOWED if actor.is_staff else HIDDEN)
    rfq = session.scalar(
        select(Rfq)
        .where(Rfq.key == key, Rfq.state != RfqState.DRAFT)
        .options(selectinload(Rfq.recipients))
        .with_for_update(of=Rfq)
    )
    if rfq is None:
        raise NotFound
    return rfq
