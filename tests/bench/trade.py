"""A market in full swing for the bench: an inbox of ten thousand leads, requests with twenty quotes, quotes to accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.queries import actor_of_token
from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.services.sessions import open_session
from marketplace.catalogue.models import MonthPlan, Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import now, today
from marketplace.kernel.limits import Tally
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.uow import transaction
from marketplace.quotes.drafts import LineDraft, QuoteDraft
from marketplace.quotes.models import Quote
from marketplace.quotes.services import save_quote, send_quote
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import RecipientState, RfqState
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState
from tests.support.quoting import TERMS

LEADS, QUOTES, REQUESTS = 10_000, 20, 10
SUBJECT = "Bench: arabica for a year"


@dataclass(frozen=True)
class House:
    """A seller with somebody who acts for it and goods to quote."""

    seller_id: int
    product_id: int
    user_id: int
    actor: Actor
    token: str


@dataclass(frozen=True)
class Offered:
    """A quote that waits for the buyer's word: keys of request and recipient, number of the version."""

    rfq: str
    recipient: str
    number: int


class Trade:
    """People and requests of the bench's home; each part is made once and found again."""

    def __init__(self) -> None:
        with transaction() as session:
            self.buyer_id, self.buyer, self.buyer_token = _buyer(session)
            self.houses = _houses(session)

    def inbox(self) -> House:
        """A seller with 10,000 leads: half of them open, a quarter answered, the rest over."""
        house = self.houses[0]
        with transaction() as session:
            held = session.scalar(select(func.count(Recipient.id)).where(Recipient.seller_id == house.seller_id)) or 0
            if held < LEADS:
                _leads(session, self, house, LEADS - held)
        return house

    def compared(self) -> list[str]:
        """Public keys of ten requests with twenty quotes each."""
        with transaction() as session:
            query = (
                select(Rfq.key)
                .join(Quote, Quote.rfq_id == Rfq.id)
                .where(Rfq.subject == SUBJECT, Rfq.buyer_id == self.buyer.organisation_id)
                .group_by(Rfq.id)
                .having(func.count() == QUOTES)
            )
            keys = list(session.scalars(query.order_by(Rfq.id).limit(REQUESTS)))
        return keys + [self._quoted(self.houses, number) for number in range(len(keys), REQUESTS)]

    def waiting(self, count: int) -> list[Offered]:
        """Fresh quotes to accept, each on a request of its own."""
        found = []
        for number in range(count):
            house = self.houses[number % len(self.houses)]
            key = self._quoted([house], number)
            with transaction() as session:
                recipient = session.scalars(select(Recipient.key).join(Recipient.rfq).where(Rfq.key == key)).one()
            found.append(Offered(key, recipient, 1))
        return found

    def _quoted(self, houses: Sequence[House], number: int) -> str:
        """A request that all ``houses`` have quoted for; gives its key."""
        moment = now()
        with transaction() as session:
            session.execute(delete(Tally))  # no organisation writes as much as the bench does
            line = RfqLine(
                position=0, commodity="arabica", description="Green arabica", quantity=Decimal(200), unit="kg",
                currency="USD", price_unit="kg",
            )  # fmt: skip
            recipients = [
                Recipient(
                    key=new_public_key(), seller_id=house.seller_id, product_id=house.product_id, invited_at=moment,
                    deadline_at=moment + timedelta(hours=72), reasons={},
                )
                for house in houses
            ]  # fmt: skip
            rfq = Rfq(**_request(self, len(houses)), lines=[line], recipients=recipients)
            session.add(rfq)
            session.flush()
            for place, (house, recipient) in enumerate(zip(houses, recipients, strict=True)):
                row = save_quote(session, house.actor, recipient.key, _offer(house, line.id, place, number), 0)
                session.flush()
                send_quote(session, house.actor, recipient.key, row.version)
            return rfq.key


def _offer(house: House, line_id: int, place: int, number: int) -> QuoteDraft:
    """Two kilograms in one of three currencies and one of two delivery terms."""
    currency = ("USD", "EUR", "IDR")[place % 3]
    terms = replace(
        TERMS,
        valid_until=today() + timedelta(days=14 + place),
        currency=currency,
        incoterm="FOB" if place % 3 < 2 else "CIF",
        place="Tanjung Perak" if place % 3 < 2 else "Hamburg",
        packing=f"60 kg jute bag, lot {number}",
    )
    price = (Decimal("5.10") + Decimal(place) / 10) * (16000 if currency == "IDR" else 1)
    line = LineDraft(
        rfq_line_id=line_id, product_id=house.product_id, answer="offered", quantity=Decimal(2), unit="kg",
        unit_price=price, price_unit="kg",
    )  # fmt: skip
    return QuoteDraft(terms, (line,))


