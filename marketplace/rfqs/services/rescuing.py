"""Answer rescue: a silent seller is reminded, their mentor called, and in the end somebody looks after the buyer."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, contains_eager

from marketplace.closures.queries import begins_within, is_closed_at, spans_of
from marketplace.closures.rules import open_time
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.rfqs.events import BuyerReleased, LeadReminded, MentorCalled
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqMoment
from marketplace.rfqs.policies import looked_after_by
from marketplace.rfqs.rules import (
    ANSWER_TIME,
    LIVE,
    MENTOR_AFTER,
    REMIND_AFTER,
    UNANSWERED,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
)
from marketplace.rfqs.services.conversation import add_message
from marketplace.rfqs.services.timeline import note_moment


def remind_silent(session: Session, batch: int = 100) -> int:
    """Remind sellers who gave no word for a day of their clock, each lead once; gives how many."""
    late = _silent(session, REMIND_AFTER, MomentCode.REMINDED, batch)
    for recipient in late:
        _note(session, recipient, MomentCode.REMINDED)
        record(session, LeadReminded(recipient_id=recipient.id))
    return len(late)


def call_mentors(session: Session, batch: int = 100) -> int:
    """Call the mentors of sellers who gave no word for two days of their clock, each lead once; gives how many."""
    late = _silent(session, MENTOR_AFTER, MomentCode.MENTOR_CALLED, batch)
    for recipient in late:
        _note(session, recipient, MomentCode.MENTOR_CALLED)
        record(session, MentorCalled(recipient_id=recipient.id))
    return len(late)


def write_for_programme(session: Session, actor: Actor, key: str, text: str, *, language: str) -> Message:
    """Write in the conversation of a lead nobody answered; the first message takes it over. Both sides are told.

    `NotFound` for a lead of another chapter, `Conflict` where the seller answered meanwhile.
    """
    recipient = _looked_after(session, actor, key)
    is_taken = _has(session, recipient, MomentCode.TAKEN_OVER)
    if not is_taken:
        _require_silent(recipient)
    message = add_message(session, actor, recipient, Side.PROGRAMME, text, language=language)
    if not is_taken:
        _note(session, recipient, MomentCode.TAKEN_OVER)
        audit(session, actor, "lead.taken_over", f"recipient:{recipient.id}")
    return message


def release_buyer(session: Session, actor: Actor, key: str, note: str = "") -> Recipient:
    """Tell the buyer not to wait for this seller; a late answer stays possible. Once for each lead."""
    recipient = _looked_after(session, actor, key)
    _require_silent(recipient)
    if _has(session, recipient, MomentCode.RELEASED):
        raise Conflict(_("The buyer was told already."))
    note_moment(
        session,
        recipient.rfq_id,
        MomentCode.RELEASED,
        Side.PROGRAMME,
        recipient_id=recipient.id,
        note=note,
        author_id=actor.user_id,
    )
    audit(session, actor, "lead.released", f"recipient:{recipient.id}")
    record(session, BuyerReleased(recipient_id=recipient.id))
    return recipient


def _silent(session: Session, after: timedelta, code: MomentCode, batch: int) -> list[Recipient]:
    """Recipients whose clock has run for ``after`` without a word and who were not yet told so.

    Nobody is reminded while they are closed. Where closed days lie before the deadline it is further away than the
    time that is left on the clock, which is reckoned for these few.
    """
    moment = now()
    has_days_ahead = begins_within(Recipient.seller_id, moment, Recipient.deadline_at)
    late = Recipient.deadline_at <= moment + ANSWER_TIME - after
    found = _untold(session, code, late, batch)
    if len(found) < batch:
        soon = _untold(session, code, ~late & has_days_ahead, 10 * batch)
        found += [one for one in soon if _time_left(session, one, moment) <= ANSWER_TIME - after]
    return found


def _time_left(session: Session, recipient: Recipient, moment: datetime) -> timedelta:
    return open_time(moment, recipient.deadline_at, spans_of(session, recipient.seller_id, moment))


def _untold(session: Session, code: MomentCode, which: ColumnElement[bool], batch: int) -> list[Recipient]:
    """Some of the silent whose sellers are open and were not told of this step."""
    moment = now()
    told = exists().where(
        RfqMoment.rfq_id == Recipient.rfq_id, RfqMoment.recipient_id == Recipient.id, RfqMoment.code == code
    )
    query = (
        select(Recipient)
        .join(Recipient.rfq)
        .where(
            Recipient.state.in_(UNANSWERED),
            which,
            Recipient.deadline_at > moment,  # whose time is over is relabelled instead
            Recipient.info_asked_at.is_(None),
            Rfq.state.in_(LIVE),
            ~told,
            ~is_closed_at(Recipient.seller_id, moment),
        )
        .order_by(Recipient.deadline_at)
        .limit(batch)
        .with_for_update(of=Recipient, skip_locked=True)
    )
    return list(session.scalars(query))


def _looked_after(session: Session, actor: Actor, key: str) -> Recipient:
    recipient = session.scalar(
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(Recipient.key == key, looked_after_by(actor))
        .options(contains_eager(Recipient.rfq), contains_eager(Recipient.seller))
        .with_for_update(of=Recipient)
        .execution_options(populate_existing=True)
    )
    if recipient is None:
        raise NotFound
    return recipient


def _require_silent(recipient: Recipient) -> None:
    if recipient.state != RecipientState.NO_ANSWER or RfqState(recipient.rfq.state) not in LIVE:
        raise Conflict(_("This lead was answered or closed meanwhile. Open it to see how it stands now."))


def _has(session: Session, recipient: Recipient, code: MomentCode) -> bool:
    query = select(RfqMoment.id).where(RfqMoment.recipient_id == recipient.id, RfqMoment.code == code)
    return session.scalar(query.where(RfqMoment.rfq_id == recipient.rfq_id).limit(1)) is not None


def _note(session: Session, recipient: Recipient, code: MomentCode) -> None:
    note_moment(session, recipient.rfq_id, code, Side.PROGRAMME, recipient_id=recipient.id)
