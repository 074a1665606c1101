"""Fairs of the sample marketplace, and the requests of buyers who were met there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.cli.sample.ordinary import is_ordinary
from marketplace.cli.sample.people import SampleBuyer, SampleChapter, SampleSeller
from marketplace.cli.sample.trade import PORTS, Transaction, actor_of
from marketplace.fairs.services import FairDraft, record_fair
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.leads.services import answer_lead
from marketplace.rfqs import services as rfqs
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.rules import RfqState


@dataclass(frozen=True)
class SampleFair:
    """A made-up fair; ``days_ago`` is its first day, before today where it is positive."""

    code: str
    chapter: str  # the short name of the chapter; empty for the programme's own
    name: str
    city: str
    country: str
    days_ago: int
    commodities: tuple[str, ...]
    requests: int


FAIRS = (
    SampleFair(
        "DEMXA2", "de", "Muster Food Fair (Example)", "Köln", "DE", 17, ("coffee-arabica-green", "coconut-sugar"), 6
    ),
    SampleFair(
        "DEMXB3", "us", "Contoh Natural Goods Show (Example)", "Anaheim", "US", -60,
        ("coconut-sugar", "vanilla-beans"), 0,
    ),
    SampleFair(
        "DEMXD5", "de", "Beispiel Genussmesse (Example)", "Hamburg", "DE", -40, ("coconut-sugar", "vanilla-beans"), 0
    ),
    SampleFair(
        "DEMXC4", "", "Contoh Trade Days (Example)", "Surabaya", "ID", 12, ("nutmeg", "clove", "batik-fabric"), 3
    ),
)  # fmt: skip
LENGTH = timedelta(days=4)
FIRST_BUYER = 20  # the buyers before are known by what they do elsewhere
ASKED = "We met at your stand. Please send us your best price for {port}. (Example)"
ANSWERED = "Senang bertemu di pameran. Kami siap mengirim penawaran pekan ini. (Contoh)"


class FairMaker:
    """Lets chapters and the programme record fairs, and buyers ask afterwards."""

    def __init__(self, transaction: Transaction, sellers: Sequence[SampleSeller], curator: Actor) -> None:
        self.transaction = transaction
        self.by_seller = {seller.seller_id: seller for seller in sellers}
        self.curator = curator
        self.today = now().astimezone(UTC)

    def fairs(self, chapters: Sequence[SampleChapter], buyers: Sequence[SampleBuyer]) -> int:
        """All of them; gives how many requests came from them."""
        by_slug = {chapter.slug: chapter for chapter in chapters}
        asked = 0
        for fair in FAIRS:
            first = (self.today - timedelta(days=fair.days_ago)).date()
            host = by_slug.get(fair.chapter)
            actor = (
                actor_of(host.user_id, host.organisation_id, OrganisationKind.CHAPTER, "en") if host else self.curator
            )
            draft = FairDraft(
                fair.name, fair.city, fair.country, first, first + LENGTH, fair.commodities, "Stand 1 (Example)"
            )
            with (
                frozen(min(self.today, self.today - timedelta(days=fair.days_ago + 10))),
                self.transaction() as session,
            ):
                record_fair(session, actor, draft, code=fair.code)
            for number in range(fair.requests):
                self._asked(fair, buyers[FIRST_BUYER + asked], number)
                asked += 1
        return asked

    def _asked(self, fair: SampleFair, buyer: SampleBuyer, number: int) -> None:
        """One buyer asks from home, a few days after the fair; every third waits for its answer."""
        moment = self.today - timedelta(days=fair.days_ago - 5, hours=-2 * number)
        who = actor_of(buyer.user_id, buyer.organisation_id, OrganisationKind.BUYER, buyer.language)
        port = PORTS[buyer.country]
        with self.transaction() as session:
            wanted = fair.commodities[number % len(fair.commodities)]
            query = select(Product.id, Product.unit, Product.moq).where(
                Product.commodity == wanted, Product.state == ListingState.LISTED, is_ordinary()
            )
            goods = session.execute(query.order_by(Product.id.desc()).limit(3)).all()
        product = goods[number % len(goods)]
        line = LineDraft(quantity=product.moq or Decimal(1), unit=product.unit)
        terms = TermsDraft(destination=buyer.country, incoterm="CIF", place=port)
        draft = InquiryDraft(ASKED.format(port=port), "en", line, terms, fair=fair.code)
        with frozen(moment), self.transaction() as session:
            rfq = rfqs.send_inquiry(session, who, product.id, draft)
            session.flush()  # its key and state are read below
            rfq_id, key, waits = rfq.id, rfq.key, rfq.state == RfqState.IN_REVIEW
        if waits:
            with frozen(moment + timedelta(hours=3)), self.transaction() as session:
                rfqs.approve_request(session, self.curator, key)
        if number % 3 == 2:
            return
        self._answered(rfq_id, moment + timedelta(hours=20))

    def _answered(self, rfq_id: int, moment: datetime) -> None:
        with self.transaction() as session:
            query = select(Recipient.key, Recipient.seller_id).where(Recipient.rfq_id == rfq_id)
            lead, seller_id = session.execute(query).one()
        one = self.by_seller[seller_id]
        seller = actor_of(one.user_id, one.organisation_id, OrganisationKind.SELLER, "id")
        with frozen(moment), self.transaction() as session:
            answer_lead(session, seller, lead, ANSWERED, language="id")
