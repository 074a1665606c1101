"""How a request ends: withdrawn, closed with a reason, or run out; everyone left over is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from marketplace.closures.queries import is_closed_at
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.states import advance
from marketplace.rfqs.events import LeadUnanswered, RfqAwarded, RfqClosed
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import (
    LIVE,
    RECIPIENT_MOVES,
    RFQ_MOVES,
    UNANSWERED,
    CloseReason,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
)
from marketplace.rfqs.services.checking import closing_moment
from marketplace.rfqs.services.sending import own_request
from marketplace.rfqs.services.timeline import note_moment

_OTHERS = Prepared(
    select(Recipient.id).where(Recipient.rfq_id == bindparam("rfq_id"), Recipient.id != bindparam("besides")).limit(1)
)


def cancel_request(session: Session, actor: Actor, key: str, version: int) -> Rfq:
    """The buyer withdraws a request, sent or not. `Conflict` if it is over or was changed meanwhile."""
    rfq = _own_current(session, actor, key, version)
    was_open = rfq.opened_at is not None
    _end(rfq, RfqState.CANCELLED)
    note_moment(session, rfq.id, MomentCode.CANCELLED, Side.BUYER)
    if was_open:
        record(session, RfqClosed(rfq_id=rfq.id))
    return rfq


def close_request(session: Session, actor: Actor, key: str, reason: CloseReason, version: int) -> Rfq:
    """The buyer closes an open request and says why; its sellers are told."""
    rfq = _own_current(session, actor, key, version)
    rfq.close_reason = reason
    _end(rfq, RfqState.CLOSED_NO_AWARD)
    note_moment(session, rfq.id, MomentCode.CLOSED, Side.BUYER)
    record(session, RfqClosed(rfq_id=rfq.id))
    return rfq


def extend_request(session: Session, actor: Actor, key: str, day: date, version: int) -> Rfq:
    """Move the closing date further away; a request that ran out opens again for those who had answered it."""
    rfq = _own_current(session, actor, key, version)
    state = RfqState(rfq.state)
    if state not in LIVE and state is not RfqState.EXPIRED:
        raise Conflict(_("This request is not open any more, so its closing date stays."))
    moment = closing_moment(day)
    if moment <= rfq.closes_at:
        raise DomainError(_("Choose a day after the present closing date."))
    rfq.closes_at = moment
    if state is RfqState.EXPIRED:
        rfq.state = advance(state, RfqState.OPEN, RFQ_MOVES)
        rfq.closed_at = None
    note_moment(session, rfq.id, MomentCode.EXTENDED, Side.BUYER, note=day.isoformat())
    return rfq


def award_request(session: Session, rfq: Rfq, recipient: Recipient) -> None:
    """The buyer and this seller agreed: everybody else is told at once. The request is locked by whoever calls."""
    rfq.state = advance(RfqState(rfq.state), RfqState.AWARDED, RFQ_MOVES)
    rfq.closed_at = now()
    closed = [other.id for other in _others(session, rfq, recipient) if _close(other)]
    recipient.info_asked_at = None
    note_moment(session, rfq.id, MomentCode.AWARDED, Side.PROGRAMME)
    record(session, RfqAwarded(rfq_id=rfq.id, recipient_id=recipient.id, closed=tuple(closed)))


def _others(session: Session, rfq: Rfq, recipient: Recipient) -> Sequence[Recipient]:
    """Everybody else that was asked, locked; nobody comes along meanwhile, since the request is locked."""
    if not _OTHERS.raw(session, rfq_id=rfq.id, besides=recipient.id):
        return ()
    return session.scalars(
        select(Recipient)
        .where(Recipient.rfq_id == rfq.id, Recipient.id != recipient.id)
        .order_by(Recipient.id)
        .with_for_update(of=Recipient)
        .execution_options(populate_existing=True)
    ).all()


def close_left_over(session: Session, rfq: Rfq) -> list[int]:
    """The buyer has all the quotes they asked for: recipients without a quote are closed; gives their keys."""
    waiting = session.scalars(
        select(Recipient)
        .where(Recipient.rfq_id == rfq.id, Recipient.state.not_in({RecipientState.QUOTED, RecipientState.DECLINED}))
        .order_by(Recipient.id)
        .with_for_update(of=Recipient)
        .execution_options(populate_existing=True)
    )
    closed = [recipient.id for recipient in waiting if _close(recipient)]
    for key in closed:
        note_moment(session, rfq.id, MomentCode.ENOUGH_QUOTES, Side.PROGRAMME, recipient_id=key)
    return closed


def _close(recipient: Recipient) -> bool:
    """Close one who could still act; True if that was so."""
    state = RecipientState(recipient.state)
    recipient.info_asked_at = None
    if state in {RecipientState.DECLINED, RecipientState.CLOSED}:
        return False
    recipient.state = advance(state, RecipientState.CLOSED, RECIPIENT_MOVES)
    return True


def _own_current(session: Session, actor: Actor, key: str, version: int) -> Rfq:
    rfq = own_request(session, actor, key)
    if rfq.version != version:
        raise Conflict(_("This request has changed meanwhile. Reload the page to see how it stands now."))
    return rfq


def _end(rfq: Rfq, target: RfqState) -> None:
    rfq.state = advance(RfqState(rfq.state), target, RFQ_MOVES)
    rfq.closed_at = now()
    for recipient in rfq.recipients:
        _close(recipient)


def relabel_unanswered(session: Session, batch: int = 200) -> int:
    """Say of leads whose time has passed that nobody answered; gives how many. A late answer stays possible."""
    late = list(
        session.scalars(
            select(Recipient)
            .join(Recipient.rfq)
            .where(
                Recipient.state.in_(UNANSWERED),
                Recipient.deadline_at <= now(),
                Recipient.info_asked_at.is_(None),
                Rfq.state.in_(LIVE),
                ~is_closed_at(Recipient.seller_id, now()),
            )
            .order_by(Recipient.deadline_at)
            .limit(batch)
            .with_for_update(of=Recipient, skip_locked=True)
        )
    )
    for recipient in late:
        recipient.state = advance(RecipientState(recipient.state), RecipientState.NO_ANSWER, RECIPIENT_MOVES)
        code = MomentCode.NO_ANSWER
        note_moment(session, recipient.rfq_id, code, Side.PROGRAMME, recipient_id=recipient.id)
        called = MomentCode.PARTNER_CALLED
        note_moment(session, recipient.rfq_id, called, Side.PROGRAMME, recipient_id=recipient.id)
        record(session, LeadUnanswered(recipient_id=recipient.id))
    return len(late)


def expire_requests(session: Session, batch: int = 100) -> int:
    """Close requests whose day has come; gives how many. Sellers who had committed may go on talking."""
    ended = list(
        session.scalars(
            select(Rfq)
            .where(Rfq.state.in_(LIVE), Rfq.closes_at <= now())
            .options(selectinload(Rfq.recipients))
            .order_by(Rfq.closes_at)
            .limit(batch)
            .with_for_update(of=Rfq, skip_locked=True)
        )
    )
    for rfq in ended:
        rfq.state = advance(RfqState(rfq.state), RfqState.EXPIRED, RFQ_MOVES)
        rfq.closed_at = now()
        for recipient in rfq.recipients:
            recipient.info_asked_at = None
            if RecipientState(recipient.state) in UNANSWERED | {RecipientState.NO_ANSWER}:
                recipient.state = advance(RecipientState(recipient.state), RecipientState.CLOSED, RECIPIENT_MOVES)
        note_moment(session, rfq.id, MomentCode.EXPIRED, Side.PROGRAMME)
        record(session, RfqClosed(rfq_id=rfq.id))
    return len(ended)
