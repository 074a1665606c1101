"""Requests, leads and messages: what their events tell the other side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.queries import member_ids
from marketplace.catalogue.models import Product, ProductText
from marketplace.kernel.events import on
from marketplace.kernel.prepared import Prepared, Raw
from marketplace.notifications.models import Preference
from marketplace.notifications.queries import HOUSE_COLUMNS, Reachable, colleague, curators, house_of
from marketplace.notifications.rules import TOPIC_OF, Kind
from marketplace.notifications.services import ByLanguage, notify, notify_people
from marketplace.quotes.models import Deal, DealLine
from marketplace.rfqs.events import (
    InformationAsked,
    LeadAnswered,
    LeadDeclined,
    LeadHandedOn,
    LeadUnanswered,
    MessageSent,
    RecipientInvited,
    RfqClosed,
    RfqRejected,
    RfqSent,
    RfqSubmitted,
)
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqLine, RfqMoment
from marketplace.rfqs.rules import MomentCode, RecipientState, RfqState, Side
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class Lead:
    """One recipient with what notices about it need."""

    recipient: Recipient
    rfq: Rfq
    seller_organisation_id: int
    context: dict[str, Any]

    @property
    def seller_path(self) -> str:
        return f"/leads/{self.recipient.key}"

    @property
    def buyer_path(self) -> str:
        return f"/requests/{self.rfq.key}/with/{self.recipient.key}"


# what every new request asks
_WAITED = Prepared(
    select(RfqMoment.id)
    .where(RfqMoment.rfq_id == bindparam("rfq_id"), RfqMoment.code == MomentCode.IN_CHECK.value)
    .limit(1)
)
_SELLER_COLUMNS = (
    Organisation.id, Organisation.name, ProductText.title, Product.card_titles, Product.original_language,
)  # fmt: skip
_ABOUT_SELLER = len(_SELLER_COLUMNS)
_SELLER = Prepared(  # and the title of what was asked for, if it was a product
    select(*_SELLER_COLUMNS)
    .join(Seller, Seller.organisation_id == Organisation.id)
    .outerjoin(Product, Product.id == bindparam("product_id"))
    .outerjoin(
        ProductText, (ProductText.product_id == Product.id) & (ProductText.language == Product.original_language)
    )
    .where(Seller.id == bindparam("seller_id"))
)
_NEW_LEAD = Prepared(  # the same, and everybody of the house: a row for each of them
    select(*_SELLER_COLUMNS, *HOUSE_COLUMNS)
    .join(Seller, Seller.organisation_id == Organisation.id)
    .outerjoin(Product, Product.id == bindparam("product_id"))
    .outerjoin(
        ProductText, (ProductText.product_id == Product.id) & (ProductText.language == Product.original_language)
    )
    .outerjoin(Membership, Membership.organisation_id == Organisation.id)
    .outerjoin(User, (User.id == Membership.user_id) & User.erased_at.is_(None) & User.suspended_at.is_(None))
    .outerjoin(Preference, (Preference.user_id == User.id) & (Preference.kind == TOPIC_OF[Kind.LEAD_NEW].value))
    .where(Seller.id == bindparam("seller_id"))
    .order_by(User.id)
)
_COUNTRY = Prepared(select(Organisation.country).where(Organisation.id == bindparam("key")))
_TITLE = Prepared(
    select(ProductText.title, Product.card_titles, Product.original_language)
    .join(Product, Product.id == ProductText.product_id)
    .where(Product.id == bindparam("product_id"), ProductText.language == Product.original_language)
)


@on(RfqSubmitted)
def call_curators_to_request(session: Session, event: RfqSubmitted) -> None:
    """An unverified buyer's request waits on the desk."""
    rfq = session.get_one(Rfq, event.rfq_id)
    notify(session, Kind.QUEUE_REQUEST, f"rfq:{rfq.id}", curators(session), {}, f"/console/requests/{rfq.key}")


@on(RfqSent)
def say_request_is_open(session: Session, event: RfqSent) -> None:
    """News only for a buyer whose request had to wait for a curator."""
    if not event.had_to_wait or not _WAITED.raw(session, rfq_id=event.rfq_id):
        return
    rfq = session.get_one(Rfq, event.rfq_id)
    _tell_buyer_of_request(session, rfq, Kind.REQUEST_OPEN)


@on(RfqRejected)
def say_request_was_rejected(session: Session, event: RfqRejected) -> None:
    """The buyer reads the curator's note on the request's page."""
    _tell_buyer_of_request(session, session.get_one(Rfq, event.rfq_id), Kind.REQUEST_REJECTED)


