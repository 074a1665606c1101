"""Offers of a lot, costs and closed days of the sample marketplace: each state once, and one offer for one buyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.rules.trade import Rung
from marketplace.cli.sample.people import SampleBuyer, SampleSeller
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.closures.presets import PresetKind, presets_ahead
from marketplace.closures.rules import day_there
from marketplace.closures.services import ClosureDraft, close_seller
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.offers.services import OfferDraft, make_offer, withdraw_offer
from marketplace.proceeds.rules import Costs
from marketplace.proceeds.services import keep_costs
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.services import send_inquiry

_SHARE = Decimal("0.97")  # of the listed price
_COSTS = (Decimal(52_000), Decimal(9_000))  # made up, a kilogram
_LOT, _NOTE = "panen terakhir (contoh)", "Sampel siap dikirim. (Contoh)"
_QUESTION = "Is the whole lot still free, and may we have a sample first? (Example)"


@dataclass(frozen=True, slots=True)
class _Wish:
    """An offer of the seller at this place of the list; days count from now."""

    seller: int
    made: int
    opens: int
    closes: int
    kind: str = "spot"
    is_private: bool = False
    is_withdrawn: bool = False
    is_asked_about: bool = False


_WISHES = (
    _Wish(0, 6, -6, 24),
    _Wish(0, 3, -3, 18, is_private=True),
    _Wish(1, 2, 9, 44, kind="forward"),
    _Wish(2, 50, -50, -15),
    _Wish(3, 12, -12, 20, is_withdrawn=True),
    _Wish(4, 4, -4, 31, is_asked_about=True),
)


class OfferMaker:
    """Lets sellers offer lots, state costs and enter closed days."""

    def __init__(self, transaction: Transaction, sellers: Sequence[SampleSeller]) -> None:
        self.transaction = transaction
        self.sellers = list(sellers)
        self.now = now().astimezone(UTC)

    def offers(self, buyers: Sequence[SampleBuyer]) -> int:
        """All of them; gives how many there are."""
        made = 0
        for wish in _WISHES:
            if wish.seller < len(self.sellers):
                made += self._offer(wish, buyers)
        self._costs()
        return made

    def closures(self) -> None:
        """One seller is closed these days, and the first has entered the coming Ramadan."""
        today = day_there(self.now)
        ramadan = next((one for one in presets_ahead(today, most=20) if one.kind is PresetKind.RAMADAN), None)
        if ramadan is not None:
            draft = ClosureDraft(ramadan.days.first, ramadan.days.last, reason=ramadan.kind.value)
            self._close(self.sellers[0], draft)
        if len(self.sellers) > 5:
            with frozen(self.now - timedelta(days=4)):
                note = "Santri sedang ujian. Kami menjawab sesudahnya. (Contoh)"
                last = today + timedelta(days=6)
                self._close(self.sellers[5], ClosureDraft(today - timedelta(days=3), last, note))

    def _close(self, seller: SampleSeller, draft: ClosureDraft) -> None:
        with self.transaction() as session:
            close_seller(session, _actor(seller), seller.seller_id, draft)

    def _offer(self, wish: _Wish, buyers: Sequence[SampleBuyer]) -> int:
        seller = self.sellers[wish.seller]
        with frozen(self.now - timedelta(days=wish.made)), self.transaction() as session:
            goods = _goods(session, seller)
            if not goods:
                return 0
            product = goods[1 % len(goods)] if wish.is_private else goods[0]
            offer = make_offer(session, _actor(seller), product.slug, self._draft(wish, product, buyers[0]))
            session.flush()  # its key is read below
            key, version, product_id = offer.key, offer.version, product.id
            quantity, unit = offer.quantity, offer.unit
        if wish.is_withdrawn:
            with frozen(self.now - timedelta(days=1)), self.transaction() as session:
                withdraw_offer(session, _actor(seller), key, version)
        if wish.is_asked_about:
            buyer = buyers[1 % len(buyers)]
            who = actor_of(buyer.user_id, buyer.organisation_id, OrganisationKind.BUYER, buyer.language)
            line = LineDraft(quantity=quantity, unit=unit)
            with frozen(self.now - timedelta(hours=20)), self.transaction() as session:
                terms = TermsDraft(destination=buyer.country)
                send_inquiry(session, who, product_id, InquiryDraft(_QUESTION, "en", line, terms, offer=key))
        return 1

    def _draft(self, wish: _Wish, product: Product, buyer: SampleBuyer) -> OfferDraft:
        first = day_there(self.now)
        listed = next(one for one in product.prices if one.unit == product.unit)
        quantity = (product.moq or Decimal(100)) * 3
        price = (listed.unit_price * _SHARE).quantize(Decimal("0.01"))
        rung = Rung(listed.incoterm, listed.place, listed.unit, listed.currency, product.moq or Decimal(100), price)
        closes = first + timedelta(days=wish.closes)
        return OfferDraft(
            kind=wish.kind,
            visibility="private" if wish.is_private else "public",
            quantity=quantity,
            unit=product.unit,
            rungs=(rung,),
            opens_on=first + timedelta(days=wish.opens),
            closes_on=closes,
            lot=_LOT,
            ship_month=closes.replace(day=1),
            note=_NOTE,
            buyers=(buyer.organisation_id,) if wish.is_private else (),
        )

    def _costs(self) -> None:
        with self.transaction() as session:
            for product in _goods(session, self.sellers[0])[:2]:
                farm_gate, export = _COSTS
                keep_costs(session, product.id, 0, Costs("kg", farm_gate, export))


def _actor(seller: SampleSeller) -> Actor:
    return actor_of(seller.user_id, seller.organisation_id, OrganisationKind.SELLER, "id")


def _goods(session: Session, seller: SampleSeller) -> list[Product]:
    """What the seller has on the market with a price in its own unit, the oldest first."""
    rows = session.scalars(
        select(Product)
        .where(Product.seller_id == seller.seller_id, Product.state == ListingState.LISTED)
        .options(selectinload(Product.prices))
        .order_by(Product.id)
    )
    return [one for one in rows if any(price.unit == one.unit for price in one.prices)]
