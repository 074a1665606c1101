"""What sellers do with their leads: see, answer, ask, decline, hand on."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, Decision
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.leads.policies import may_decline, may_settle, may_write
from marketplace.leads.queries import colleagues, fellow_sellers, lead
from marketplace.rfqs.events import InformationAsked, LeadAnswered, LeadDeclined, LeadHandedOn, LeadSeen
from marketplace.rfqs.models import Message, Recipient
from marketplace.rfqs.phrases.parts import Part
from marketplace.rfqs.rules import (
    ANSWER_TIME,
    LIVE,
    RECIPIENT_MOVES,
    DeclineReason,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
)
from marketplace.rfqs.services.clocks import run_on, stop_clock
from marketplace.rfqs.services.conversation import add_message, settle_information
from marketplace.rfqs.services.opening import invite
from marketplace.rfqs.services.timeline import note_moment
from marketplace.sellers.models import Seller


def mark_seen(session: Session, actor: Actor, key: str) -> bool:
    """Remember that the seller opened the lead; True the first time."""
    recipient = lead(session, actor, key, is_locked=True)
    if recipient.seen_at is not None or RfqState(recipient.rfq.state) not in LIVE:
        return False
    recipient.seen_at = now()
    if recipient.state == RecipientState.INVITED:
        recipient.state = advance(RecipientState.INVITED, RecipientState.SEEN, RECIPIENT_MOVES)
    note_moment(session, recipient.rfq_id, MomentCode.SEEN, Side.SELLER, recipient_id=recipient.id)
    record(session, LeadSeen(recipient_id=recipient.id))
    return True


def answer_lead(
    session: Session,
    actor: Actor,
    key: str,
    text: str,
    *,
    language: str,
    files: Sequence[StoredFile] = (),
    parts: Sequence[Part] = (),
) -> Message:
    """Write to the buyer. The first answer commits the seller: the lead becomes "will quote" and names are known."""
    recipient = _acted_on(session, actor, key)
    _allow(may_write(recipient))
    message = add_message(session, actor, recipient, Side.SELLER, text, language=language, files=files, parts=parts)
    state = RecipientState(recipient.state)
    if state is not RecipientState.WILL_QUOTE and state is not RecipientState.QUOTED:
        recipient.state = advance(state, RecipientState.WILL_QUOTE, RECIPIENT_MOVES)
        recipient.committed_at = now()
        _stop_waiting(session, recipient)
        recipient.answered_at = recipient.answered_at or now()
        note_moment(session, recipient.rfq_id, MomentCode.ANSWERED, Side.SELLER, recipient_id=recipient.id)
        record(session, LeadAnswered(recipient_id=recipient.id))
    return message


def ask_information(session: Session, actor: Actor, key: str, text: str, *, language: str) -> Message:
    """Ask the buyer for what is missing: the clock stands until they answer. Names stay unknown."""
    recipient = _acted_on(session, actor, key)
    _allow(may_settle(recipient))
    if recipient.info_asked_at is not None:
        raise Conflict(_("You have already asked. The clock stands until the buyer answers."))
    message = add_message(session, actor, recipient, Side.SELLER, text, language=language)
    recipient.info_asked_at = now()
    note_moment(session, recipient.rfq_id, MomentCode.INFORMATION_ASKED, Side.SELLER, recipient_id=recipient.id)
    settle_information(session, recipient.rfq)
    record(session, InformationAsked(recipient_id=recipient.id))
    return message


def decline_lead(session: Session, actor: Actor, key: str, reason: DeclineReason, note: str = "") -> Recipient:
    """Say no with one of the reasons; the note, if any, is for the buyer to read."""
    recipient = _acted_on(session, actor, key)
    _allow(may_decline(recipient))
    recipient.state = advance(RecipientState(recipient.state), RecipientState.DECLINED, RECIPIENT_MOVES)
    recipient.decline_reason = reason
    _stop_waiting(session, recipient)
    recipient.answered_at = recipient.answered_at or now()
    _note(session, actor, recipient, MomentCode.DECLINED, note)
    record(session, LeadDeclined(recipient_id=recipient.id))
    return recipient


def assign_lead(session: Session, actor: Actor, key: str, user_id: int) -> Recipient:
    """Give the lead to a colleague of the same organisation; `DomainError` for anyone else."""
    recipient = _acted_on(session, actor, key)
    names = dict(colleagues(session, actor))
    names[actor.user_id] = actor.name
    if user_id not in names:
        raise DomainError(_("Choose a colleague from the list."))
    if recipient.assigned_to_id != user_id:
        recipient.assigned_to_id = user_id
        note_moment(session, recipient.rfq_id, MomentCode.ASSIGNED, Side.SELLER, recipient_id=recipient.id)
    return recipient


def hand_on(session: Session, actor: Actor, key: str, seller_slug: str, note: str = "") -> Recipient:
    """Hand the lead to another approved seller of the same commodity; gives that seller's lead.

    The own lead is closed and the buyer sees where it went. If the other seller had been asked already, nothing new is
    made, and the answer looks the same, so that nobody learns who else was asked.
    """
    recipient = _acted_on(session, actor, key)
    _allow(may_settle(recipient))
    if seller_slug not in dict(fellow_sellers(session, recipient)):
        raise DomainError(_("Choose a seller from the list."))
    target = session.scalars(select(Seller).where(Seller.slug == seller_slug)).one()
    recipient.state = advance(RecipientState(recipient.state), RecipientState.CLOSED, RECIPIENT_MOVES)
    _stop_waiting(session, recipient)
    recipient.answered_at = recipient.answered_at or now()
    _note(session, actor, recipient, MomentCode.HANDED_ON, note)
    taken = session.scalar(
        select(Recipient).where(Recipient.rfq_id == recipient.rfq_id, Recipient.seller_id == target.id)
    )
    if taken is not None:
        return taken
    taken = Recipient(
        key=new_public_key(),
        rfq_id=recipient.rfq_id,
        seller_id=target.id,
        handed_from_id=recipient.seller_id,
        reasons={},
        invited_at=now(),
        deadline_at=now() + ANSWER_TIME,
    )
    session.add(taken)
    invite(session, recipient.rfq, taken)
    record(session, LeadHandedOn(recipient_id=taken.id, from_recipient_id=recipient.id))
    return taken


def _note(session: Session, actor: Actor, recipient: Recipient, code: MomentCode, note: str) -> None:
    rfq_id, key = recipient.rfq_id, recipient.id
    note_moment(session, rfq_id, code, Side.SELLER, recipient_id=key, note=note, author_id=actor.user_id)


def _acted_on(session: Session, actor: Actor, key: str) -> Recipient:
    """The lead, locked; whoever acts on it has seen it."""
    recipient = lead(session, actor, key, is_locked=True)
    recipient.seen_at = recipient.seen_at or now()
    return recipient


def _allow(decision: Decision) -> None:
    """Go on, or `Conflict`: what stands against it is a state, not a right."""
    if not decision.is_allowed:
        raise Conflict(decision.reason)


def _stop_waiting(session: Session, recipient: Recipient) -> None:
    """The seller acted without waiting for the information any longer; the clock's pause still counts."""
    if recipient.info_asked_at is not None:
        run_on(session, recipient, recipient.info_asked_at)
    if recipient.answered_at is None:
        stop_clock(session, recipient)
    if recipient.info_asked_at is None:
        return
    recipient.info_asked_at = None
    if recipient.rfq.state == RfqState.NEEDS_INFO:
        settle_information(session, recipient.rfq)