@on(RecipientInvited)
def say_new_lead(session: Session, event: RecipientInvited) -> None:
    """The seller's people learn of a lead and by when to answer."""
    recipient = session.get_one(Recipient, event.recipient_id)  # at hand already where this action made it
    rows = _NEW_LEAD.rows(session, seller_id=recipient.seller_id, product_id=recipient.product_id)
    lead = _lead(session, recipient, rows[0][:_ABOUT_SELLER])
    people = [colleague(row[_ABOUT_SELLER:]) for row in rows if row[_ABOUT_SELLER] is not None]
    _tell_house(session, lead, people, Kind.LEAD_NEW, f"recipient:{recipient.id}")


@on(LeadUnanswered)
def say_overdue(session: Session, event: LeadUnanswered) -> None:
    """Both sides learn that the time to answer is over."""
    lead = lead_of(session, event.recipient_id)
    tell_seller(session, lead, Kind.LEAD_OVERDUE, f"recipient:{lead.recipient.id}")
    tell_buyer(session, lead, Kind.REQUEST_UNANSWERED, f"recipient:{lead.recipient.id}")


@on(LeadAnswered)
def say_answered(session: Session, event: LeadAnswered) -> None:
    """The buyer learns that a seller wants to quote."""
    lead = lead_of(session, event.recipient_id)
    tell_buyer(session, lead, Kind.REQUEST_ANSWERED, f"recipient:{lead.recipient.id}")


@on(LeadDeclined)
def say_declined(session: Session, event: LeadDeclined) -> None:
    """The buyer learns that a seller declined; the reason stands on the page."""
    lead = lead_of(session, event.recipient_id)
    tell_buyer(session, lead, Kind.REQUEST_DECLINED, f"recipient:{lead.recipient.id}")


@on(InformationAsked)
def say_question(session: Session, event: InformationAsked) -> None:
    """The buyer learns that a seller waits for information; each asking is news."""
    lead = lead_of(session, event.recipient_id)
    asked = lead.recipient.info_asked_at
    moment = f"{asked:%Y%m%d%H%M%S}" if asked else ""
    tell_buyer(session, lead, Kind.REQUEST_QUESTION, f"recipient:{lead.recipient.id}:{moment}")


@on(LeadHandedOn)
def say_handed_on(session: Session, event: LeadHandedOn) -> None:
    """The buyer learns who has the request now; the new seller is told as of any lead."""
    lead = lead_of(session, event.recipient_id)
    tell_buyer(session, lead, Kind.REQUEST_HANDED_ON, f"recipient:{lead.recipient.id}")


@on(MessageSent)
def say_message(session: Session, event: MessageSent) -> None:
    """The other side learns of a message; a first answer is told by its own notice."""
    message = session.get_one(Message, event.message_id)
    lead = lead_of(session, event.recipient_id)
    about = f"message:{message.id}"
    if message.side == Side.PROGRAMME:
        tell_seller(session, lead, Kind.LEAD_HELPED, about)
        tell_buyer(session, lead, Kind.REQUEST_HELPED, about)
    elif message.side == Side.BUYER:
        tell_seller(session, lead, Kind.MESSAGE_TO_SELLER, about)
    elif not _is_told_otherwise(lead, message):
        tell_buyer(session, lead, Kind.MESSAGE_TO_BUYER, about)


@on(RfqClosed)
def say_closed(session: Session, event: RfqClosed) -> None:
    """Sellers who could still act learn that there is nothing left to do; of an end by time the buyer learns, too."""
    keys = session.scalars(
        select(Recipient.id).where(Recipient.rfq_id == event.rfq_id, Recipient.state != RecipientState.DECLINED)
    ).all()
    for key in keys:
        lead = lead_of(session, key)
        if not _was_told(session, lead.recipient):
            tell_seller(session, lead, Kind.LEAD_CLOSED, f"recipient:{key}")
    rfq = session.get_one(Rfq, event.rfq_id)
    if rfq.state == RfqState.EXPIRED:  # whoever closed it themselves knows
        _tell_buyer_of_request(session, rfq, Kind.REQUEST_EXPIRED)


def _is_told_otherwise(lead: Lead, message: Message) -> bool:
    """Whether this action also committed the seller or asked for information: those have notices of their own."""
    steps = (lead.recipient.committed_at, lead.recipient.info_asked_at)
    return any(step is not None and step >= message.created_at for step in steps)


def _was_told(session: Session, recipient: Recipient) -> bool:
    """Whether this lead was over before: handed on, or the buyer had enough quotes."""
    codes = [MomentCode.HANDED_ON, MomentCode.ENOUGH_QUOTES]
    query = select(RfqMoment.id).where(RfqMoment.recipient_id == recipient.id, RfqMoment.code.in_(codes))
    return session.scalar(query.limit(1)) is not None


