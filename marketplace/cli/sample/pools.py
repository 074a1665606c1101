"""Pools of the sample marketplace: one that was sold together, one that a chapter coordinates and that looks on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Membership, Organisation
from marketplace.accounts.rules import VerificationLevel
from marketplace.catalogue.models import Product
from marketplace.cli.sample.ordinary import is_ordinary
from marketplace.cli.sample.people import SampleBuyer, SampleSeller
from marketplace.cli.sample.quotes import QuoteMaker
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.kernel.errors import Conflict
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.leads import services as leads
from marketplace.partners.models import Attribution, Chapter
from marketplace.payments.models import Payment
from marketplace.payments.services import confirm_bank_transfer
from marketplace.quotes import services as quotes
from marketplace.quotes.models import QuotePool
from marketplace.quotes.prefilling import from_catalogue
from marketplace.quotes.queries import own_goods
from marketplace.quotes.services import PoolDraft
from marketplace.rfqs import services as rfqs
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import RfqState

MEMBERS = 2
USUAL = frozenset({"coconut-sugar", "coffee-arabica-green"})  # what is traded by the tonne
TEXT = "We need more than one school can make. May several of you offer together, by one specification? (Example)"
ANSWER = "Bisa. Kami kumpulkan beberapa pesantren dengan satu spesifikasi. (Contoh)"
SPECIFICATION = "One harvest, moisture at most 12.5 %, cleaned and sorted, packed in new bags of 25 kg. (Example)"


@dataclass(frozen=True)
class _Pooled:
    """A lead whose seller gathers others, and what each makes, in the unit of the goods."""

    coordinator: Actor  # who gathers: the seller, or a chapter
    lead: str
    request: str
    part: Decimal
    price: Decimal


class PoolMaker:
    """Lets sellers of the same goods answer together; adds requests of its own and changes none that are there."""

    def __init__(self, transaction: Transaction, sellers: list[SampleSeller], curator: Actor) -> None:
        self.transaction = transaction
        self.by_seller = {seller.seller_id: seller for seller in sellers}
        self.curator = curator
        self.quoting = QuoteMaker(transaction, sellers, curator)

    def pools(self, buyers: Sequence[SampleBuyer]) -> int:
        """Two pools, the first sold, of usual commodities that most sellers make; gives how many were made."""
        with self.transaction() as session:
            checked = select(Organisation.id).where(Organisation.verification_level == VerificationLevel.VERIFIED)
            keys = set(session.scalars(checked.where(Organisation.id.in_([one.organisation_id for one in buyers]))))
        asking = [one for one in reversed(buyers) if one.organisation_id in keys]
        made = 0
        for number, goods in enumerate(self._families()[:2]):
            if not asking:
                break
            is_sold = number == 0
            buyer = asking[number % len(asking)] if is_sold else self._brought(buyers) or asking[number % len(asking)]
            self._pool(goods, buyer, is_sold=is_sold)
            made += 1
        return made

    def _brought(self, buyers: Sequence[SampleBuyer]) -> SampleBuyer | None:
        """The first buyer whom a chapter brought, which may then coordinate."""
        with self.transaction() as session:
            keys = set(session.scalars(select(Attribution.organisation_id)))
        return next((one for one in buyers if one.organisation_id in keys), None)

    def _families(self) -> list[list[Product]]:
        """Goods of one commodity and unit, one of each seller: the usual ones and the largest families first."""
        with self.transaction() as session:
            rows = session.scalars(
                select(Product)
                .where(Product.state == "listed", Product.seller_id.in_(self.by_seller))
                .where(is_ordinary())
                .order_by(Product.id.desc())
            ).all()  # fmt: skip
        found: dict[tuple[str, str], dict[int, Product]] = {}
        for row in rows:
            found.setdefault((row.commodity, row.unit), {}).setdefault(row.seller_id, row)
        families = [list(one.values()) for _key, one in sorted(found.items()) if len(one) > MEMBERS]
        return sorted(families, key=lambda family: (family[0].commodity not in USUAL, -len(family)))

    def _pool(self, goods: list[Product], buyer: SampleBuyer, *, is_sold: bool) -> None:
        asking = actor_of(buyer.user_id, buyer.organisation_id, OrganisationKind.BUYER, "en")
        pool = self._begun(goods[0], asking, buyer.country)
        if not is_sold:
            pool = self._handed_on(pool, buyer)
        agreed = 0
        for place, product in enumerate(goods[1:]):
            wanted = MEMBERS if is_sold else MEMBERS - 1
            if agreed == wanted:
                break
            agreed += self._agreed(pool, product, is_named=place != 1)
        if is_sold and agreed == MEMBERS:
            self._sold(pool, asking)
        elif not is_sold:
            self._asked(pool, goods[-1])

    def _begun(self, product: Product, buyer: Actor, country: str) -> _Pooled:
        part = max(product.moq or Decimal(1), Decimal(1)) * 2
        line = LineDraft(
            product_id=product.id, commodity=product.commodity, quantity=part * (MEMBERS + 1), unit=product.unit
        )
        terms = TermsDraft(destination=country, incoterm="FOB", place="Tanjung Perak")
        coordinator = self._actor(product.seller_id)
        with self.transaction() as session:
            rfq = rfqs.send_inquiry(session, buyer, product.id, InquiryDraft(TEXT, "en", line, terms))
            key, is_open = rfq.key, rfq.state == RfqState.OPEN
        if not is_open:  # a distributor's papers were not looked at
            with self.transaction() as session:
                rfqs.approve_request(session, self.curator, key)
        with self.transaction() as session:
            lead, line_id = session.execute(
                select(Recipient.key, RfqLine.id)
                .join(Rfq, Rfq.id == Recipient.rfq_id)
                .join(RfqLine, RfqLine.rfq_id == Rfq.id)
                .where(Rfq.key == key)
            ).one()
            leads.answer_lead(session, coordinator, lead, ANSWER, language="id")
        price, currency = self._price(lead)
        with self.transaction() as session:
            quotes.start_pool(session, coordinator, lead, PoolDraft(line_id, SPECIFICATION, currency, part))
        return _Pooled(coordinator, lead, key, part, price)

    def _handed_on(self, pool: _Pooled, buyer: SampleBuyer) -> _Pooled:
        """The seller names the chapter that brought the buyer, and it agrees; unchanged where there is none."""
        with self.transaction() as session:
            found = session.execute(
                select(Membership.user_id, Chapter.organisation_id)
                .join(Chapter, Chapter.organisation_id == Membership.organisation_id)
                .join(Attribution, Attribution.chapter_id == Chapter.id)
                .where(Attribution.organisation_id == buyer.organisation_id)
                .order_by(Membership.id)
            ).first()
        if found is None:
            return pool
        chapter = actor_of(found[0], found[1], OrganisationKind.CHAPTER, "en")
        with self.transaction() as session:
            quotes.name_coordinator(session, pool.coordinator, pool.lead, found[1], _version(session, pool.lead))
        with self.transaction() as session:
            quotes.agree_to_coordinate(session, chapter, pool.lead, _version(session, pool.lead))
        return replace(pool, coordinator=chapter)

    def _price(self, lead: str) -> tuple[Decimal, str]:
        """What members get for one unit, nine tenths of what the coordinator asks, and the currency of both."""
        with self.transaction() as session:
            recipient = session.scalars(select(Recipient).where(Recipient.key == lead)).one()
            rfq = session.get_one(Rfq, recipient.rfq_id, options=[selectinload(Rfq.lines)])
            data = from_catalogue(recipient, rfq, own_goods(session, recipient.seller_id), as_listed=True)
        price = data["lines"][0].get("unit_price") or Decimal(1)
        return max((price * Decimal("0.9")).quantize(Decimal("0.01")), Decimal("0.01")), data.get("currency") or "USD"

    def _asked(self, pool: _Pooled, product: Product) -> tuple[str, int]:
        with self.transaction() as session:
            seen = _version(session, pool.lead)
            share = quotes.offer_share(session, pool.coordinator, pool.lead, product.id, pool.part, pool.price, seen)
            session.flush()  # its version is what the member answers to
            return share.key, share.version

    def _agreed(self, pool: _Pooled, product: Product, *, is_named: bool) -> bool:
        key, version = self._asked(pool, product)
        try:
            with self.transaction() as session:
                member = self._actor(product.seller_id)
                quotes.answer_share(session, member, key, version, agrees=True, is_named=is_named)
        except Conflict:  # its calendar is full: the coordinator goes on without it
            with self.transaction() as session:
                quotes.take_back_share(session, pool.coordinator, pool.lead, key, version)
            return False
        return True

    def _sold(self, pool: _Pooled, buyer: Actor) -> None:
        self.quoting.send(pool.coordinator, pool.lead)
        with self.transaction() as session:
            deal = quotes.accept_quote(session, buyer, pool.request, pool.lead, 1)
            session.flush()
            about = f"deposit:{deal.key}"
        with self.transaction() as session:
            payment = session.scalar(select(Payment).where(Payment.about == about))
            if payment is not None:
                confirm_bank_transfer(session, pool.coordinator, payment)

    def _actor(self, seller_id: int) -> Actor:
        one = self.by_seller[seller_id]
        return actor_of(one.user_id, one.organisation_id, OrganisationKind.SELLER, "id")


def _version(session: Session, lead: str) -> int:
    """The pool as its page would show it now."""
    query = select(QuotePool.version).join(Recipient, Recipient.id == QuotePool.recipient_id)
    return session.scalars(query.where(Recipient.key == lead)).one()
