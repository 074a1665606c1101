"""One conversation per request and seller: messages, what was read, what moderation hides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from marketplace.accounts.models import StoredFile
from marketplace.accounts.queries import is_blocked
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, require
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.rfqs.events import MessageSent
from marketplace.rfqs.models import Attachment, Message, Recipient, Rfq
from marketplace.rfqs.phrases.parts import Part, as_text, checked_parts
from marketplace.rfqs.policies import owned_by
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.rules import (
    RFQ_MOVES,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
    talks,
)
from marketplace.rfqs.services.clocks import run_on
from marketplace.rfqs.services.limiting import spend_message
from marketplace.rfqs.services.timeline import note_moment


def write_to_seller(
    session: Session,
    actor: Actor,
    key: str,
    recipient_key: str,
    text: str,
    *,
    language: str,
    files: Sequence[StoredFile] = (),
    parts: Sequence[Part] = (),
) -> Message:
    """The buyer writes in one conversation; the answer to a question for information starts the clock again.

    `NotFound` for another company's request, `Conflict` where the conversation is over.
    """
    recipient = session.scalar(
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(Rfq.key == key, Recipient.key == recipient_key, owned_by(actor))
        .options(contains_eager(Recipient.rfq), contains_eager(Recipient.seller))
        .with_for_update(of=Recipient)
        .execution_options(populate_existing=True)
    )
    if recipient is None or recipient.rfq.opened_at is None:
        raise NotFound
    message = add_message(session, actor, recipient, Side.BUYER, text, language=language, files=files, parts=parts)
    if recipient.info_asked_at is not None:
        run_on(session, recipient, recipient.info_asked_at)
        recipient.info_asked_at = None
        note_moment(session, recipient.rfq_id, MomentCode.INFORMATION_GIVEN, Side.BUYER, recipient_id=recipient.id)
        settle_information(session, recipient.rfq)
    return message


def add_message(
    session: Session,
    actor: Actor,
    recipient: Recipient,
    side: Side,
    text: str,
    *,
    language: str,
    files: Sequence[StoredFile] = (),
    parts: Sequence[Part] = (),
) -> Message:
    """Write a message on a loaded recipient (with its request and seller); limits, blocks and state are checked.

    With ``parts`` (see `rfqs.phrases`) they are what is sent, and the text is made of them in ``language``.
    """
    rfq = recipient.rfq
    goods = goods_by_line(session, rfq.id, language) if parts else {}
    kept = checked_parts(parts, side, goods)
    words = cleaned(as_text(kept, language, goods) if kept else text)
    if not words:
        raise DomainError(_("Write a message first."))
    if not talks(RfqState(rfq.state), RecipientState(recipient.state)):
        raise Conflict(_("This conversation is closed, so no message can be added."))
    if is_blocked(session, rfq.buyer_id, recipient.seller.organisation_id):
        raise Forbidden(_("You and this party cannot write to each other, because one side has blocked the other."))
    assert actor.organisation_id is not None
    spend_message(session, actor.organisation_id)
    message = Message(
        recipient_id=recipient.id,
        author_id=actor.user_id,
        side=side,
        language=language,
        text=words,
        parts=kept or None,
        created_at=now(),
        attachments=[Attachment(file_id=file.id) for file in files],
    )
    session.add(message)
    session.flush()  # the event needs the key
    recipient.last_message_at = message.created_at
    record(session, MessageSent(message_id=message.id, recipient_id=recipient.id))
    return message


def settle_information(session: Session, rfq: Rfq) -> None:
    """Let the request's state say whether any seller still waits for information."""
    session.flush()
    waiting = session.scalar(
        select(Recipient.id).where(Recipient.rfq_id == rfq.id, Recipient.info_asked_at.is_not(None)).limit(1)
    )
    if waiting is None and rfq.state == RfqState.NEEDS_INFO:
        rfq.state = advance(RfqState(rfq.state), RfqState.OPEN, RFQ_MOVES)
    elif waiting is not None and rfq.state == RfqState.OPEN:
        rfq.state = advance(RfqState(rfq.state), RfqState.NEEDS_INFO, RFQ_MOVES)


def mark_read(session: Session, recipient_id: int, side: Side, moment: datetime) -> None:
    """Remember that one side has read the conversation; no other edit becomes stale by it."""
    column = Recipient.buyer_read_at if side is Side.BUYER else Recipient.seller_read_at
    session.execute(
        update(Recipient).where(Recipient.id == recipient_id).values({column: moment}),
        execution_options={"synchronize_session": False},
    )


def hide_message(session: Session, actor: Actor, message_id: int) -> Message:
    """Staff hide a message after a report; both sides then see that something was taken away."""
    return _set_hidden(session, actor, message_id, is_hidden=True)


def show_message(session: Session, actor: Actor, message_id: int) -> Message:
    """Staff bring a hidden message back."""
    return _set_hidden(session, actor, message_id, is_hidden=False)


def _set_hidden(session: Session, actor: Actor, message_id: int, *, is_hidden: bool) -> Message:
    require(ALLOWED if actor.is_staff else HIDDEN)
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFound
    message.is_hidden = is_hidden
    audit(session, actor, "message.hidden" if is_hidden else "message.shown", f"message:{message_id}")
    return message
