"""Offers of a lot and closed days for tests, made through the site's own services."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules.trade import Rung
from marketplace.closures.models import SellerClosure
from marketplace.closures.rules import day_there
from marketplace.closures.services import ClosureDraft, close_seller
from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from marketplace.offers.models import SpotOffer
from marketplace.offers.services import OfferDraft, make_offer
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.services import send_inquiry
from tests.support.people import Person

LOT = "harvest of ridge seven"


def an_offer_draft(**more: Any) -> OfferDraft:
    """18 t of a harvest, FOB, firm, from today for ten days; ``more`` replaces values, ``price`` and ``unit`` too."""
    today = day_there(now())
    unit = more.pop("unit", "mt")
    rung = Rung("FOB", "Tanjung Perak", unit, "USD", Decimal(1), Decimal(more.pop("price", "5900")))
    values: dict[str, Any] = {
        "kind": "spot", "visibility": "public", "quantity": Decimal(18), "unit": unit, "rungs": (rung,),
        "opens_on": today, "closes_on": today + timedelta(days=10), "lot": LOT,
    }  # fmt: skip
    return OfferDraft(**(values | more))


def an_offer(seller: Person, product: Product, *buyers: Person, **more: Any) -> SpotOffer:
    """An offer of the product, private where buyers are named."""
    if buyers:
        more |= {"visibility": "private", "buyers": tuple(one.organisation_id for one in buyers)}
    with transaction() as session:
        return make_offer(session, seller.actor, product.slug, an_offer_draft(**more))


def offer_now(offer: SpotOffer) -> SpotOffer:
    """The offer as the database has it now."""
    with transaction() as session:
        return session.get_one(SpotOffer, offer.id, populate_existing=True)


def asked_about(buyer: Person, product: Product, offer: SpotOffer | None, tonnes: str = "10") -> Rfq:
    """An inquiry for so many tonnes that carries the offer."""
    with transaction() as session:
        draft = InquiryDraft(
            text="We take this lot.", language="en", line=LineDraft(quantity=Decimal(tonnes), unit="mt"),
            terms=TermsDraft(destination="DE"), offer=offer.key if offer else "",
        )  # fmt: skip
        return send_inquiry(session, buyer.actor, product.id, draft)


def a_closure(by: Person, seller: Person, first: date, last: date, note: str = "") -> SellerClosure:
    """Days on which the seller is closed, entered by somebody who may."""
    with transaction() as session:
        return close_seller(session, by.actor, seller.seller_id or 0, ClosureDraft(first, last, note))
