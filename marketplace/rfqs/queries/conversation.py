"""Conversations and timelines, each side's own view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from marketplace.accounts.models import Organisation, StoredFile, User
from marketplace.accounts.rules import VerificationLevel
from marketplace.buyers.models import Buyer
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.rfqs.contacts import WhyHidden, without_contacts
from marketplace.rfqs.earnest import BuyerRecord
from marketplace.rfqs.models import Attachment, HeardAnswer, Message, Recipient, Rfq, RfqMoment
from marketplace.rfqs.policies import owned_by, talked_in_by
from marketplace.rfqs.queries.contacts import why_hidden
from marketplace.rfqs.queries.records import record_of
from marketplace.rfqs.rules import HIDDEN_FROM_BUYER, SHOWN_TO_SELLERS, HeardBy, MomentCode, Side, WrittenBy
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class Heard:
    """Where an answer came from that was not written here; ``by`` is empty where nobody of the account's people said
    it, or that person was erased."""

    channel: HeardBy
    by: str
    on: date
    written_by: WrittenBy


@dataclass(frozen=True)
class SaidMessage:
    """One message as read: hidden ones come without their words."""

    id: int
    side: Side
    language: str
    text: str
    at: datetime
    author: str
    is_hidden: bool
    files: tuple[tuple[str, int], ...]  # name, key of the stored file
    parts: tuple[Any, ...] = ()  # see `rfqs.phrases`
    heard: Heard | None = None
    why_hidden: WhyHidden | None = None  # contact details in it are not shown to the other side, and why


@dataclass(frozen=True)
class BuyerEvidence:
    """What a seller may know of a buyer; name, city, website and the company's own words are empty until the seller has
    committed."""

    country: str
    trade: str
    level: VerificationLevel
    member_since: datetime
    record: BuyerRecord
    name: str = ""
    city: str = ""
    website: str = ""
    about: str = ""
    import_history: str = ""


def conversation_of(session: Session, actor: Actor, key: str, recipient_key: str) -> Recipient:
    """One seller's place in the buyer's own request, with request, lines, seller and organisation."""
    found = session.scalar(
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(Rfq.key == key, Recipient.key == recipient_key, owned_by(actor))
        .options(
            contains_eager(Recipient.rfq).selectinload(Rfq.lines),
            contains_eager(Recipient.seller).joinedload(Seller.organisation, innerjoin=True),
        )
    )
    if found is None:
        raise NotFound
    return found


def messages_of(
    session: Session, recipient_id: int, limit: int = 500, *, reader: Side | None = None
) -> list[SaidMessage]:
    """The last messages of a conversation in order; whoever calls has checked that the reader takes part in it.

    ``reader`` is the side that reads: contact details of the other are left out for it while the conversation hides
    them. Staff, without a side, read everything.
    """
    speaker = aliased(User)
    rows = session.execute(
        select(Message, User.name, HeardAnswer, speaker.name)
        .outerjoin(User, User.id == Message.author_id)
        .outerjoin(HeardAnswer, HeardAnswer.message_id == Message.id)
        .outerjoin(speaker, speaker.id == HeardAnswer.said_by_id)
        .where(Message.recipient_id == recipient_id)
        .options(selectinload(Message.attachments).joinedload(Attachment.file))
        .order_by(Message.id.desc())
        .limit(limit)
    )
    found = [_said(message, name or "", heard, by or "") for message, name, heard, by in reversed(rows.all())]
    why = why_hidden(session, recipient_id) if reader is not None and found else None
    return found if reader is None or why is None else [_guarded(one, reader, why) for one in found]


def _guarded(one: SaidMessage, reader: Side, why: WhyHidden) -> SaidMessage:
    """The message without contact details for the other side; its writer is told that they are hidden."""
    shown = without_contacts(one.text)
    files = tuple((without_contacts(name), key) for name, key in one.files)
    if one.side is Side.PROGRAMME or (shown == one.text and files == one.files):
        return one
    if one.side is reader:
        return replace(one, why_hidden=why)
    parts = one.parts if shown == one.text else ()
    return replace(one, text=shown, parts=parts, files=files, why_hidden=why)


def _said(message: Message, author: str, heard: HeardAnswer | None, by: str) -> SaidMessage:
    return SaidMessage(
        id=message.id,
        side=Side(message.side),
        language=message.language,
        text="" if message.is_hidden else message.text,
        at=message.created_at,
        author=author,
        is_hidden=message.is_hidden,
        files=() if message.is_hidden else tuple((one.file.name, one.file_id) for one in message.attachments),
        parts=() if message.is_hidden else tuple(message.parts or ()),
        heard=Heard(HeardBy(heard.channel), by, heard.said_on, WrittenBy(heard.written_by)) if heard else None,
    )


def readable_message(session: Session, actor: Actor, message_id: int) -> Message:
    """A message of a conversation in which the actor's organisation takes part, e.g. to report it; else `NotFound`."""
    message = session.scalar(
        select(Message)
        .join(Recipient, Recipient.id == Message.recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(Message.id == message_id, talked_in_by(actor))
    )
    if message is None:
        raise NotFound
    return message


def message_owner(session: Session, message_id: int) -> int | None:
    """The trading organisation that wrote a message; None for a message of the programme."""
    row = session.execute(
        select(Message.side, Rfq.buyer_id, Seller.organisation_id)
        .join(Recipient, Recipient.id == Message.recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(Message.id == message_id)
    ).first()
    if row is None:
        return None
    side, buyer_id, seller_organisation_id = row
    if side == Side.PROGRAMME:
        return None
    return int(buyer_id if side == Side.BUYER else seller_organisation_id)


def buyer_moments(session: Session, rfq_id: int, recipient_id: int | None = None) -> list[RfqMoment]:
    """The timeline as the buyer sees it, newest first; with ``recipient_id`` only what concerns that seller."""
    query = select(RfqMoment).where(RfqMoment.rfq_id == rfq_id, RfqMoment.code.not_in(HIDDEN_FROM_BUYER))
    if recipient_id is not None:
        query = query.where(RfqMoment.recipient_id.is_(None) | (RfqMoment.recipient_id == recipient_id))
    return list(session.scalars(query.order_by(RfqMoment.id.desc())))


def seller_moments(session: Session, recipient: Recipient) -> list[RfqMoment]:
    """The timeline of one lead, newest first: its own steps and those of the request as a whole that concern it."""
    whole = RfqMoment.recipient_id.is_(None) & RfqMoment.code.in_(SHOWN_TO_SELLERS)
    own = (RfqMoment.recipient_id == recipient.id) & (RfqMoment.code != MomentCode.INVITED)
    query = select(RfqMoment).where(RfqMoment.rfq_id == recipient.rfq_id, whole | own)
    return list(session.scalars(query.order_by(RfqMoment.id.desc())))


def evidence_of(session: Session, recipient: Recipient) -> BuyerEvidence:
    """What the seller of this lead may know of its buyer today."""
    organisation_id = recipient.rfq.buyer_id
    row = session.execute(
        select(Organisation, Buyer)
        .outerjoin(Buyer, Buyer.organisation_id == Organisation.id)
        .where(Organisation.id == organisation_id)
    ).one()
    organisation, company = row
    is_known = recipient.committed_at is not None
    return BuyerEvidence(
        country=organisation.country,
        trade=company.trade if company is not None else "",
        level=VerificationLevel(organisation.verification_level),
        member_since=organisation.created_at,
        record=record_of(session, organisation_id, besides=recipient.rfq),
        name=organisation.name if is_known else "",
        city=organisation.city if is_known else "",
        website=organisation.website if is_known else "",
        about=company.about if is_known and company is not None else "",
        import_history=company.import_history if is_known and company is not None else "",
    )


def attachment_for(session: Session, actor: Actor, file_id: int) -> StoredFile | None:
    """A file sent in a conversation of the actor's; a buyer's paper stays closed to a seller who has not committed."""
    rows = session.execute(
        select(StoredFile, Message.side, Recipient.committed_at)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .join(Message, Message.id == Attachment.message_id)
        .join(Recipient, Recipient.id == Message.recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(StoredFile.id == file_id, Message.is_hidden.is_(False), talked_in_by(actor))
    )
    for file, side, committed_at in rows:
        if actor.is_seller and side == Side.BUYER and committed_at is None:
            continue
        return file
    return None