def _request(trade: Trade, cap: int) -> dict[str, object]:
    moment = now()
    return {
        "key": new_public_key(),
        "source": "request",
        "state": RfqState.OPEN,
        "buyer_id": trade.buyer.organisation_id,
        "created_by_id": trade.buyer_id,
        "language": "en",
        "subject": SUBJECT,
        "text": "Green arabica, washed, for a year. What is your best offer?",
        "destination": "DE",
        "incoterm": "FOB",
        "place": "Tanjung Perak",
        "certificates": ["halal"],
        "reading": {},
        "quote_cap": cap,
        "closes_at": moment + timedelta(days=60),
        "submitted_at": moment,
        "opened_at": moment,
        "created_at": moment,
    }


def _leads(session: Session, trade: Trade, house: House, count: int) -> None:
    """Leads as rows: through the services they would take a quarter of an hour."""
    moment = now()
    states = (RecipientState.INVITED, RecipientState.CLOSED, RecipientState.SEEN, RecipientState.WILL_QUOTE)
    first = (session.scalar(select(func.max(Rfq.id))) or 0) + 1
    keys = range(first, first + count)
    base = _request(trade, 5)
    requests = [
        base | {"id": key, "key": new_public_key(), "state": RfqState.CLOSED_NO_AWARD if key % 4 == 1 else RfqState.OPEN,
                "created_at": moment - timedelta(minutes=key - first)}
        for key in keys
    ]  # fmt: skip
    session.execute(insert(Rfq), requests)
    line = {"position": 0, "commodity": "arabica", "description": "Green arabica", "quantity": Decimal(200)}
    more = {"unit": "kg", "currency": "", "price_unit": "", "product_id": house.product_id}
    session.execute(insert(RfqLine), [line | more | {"rfq_id": key} for key in keys])
    invited = [
        {
            "key": new_public_key(),
            "rfq_id": key,
            "seller_id": house.seller_id,
            "product_id": house.product_id,
            "state": states[key % 4],
            "invited_at": moment - timedelta(minutes=key - first),
            "deadline_at": moment + timedelta(hours=72) - timedelta(minutes=key - first),
            "answered_at": moment if key % 4 == 3 else None,
            "committed_at": moment if key % 4 == 3 else None,
            "reasons": {},
        }
        for key in keys
    ]
    session.execute(insert(Recipient), invited)


def _buyer(session: Session) -> tuple[int, Actor, str]:
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.kind == OrganisationKind.BUYER, Organisation.suspended_at.is_(None))
        .where(Organisation.verification_level == VerificationLevel.VERIFIED)
        .order_by(User.id.desc())
        .limit(1)
    )
    person = session.scalars(query).one()
    actor, token = _signed_in(session, person)
    return person.id, actor, token


def _houses(session: Session) -> list[House]:
    """Twenty sellers who quote without a mentor's look: the bench's own home lets them."""
    offer = (
        select(Product.id)
        .where(Product.seller_id == Seller.id, Product.state == ListingState.LISTED, Product.unit == "kg")
        .order_by(Product.id)
        .limit(1)
    )
    rows = session.execute(
        select(Seller.id, User, offer.scalar_subquery())
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(Seller.curation == CurationState.APPROVED, Organisation.suspended_at.is_(None))
        .order_by(Seller.id, User.id)
    )
    found: dict[int, House] = {}
    for seller_id, person, product_id in rows:
        if seller_id not in found and product_id is not None and len(found) < QUOTES:
            found[seller_id] = House(seller_id, product_id, person.id, *_signed_in(session, person))
    if len(found) < QUOTES:
        raise SystemExit(f"the sample marketplace has {len(found)} sellers with people and goods, not {QUOTES}")
    session.execute(update(Seller).where(Seller.id.in_(found)).values(mentor_id=None))
    goods = [house.product_id for house in found.values()]
    session.execute(update(Product).where(Product.id.in_(goods)).values(capacity_per_month=Decimal(1_000_000)))
    session.execute(delete(MonthPlan).where(MonthPlan.product_id.in_(goods)))
    return list(found.values())


def _signed_in(session: Session, person: User) -> tuple[Actor, str]:
    token = open_session(session, person, "bench")
    session.flush()
    found = actor_of_token(session, token)
    assert found is not None
    return found[0], token
