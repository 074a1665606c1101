"""Packing figures, usual minimums, ports with codes and national customs codes, by the pages that people use."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.models import Product, ProductTariffCode
from marketplace.catalogue.queries import any_product
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.rules.completeness import ListingFacts, missing_items
from marketplace.catalogue.rules.curation import CHECKLIST
from marketplace.catalogue.services import ListingIncomplete, submit_listing
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.uow import transaction
from tests.app.test_catalogue_pages import save
from tests.support.factories import a_draft, a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("moment")


def fresh(product: Product) -> Product:
    with transaction() as session:
        return any_product(session, product.id)


def page_of(person: Person, product: Product, language: str = "en", of: str = "") -> str:
    answer = person.client.get(f"/{language}/products/{product.slug}{of}")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def preview_of(person: Person, product: Product) -> str:
    return str(person.client.get(f"/en/selling/products/{product.slug}/preview").get_data(as_text=True))


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").split())


@pytest.mark.parametrize(
    ("column", "empty", "item"),
    [("moq", None, "moq"), ("unit", "", "unit"), ("capacity_per_month", None, "capacity"),
     ("lead_time_days", None, "lead_time"), ("packaging", "", "packaging"), ("hs_code", "", "hs")],
)  # fmt: skip
def test_each_of_them_alone_blocks_publication(people: Cast, column: str, empty: object, item: str) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_draft(seller, **{column: empty})
    with pytest.raises(ListingIncomplete) as refused, transaction() as session:
        submit_listing(session, seller.actor, product.slug)
    assert refused.value.items == (item,)
    # nor can it lose one of them on the desk, or on the market
    waiting = a_draft(seller)
    with transaction() as session:
        submit_listing(session, seller.actor, waiting.slug)
    with transaction() as session:
        setattr(any_product(session, waiting.id), column, empty)
    with pytest.raises(ListingIncomplete), transaction() as session:
        services.publish_listing(session, curator.actor, waiting.id, dict.fromkeys(CHECKLIST, True))
    assert fresh(waiting).state == ListingState.IN_REVIEW


def test_packing_is_said_by_words_or_by_figures() -> None:
    facts: dict[str, Any] = {"title": "x", "producer_id": 1, "hs_code": "090111", "unit": "kg", "moq": Decimal(1),
             "capacity_per_month": Decimal(1), "lead_time_days": 1, "origin_country": "ID", "price_count": 1,
             "photo_count": 1, "missing_specs": ()}  # fmt: skip
    assert missing_items(ListingFacts(packaging="", has_packing=False, **facts)) == ["packaging"]
    assert missing_items(ListingFacts(packaging="", has_packing=True, **facts)) == []
    assert missing_items(ListingFacts(packaging="60 kg", has_packing=False, **facts)) == []


def test_a_seller_states_packing_and_buyers_reckon_with_it(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, commodity="coffee-roasted", packaging="Katup 250 g")
    answer = save(
        seller, product.slug, "trade", pack_unit="pouch", pack_net_kg="0.25", packs_per_carton="24",
        cartons_per_fcl20="1200", cartons_per_fcl40="", ports="IDSUB; Semarang; Dermaga Sendiri",
    )  # fmt: skip
    assert answer.status_code == 303
    kept = fresh(product)
    assert (kept.packing.outer, kept.packing.load_kg("fcl20")) == ("carton", 7200)
    assert kept.ports == ["Tanjung Perak", "Tanjung Emas", "Dermaga Sendiri"]
    told = text(seller.client.get(answer.location).get_data(as_text=True))
    assert "they stay as you wrote them: Dermaga Sendiri" in told
    shown = text(page_of(people.buyer(), product))
    for words in (
        "Katup 250 g", "pouch of 0.25 kg net", "24 pouches, 6 kg net", "1,200 cartons, 7,200 kg net",
        "Tanjung Perak (IDSUB), Tanjung Emas (IDSRG)", "Dermaga Sendiri", "FOB Tanjung Perak (IDSUB)",
    ):  # fmt: skip
        assert words in shown, words
    form = seller.client.get(f"/selling/products/{product.slug}/edit/trade").get_data(as_text=True)
    assert "Tanjung Perak (IDSUB); Tanjung Emas (IDSRG); Dermaga Sendiri" in form
    assert save(seller, product.slug, "trade").status_code == 303
    assert fresh(product).ports == kept.ports, "what the form shows is read back as the same ports"


def test_an_inquiry_in_cartons_is_judged_by_the_sellers_packing(people: Cast, session: Session) -> None:
    from marketplace.rfqs.queries.offers import offer_of_slug

    product = a_listed_product(
        people.seller(), commodity="coffee-roasted", moq=Decimal(60), pack_unit="pouch", pack_net_kg=Decimal("0.25"),
        packs_per_carton=24,
    )  # fmt: skip
    offer = offer_of_slug(session, product.slug, "en")
    assert offer is not None
    assert offer.contents["carton"].amount == 6


def test_a_usual_minimum_counts_once_it_is_accepted(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_draft(seller, moq=None, moq_basis="")
    told = "usual minimum for Green coffee: 300 kg; the seller has stated none"
    assert told in text(preview_of(seller, product))
    assert "usual minimum for Green coffee: 300 kg" in text(
        seller.client.get(f"/en/selling/products/{product.slug}/edit/trade").get_data(as_text=True)
    )
    with pytest.raises(ListingIncomplete), transaction() as session:
        submit_listing(session, seller.actor, product.slug)
    assert save(seller, product.slug, "trade", takes_usual_moq="y").status_code == 303
    kept = fresh(product)
    assert (kept.moq, kept.moq_basis) == (300, "group")
    with transaction() as session:
        submit_listing(session, seller.actor, product.slug)
    with transaction() as session:
        services.publish_listing(session, curator.actor, product.id, dict.fromkeys(CHECKLIST, True))
    shown = text(page_of(people.buyer(), product))
    assert "300 kg the usual minimum for Green coffee, which the seller keeps to" in shown
    # the seller's own figure comes before it, also with the tick still there
    assert save(seller, product.slug, "trade", moq="120", takes_usual_moq="y").status_code == 303
    kept = fresh(product)
    assert (kept.moq, kept.moq_basis) == (120, "own")
    assert "which the seller keeps to" not in text(page_of(people.buyer(), product))


def test_a_listed_product_does_not_lose_its_minimum(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    answer = save(seller, product.slug, "trade", moq="")
    assert answer.status_code == 422
    assert "the minimum order (MOQ)" in answer.get_data(as_text=True)
    assert fresh(product).moq == 100


def test_a_request_below_an_accepted_usual_minimum_is_flagged(people: Cast, session: Session) -> None:
    from marketplace.rfqs.queries.offers import offer_of_slug
    from marketplace.rfqs.rules import is_below

    product = a_listed_product(people.seller(), moq=Decimal(300), moq_basis="group")
    offer = offer_of_slug(session, product.slug, "en")
    assert offer is not None
    assert offer.least is not None
    from marketplace.kernel.measures import Quantity

    assert is_below(Quantity(Decimal(299), "kg"), offer.least, offer.contents)
    assert not is_below(Quantity(Decimal(5), "bag60"), offer.least, offer.contents)


def test_national_codes_are_stated_shown_and_go_with_their_hs_code(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    codes = {"tariff_eu": "0901 11 00", "tariff_eu_source": "CN 2026", "tariff_us": "0901.11.00.25",
             "tariff_us_source": "HTS 2025"}  # fmt: skip
    assert save(seller, product.slug, "origin", **codes).status_code == 303
    assert fresh(product).state == ListingState.LISTED, "no claim has changed"
    held = {row.market: (row.code, row.is_by_staff) for row in session.scalars(select(ProductTariffCode))}
    assert held == {"eu": ("09011100", False), "us": ("0901110025", False)}
    shown = text(page_of(buyer, product))
    assert "CN 0901 11 00 CN 2026" in shown
    assert "HTS 0901.11.00.25 HTS 2025" in shown
    assert "CN 0901 11 00" in text(page_of(buyer, product, of="/to/de"))
    assert "HTS 0901.11.00.25" in text(page_of(buyer, product, of="/to/us"))
    assert "0901 11 00" not in text(page_of(buyer, product, of="/to/hk"))
    assert save(seller, product.slug, "origin", tariff_eu="", tariff_eu_source="").status_code == 303
    assert [row.market for row in fresh(product).tariff_codes] == ["us"]


def test_a_curator_enters_codes_at_the_desk(people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_draft(seller)
    with transaction() as inside:
        review = submit_listing(inside, seller.actor, product.slug)
    path = f"/console/curation/{review.id}"
    version = fresh(product).version
    wrong = {"tariff_hk": "0901", "tariff_hk_source": "HKHS", "version": version}
    answer = curator.post(f"{path}/tariff-codes", wrong, page=path)
    assert answer.status_code == 422
    assert "8 digits" in answer.get_data(as_text=True)
    right = {"tariff_hk": "09011100", "tariff_hk_source": "HKHS 2022", "version": version}
    assert curator.post(f"{path}/tariff-codes", right, page=path).status_code == 303
    row = session.scalars(select(ProductTariffCode)).one()
    assert (row.market, row.code, row.is_by_staff) == ("hk", "09011100", True)
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "product.tariff_codes")).all()
    assert curator.post(f"{path}/tariff-codes", right, page=path).status_code == 409, "an older version of the product"
    assert "checked by the programme" in text(preview_of(seller, product))
    assert seller.post(f"{path}/tariff-codes", right, page="/").status_code in {403, 404}


def test_what_machines_read_holds_codes_packing_and_what_decides(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, pack_unit="bag", pack_net_kg=Decimal(60), specs={"cup_score": 84})
    save(seller, product.slug, "origin", tariff_eu="09011100", tariff_eu_source="CN 2026")
    html = page_of(people.buyer(), product)
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[0])
    found = {one.get("propertyID", one["name"]): one["value"] for one in data["additionalProperty"]}
    assert (found["HS"], found["CN"], found["Net weight per bag"]) == ("090111", "09011100", "60")
    assert {"process", "variety", "cup_score"} <= set(found)
    assert "altitude_masl" not in found


def test_the_specification_begins_with_what_buyers_decide_by(people: Cast) -> None:
    product = a_listed_product(people.seller(), specs={"cup_score": 84, "altitude_masl": 1200})
    html = page_of(people.buyer(), product)
    names = re.findall(r'<tr><th scope="row">([^<]+)</th>', html)
    assert names.index("Process") < names.index("Altitude")


def test_erasure_leaves_no_words_in_ports_and_sources(people: Cast) -> None:
    from marketplace.catalogue.personal_data import _empty

    product = a_listed_product(people.seller(), ports=["Tanjung Perak", "Dermaga Pak Budi"])
    with transaction() as session:
        held = any_product(session, product.id)
        held.tariff_codes = [
            ProductTariffCode(market="eu", code="09011100", source="Budi", is_by_staff=False, stated_on=held.changed_at)
        ]
    with transaction() as session:
        _empty(session, any_product(session, product.id))
    kept = fresh(product)
    assert (kept.ports, kept.tariff_codes) == (["Tanjung Perak"], [])