def _tell_buyer_of_request(session: Session, rfq: Rfq, kind: Kind) -> None:
    count = len(
        session.scalars(
            select(RfqMoment.id).where(
                RfqMoment.rfq_id == rfq.id, RfqMoment.code.in_([MomentCode.REJECTED, MomentCode.REINSTATED])
            )
        ).all()
    )
    context = {"request": rfq.key.upper(), **_goods(session, rfq, None)}
    notify(session, kind, f"rfq:{rfq.id}:{count}", _buyers(session, rfq), context, f"/requests/{rfq.key}")


def tell_buyer(session: Session, lead: Lead, kind: Kind, about: str, path: str = "") -> None:
    """Tell who wrote the request; ``path`` takes the place of the conversation's address."""
    notify(session, kind, about, _buyers(session, lead.rfq), lead.context, path or lead.buyer_path)


def tell_seller(session: Session, lead: Lead, kind: Kind, about: str, path: str = "") -> None:
    """Tell the colleague who has the lead, or everybody of the house; ``path`` replaces the lead's address."""
    _tell_house(session, lead, house_of(session, lead.seller_organisation_id, TOPIC_OF[kind]), kind, about, path)


def _tell_house(session: Session, lead: Lead, people: list[Reachable], kind: Kind, about: str, path: str = "") -> None:
    context = {name: value for name, value in lead.context.items() if name != "seller"}
    assigned = lead.recipient.assigned_to_id
    told = [one for one in people if one.id == assigned] or people
    notify_people(session, kind, about, told, context, path or lead.seller_path)


def seller_people(session: Session, lead: Lead) -> list[int]:
    """The colleague who has the lead, or everybody of the house."""
    people = member_ids(session, lead.seller_organisation_id)
    assigned = lead.recipient.assigned_to_id
    return [assigned] if assigned is not None and assigned in people else people


def _buyers(session: Session, rfq: Rfq) -> list[int]:
    """Who wrote the request, or everybody of the company once that person has left it."""
    still_there = session.scalar(
        select(Membership.user_id).where(
            Membership.organisation_id == rfq.buyer_id, Membership.user_id == rfq.created_by_id
        )
    )
    return [still_there] if still_there is not None else member_ids(session, rfq.buyer_id)


def lead_of(session: Session, recipient_id: int, goods: dict[str, Any] | None = None) -> Lead:
    """One recipient with what notices about it need; ``goods`` where they are not those that were asked for."""
    recipient = session.get_one(Recipient, recipient_id)  # at hand already where this action made it
    asked = recipient.product_id if goods is None else None
    (row,) = _SELLER.rows(session, seller_id=recipient.seller_id, product_id=asked)
    return _lead(session, recipient, row, goods)


def _lead(session: Session, recipient: Recipient, row: Raw, goods: dict[str, Any] | None = None) -> Lead:
    organisation_id, seller_name, title, titles, original = row
    rfq = session.get_one(Rfq, recipient.rfq_id)
    if goods is None:
        goods = _called(title, titles, original) if title else _goods(session, rfq, recipient.product_id)
    context = {
        "seller": seller_name,
        "country": rfq.destination or _COUNTRY.raw(session, key=rfq.buyer_id)[0][0],
        "deadline": recipient.deadline_at.date().isoformat(),
        **goods,
    }
    return Lead(recipient, rfq, organisation_id, context)


def lead_of_deal(session: Session, deal: Deal) -> Lead:
    """The same for an agreement, called by the goods that were agreed: the request may name another seller's."""
    if "lines" in inspect(deal).unloaded:
        query = select(DealLine.product_id).where(DealLine.deal_id == deal.id).order_by(DealLine.position)
        agreed = list(session.scalars(query))
    else:  # it was made a moment ago
        agreed = [line.product_id for line in deal.lines]
    product_id = next((key for key in agreed if key is not None), None)
    rfq = session.get_one(Rfq, deal.rfq_id)
    goods = _commodity(session, rfq) if product_id is None else _goods(session, rfq, product_id)
    return lead_of(session, deal.recipient_id, goods)


def _goods(session: Session, rfq: Rfq, asked_id: int | None) -> dict[str, Any]:
    """The goods by the listing's title or the commodity's name; a buyer's own words stay on the page."""
    product_id = asked_id or session.scalar(
        select(RfqLine.product_id).where(RfqLine.rfq_id == rfq.id, RfqLine.product_id.is_not(None)).limit(1)
    )
    if product_id is not None:
        for title, titles, original in _TITLE.rows(session, product_id=product_id):
            if title:
                return _called(title, titles, original)
    return _commodity(session, rfq)


def _called(title: str, titles: dict[str, str] | None, original: str) -> dict[str, Any]:
    return {"product": ByLanguage({original: title, **(titles or {})}, original)}


def _commodity(session: Session, rfq: Rfq) -> dict[str, Any]:
    commodity = session.scalar(
        select(RfqLine.commodity).where(RfqLine.rfq_id == rfq.id, RfqLine.commodity != "").limit(1)
    )
    return {"commodity": commodity} if commodity else {}
