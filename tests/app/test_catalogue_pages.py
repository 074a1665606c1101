"""A seller lists a product by the pages alone; wrong, foreign, stale and repeated input changes nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.models import Certificate, ListingReview, Product
from marketplace.catalogue.queries import any_product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.uow import transaction
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast, Person
from tests.support.pictures import a_jpeg

pytestmark = pytest.mark.usefixtures("moment")
SECTIONS = ("texts", "origin", "specs", "trade", "prices", "calendar", "markets", "certificates")


def fresh(product_id: int) -> Product:
    with transaction() as session:
        return any_product(session, product_id)


def shown(person: Person, path: str) -> dict[str, str]:
    """What the form on a page would send as it stands."""
    html = person.client.get(path).get_data(as_text=True)
    form = max(re.findall(r"<form\b.*?</form>", html, re.DOTALL), key=len)
    values: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and not (kind and kind[1] in {"checkbox", "radio", "file"} and " checked" not in tag):
            values[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = body.strip()
    for name, body in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        values[name] = chosen[1] if chosen else ""
    return values


def save(person: Person, address: str, part: str, **changed: str) -> Any:
    path = f"/selling/products/{address}/edit/{part}"
    return person.client.post(path, data={**shown(person, path), **changed})


def test_from_choosing_a_commodity_to_the_curators_desk(people: Cast, session: Session) -> None:
    seller = people.seller()
    client = seller.client
    assert "Kopra" in client.get("/id/selling/products/new?q=kopra").get_data(as_text=True)
    answer = seller.post(
        "/id/selling/products/new/copra", {"title": "Kopra putih", "language": "id", "producer": ""},
        page="/id/selling/products/new/copra",
    )  # fmt: skip
    assert answer.status_code == 303
    slug = session.scalars(select(Product.slug)).one()
    assert answer.location.endswith(f"/id/selling/products/{slug}/edit")
    page = client.get(answer.location.replace("/id/", "/en/", 1)).get_data(as_text=True)
    assert "Still missing" in page
    assert "Send to the curators" not in page
    assert (
        save(seller, slug, "specs", **{"spec-moisture_pct": "6", "spec-ffa_pct": "1.5", "spec-grade": "FM"}).status_code
        == 303
    )
    assert save(
        seller, slug, "trade", unit="mt", moq="10", capacity_per_month="40", lead_time_days="21", packaging="Bags 50 kg",
        ports="Surabaya", then="next",
    ).location.endswith("/edit/prices")  # fmt: skip
    assert (
        save(seller, slug, "prices", **{"rungs-0-min_quantity": "10", "rungs-0-unit_price": "1.250"}).status_code == 303
    )
    product = fresh(session.scalars(select(Product.id)).one())
    assert product.ports == ["Tanjung Perak"]
    # in English one point is a decimal point: 1.25 dollars, and the page shows it back as that
    assert product.prices[0].unit_price == Decimal("1.25")
    assert save(seller, slug, "calendar", harvest="5", **{"free-0": "12"}).status_code == 303
    assert (
        save(seller, slug, "markets", usual="DE", others="Finland", **{"registrations-0-is_held": "y"}).status_code
        == 303
    )
    photos = f"/selling/products/{slug}/photos"
    sent = client.post(
        photos,
        data={**shown_guard(seller, photos), "photos": (a_jpeg(900, 700), "IMG_1.jpg")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303, sent.get_data(as_text=True)
    page = client.get(f"/selling/products/{slug}/edit").get_data(as_text=True)
    assert "Still missing" not in page
    sent = seller.post(
        f"/selling/products/{slug}/submit",
        {"version": str(fresh(product.id).version)},
        page=f"/selling/products/{slug}/edit",
    )
    assert sent.status_code == 303
    after = fresh(product.id)
    assert after.state == ListingState.IN_REVIEW
    assert after.destinations == ["DE", "FI"]
    assert len(after.months) == 2


def shown_guard(person: Person, page: str) -> dict[str, str]:
    from tests.support.people import guards

    return guards(person.client, page)


def test_every_section_saves_what_it_shows_and_loses_nothing(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(
        seller, certificates=[a_certificate(seller)], texts={"de": "Kaffee vom Kawi"}, months={5: 10},
        destinations=["DE", "FI"], moq=Decimal("1234.5"),
        rungs=[("FOB", "Tanjung Perak", "kg", "USD", "100", "6.2"), ("FCA", "Malang", "kg", "IDR", "100", "88000")],
        specs={"altitude_masl": Decimal(1200), "harvest_month": "x"},
    )  # fmt: skip
    with transaction() as session:
        row = next(spec for spec in any_product(session, product.id).specs if spec.field == "harvest_month")
        row.number, row.number_to, row.values = Decimal(11), Decimal(2), []

    def contents(one: Product) -> Any:
        return (
            one.state, one.moq, one.ports, one.destinations, one.hs_code, one.origin_region, one.producer_id,
            sorted((t.language, t.title, t.description, t.source) for t in one.texts),
            sorted((s.field, s.number, s.number_to, tuple(s.values)) for s in one.specs),
            sorted((p.incoterm, p.place, p.unit, p.currency, p.min_quantity, p.unit_price) for p in one.prices),
            [c.certificate_id for c in one.certificates],
        )  # fmt: skip

    for language in ("", "/id", "/de"):
        for section in SECTIONS:
            before = contents(fresh(product.id))
            path = f"{language}/selling/products/{product.slug}/edit/{section}"
            answer = seller.client.post(path, data=shown(seller, path))
            assert answer.status_code == 303, (path, answer.get_data(as_text=True))
            assert contents(fresh(product.id)) == before, path


def test_wrong_input_is_told_beside_its_field_and_stays_typed(people: Cast) -> None:
    seller = people.seller()
    product = a_draft(seller)
    cases = [
        ("texts", {"title": "Ab"}, "Use 3 to 200 letters"),
        ("specs", {"spec-moisture_pct": "wet-ish"}, "is not a number"),
        ("specs", {"spec-moisture_pct": "140"}, "must lie between"),
        ("specs", {"spec-species": "gold"}, "valid choice"),
        ("trade", {"moq": "-5"}, "not below zero"),
        ("trade", {"moq": "1e309"}, "not a number"),
        ("trade", {"moq": "0"}, "above zero"),
        ("trade", {"moq": "99999999999999"}, "too large"),
        ("trade", {"lead_time_days": "9999"}, "between 0 and 730"),
        ("trade", {"ports": "; ".join(f"Dermaga {n}" for n in range(21))}, "At most 20 ports"),
        ("trade", {"pack_net_kg": "60"}, "packed in"),
        ("trade", {"pack_unit": "bag"}, "net weight of one package"),
        ("trade", {"pack_unit": "bag", "pack_net_kg": "60", "cartons_per_fcl20": "471"}, "a container may carry"),
        ("trade", {"packs_per_carton": "2.5"}, "whole number"),
        ("origin", {"tariff_eu": "0901110"}, "8 digits"),
        ("origin", {"tariff_eu": "09012100", "tariff_eu_source": "CN 2026"}, "begins with the six digits"),
        ("origin", {"tariff_us": "0901110025"}, "Say where the code was read"),
        ("prices", {"rungs-0-place": "Malang"}, "sea port"),
        ("prices", {"rungs-0-unit_price": "0"}, "above zero"),
        ("prices", {"rungs-0-min_quantity": ""}, "From which quantity"),
        ("prices", {"rungs-1-unit_price": "9.9", "rungs-1-min_quantity": "900"}, "cannot cost more"),
        ("prices", {"rungs-0-unit_price": "1.2345678"}, "six decimals"),
        ("calendar", {"free-0": "many"}, "not a number"),
        ("markets", {"others": "Atlantis"}, "Atlantis"),
        ("origin", {"country": "XX"}, "valid choice"),
        ("origin", {"hs_code": "851712"}, "valid choice"),
    ]
    before = fresh(product.id).version
    for section, changed, words in cases:
        answer = save(seller, product.slug, section, **changed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (section, changed, answer.status_code)
        assert words in page, (section, changed)
        typed = next(iter(changed.values()))
        assert not typed or typed in page or "valid choice" in words, (section, changed)
    assert fresh(product.id).version == before


def test_a_stale_form_is_told_and_a_second_click_does_nothing(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    path = f"/selling/products/{product.slug}/edit/trade"
    form = {**shown(seller, path), "lead_time_days": "30"}
    first, second = seller.client.post(path, data=form), seller.client.post(path, data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    version = fresh(product.id).version
    stale = seller.client.post(path, data={**shown(seller, path), "version": str(version - 1), "lead_time_days": "40"})
    assert stale.status_code == 409
    assert "another window" in stale.get_data(as_text=True)
    assert fresh(product.id).lead_time_days == 30


def test_nothing_beside_the_form_can_be_set(people: Cast, session: Session) -> None:
    seller, other = people.seller(), people.seller()
    product = a_draft(seller)
    extra = {
        "seller_id": str(other.seller_id), "state": "listed", "role": "operator", "verified": "1", "card_price": "1",
        "price": "1", "price_per_kg_usd": "1", "listed_at": "2020-01-01", "is_sample": "1", "slug": "stolen",
        "market_partner_id": "1", "commodity": "copra", "category": "x", "external_key": "x", "currency": "XXX",
        "original_language": "xx", "import_digest": "x", "filled_in": "x", "total": "0", "status": "listed",
        "created_at": "2020-01-01", "producer_id": str(other.producer_id), "verified_at": "2020-01-01",
        "card_certificates": "[]", "id": "1", "organisation_id": "1", "paid_at": "x", "answered_count": "9",
        "certificate_id": "1", "cover_photo": "x", "admin": "1",
    }  # fmt: skip
    columns = [column.name for column in Product.__table__.c if column.name not in {"version", "changed_at"}]
    before = [getattr(fresh(product.id), name) for name in columns]
    for section in SECTIONS:
        assert save(seller, product.slug, section, **extra).status_code in {303, 422}
    assert [getattr(fresh(product.id), name) for name in columns] == before
    certificate = a_certificate(seller, verified_at=None)
    path = f"/selling/certificates/{certificate.id}"
    assert seller.client.post(path, data={**shown(seller, path), **extra}).status_code == 303
    session.rollback()
    row = session.get(Certificate, certificate.id, populate_existing=True)
    assert row is not None
    assert (row.verified_at, row.seller_id) == (None, seller.seller_id)


def bare(answer: Any, path: str) -> str:
    """A page without what differs from one showing to the next: its own address and the keys of its forms."""
    html = answer.get_data(as_text=True).replace(path, "").replace(' aria-current="page"', "")
    return re.sub(r'name="(_once|csrf_token)" value="[^"]*"', "", html)


def test_other_sellers_learn_and_change_nothing(people: Cast, session: Session) -> None:
    seller, other, buyer, curator = people.seller(), people.seller(), people.buyer(), people.curator()
    product = a_draft(seller)
    theirs = a_certificate(seller)
    mine = a_draft(other)
    photo = fresh(product.id).photos[0].id
    before = fresh(product.id).version
    get = [f"/selling/products/{product.slug}/{end}" for end in ("edit", "photos", f"photos/{photo}")]
    get += [f"/selling/products/{product.slug}/edit/{section}" for section in SECTIONS]
    get.append(f"/selling/certificates/{theirs.id}")
    nowhere = "/selling/products/nothing-here/edit"
    missing = bare(other.client.get(nowhere), nowhere)
    for path in get:
        answer = other.client.get(path)
        assert answer.status_code == 404, path
        assert bare(answer, path) == missing, "foreign and missing answer alike"
        assert buyer.client.get(path).status_code == 403, path
        assert curator.client.get(path).status_code == 403, path
    posts = [f"/selling/products/{product.slug}/{end}" for end in ("submit", "withdraw", "reopen", "delete", "photos")]
    posts += [f"/selling/products/{product.slug}/edit/{section}" for section in SECTIONS]
    posts += [f"/selling/certificates/{theirs.id}", f"/selling/certificates/{theirs.id}/remove"]
    for path in posts:
        answer = other.post(path, {"version": str(before), "remove": str(photo)}, page="/selling/certificates/new")
        assert answer.status_code == 404, path
    # foreign keys inside one's own forms
    own = f"/selling/products/{mine.slug}"
    answer = other.post(f"{own}/photos", {"remove": str(photo)}, page="/selling/certificates/new")
    assert answer.status_code == 404
    nested = save(other, mine.slug, "certificates", certificates=str(theirs.id))
    assert nested.status_code == 422
    nested = save(other, mine.slug, "origin", producer=str(seller.producer_id))
    assert nested.status_code == 422
    assert fresh(product.id).version == before
    assert fresh(mine.id).certificates == []
    assert len(fresh(product.id).photos) == 1


def test_curators_notes_stand_at_their_fields(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_draft(seller)
    with transaction() as session:
        services.submit_listing(session, seller.actor, product.slug)
    with transaction() as session:
        services.return_listing(
            session,
            curator.actor,
            product.id,
            "Almost there.",
            {"packaging": "How heavy is a bag?", "spec:variety": "Which?"},
        )
    overview = seller.client.get(f"/selling/products/{product.slug}/edit").get_data(as_text=True)
    assert "Almost there." in overview
    assert "How heavy is a bag?" in seller.client.get(f"/selling/products/{product.slug}/edit/trade").get_data(
        as_text=True
    )
    assert "Which?" in seller.client.get(f"/selling/products/{product.slug}/edit/specs").get_data(as_text=True)
    assert "How heavy" not in seller.client.get(f"/selling/products/{product.slug}/edit/texts").get_data(as_text=True)


def test_a_changed_claim_says_that_it_goes_back(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    answer = save(seller, product.slug, "texts", title="Organic arabica")
    page = seller.client.get(answer.location).get_data(as_text=True)
    assert "curators look at it again" in page
    assert "organic, named in the text" in page
    assert session.scalar(select(func.count()).select_from(ListingReview)) == 1


def test_a_submit_that_lacks_something_names_everything(people: Cast) -> None:
    seller = people.seller()
    product = a_draft(seller, has_photo=False, packaging="")
    path = f"/selling/products/{product.slug}"
    answer = seller.post(f"{path}/submit", {}, page=f"{path}/edit")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "the packaging" in page
    assert "a photo" in page
    assert fresh(product.id).state == ListingState.DRAFT


def test_only_a_draft_that_never_was_listed_can_be_deleted(people: Cast, session: Session) -> None:
    seller = people.seller()
    draft, listed = a_draft(seller), a_listed_product(seller)
    for product, status in ((draft, 303), (listed, 409)):
        path = f"/selling/products/{product.slug}"
        answer = seller.post(f"{path}/delete", {"version": str(fresh(product.id).version)}, page=f"{path}/edit")
        assert answer.status_code == status
    session.rollback()
    assert session.scalars(select(Product.id)).all() == [listed.id]


def test_certificates_are_entered_changed_and_removed(people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_listed_product(seller)
    page = "/selling/certificates/new"
    answer = seller.post(page, {"code": "organic-eu", "issuer": "Contoh", "number": "7", "valid_to": "2020-01-01",
                                "valid_from": "2021-01-01", "producer": ""}, page=page)  # fmt: skip
    assert answer.status_code == 422
    assert "before the first" in answer.get_data(as_text=True)
    answer = seller.post(page, {"code": "organic-eu", "issuer": "Contoh", "number": "7", "valid_to": "2027-01-01",
                                "producer": str(seller.producer_id)}, page=page)  # fmt: skip
    assert answer.status_code == 303
    key = session.scalars(select(Certificate.id)).one()
    with transaction() as inside:
        services.verify_certificate(inside, curator.actor, key, "issuer")
        services.link_certificates(inside, seller.actor, product.slug, None, [key])
    assert fresh(product.id).card_certificates == [["organic-eu", None, "2027-01-01"]]
    path = f"/selling/certificates/{key}"
    assert seller.client.post(path, data={**shown(seller, path), "number": "8"}).status_code == 303
    assert fresh(product.id).card_certificates == [], "a changed certificate shows as checked only after a new check"
    assert save(seller, product.slug, "certificates").status_code in {303, 422}
    answer = seller.post(f"{path}/remove", {}, page="/selling/certificates")
    assert answer.status_code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_lists_have_an_empty_state_and_pages(people: Cast) -> None:
    seller = people.seller()
    assert "No products yet" in seller.client.get("/selling/products").get_data(as_text=True)
    assert "No certificates yet" in seller.client.get("/selling/certificates").get_data(as_text=True)
    for _number in range(26):
        a_draft(seller)
    assert "page=2" in seller.client.get("/selling/products?state=draft").get_data(as_text=True)
    assert seller.client.get("/selling/products?page=2&state=nonsense").status_code == 200


def test_a_seller_reads_a_draft_as_buyers_will(people: Cast) -> None:
    seller, other = people.seller(), people.seller()
    whole = a_draft(seller, title="Arabica to look at")
    with transaction() as session:
        bare = services.create_product(session, seller.actor, services.ProductStart("copra", "Kopra kosong", "id"))
    for product, title in ((whole, "Arabica to look at"), (bare, "Kopra kosong")):
        path = f"/selling/products/{product.slug}/preview"
        page = seller.client.get(path)
        assert page.status_code == 200
        assert title in page.get_data(as_text=True)
        assert "Only you and the curators see this page" in page.get_data(as_text=True)
        assert other.client.get(path).status_code == 404


def test_the_short_address_of_a_product_leads_to_its_overview(people: Cast) -> None:
    seller, other = people.seller(), people.seller()
    product = a_draft(seller)
    answer = seller.client.get(f"/selling/products/{product.slug}")
    assert (answer.status_code, answer.location) == (302, f"/selling/products/{product.slug}/edit")
    assert other.client.get(f"/selling/products/{product.slug}").status_code == 404
