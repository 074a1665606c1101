"""The product page from kept pieces: few statements, and whatever a row says shows at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.catalogue.models import (
    Certificate,
    MarketRegistration,
    MonthPlan,
    Photo,
    PriceRung,
    Product,
    ProductCertificate,
    ProductSpec,
    ProductText,
)
from marketplace.catalogue.queries import listed, listed_product
from marketplace.catalogue.rules.registers import register_of
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.pieces import Pieces, digest
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Producer, ProducerText, Seller
from tests.app.test_catalogue_queries import counted
from tests.support.factories import a_certificate, a_listed_product
from tests.support.offering import LOT, a_closure, an_offer
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("moment")


def _shown(person: Person, slug: str, language: str = "en") -> str:
    """The page as a signed-in person sees it: no page as a whole is kept for them, only its pieces."""
    answer = person.client.get(f"/{language}/products/{slug}")
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text


def test_a_page_seen_before_needs_four_statements(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product, _beside = a_listed_product(seller), a_listed_product(seller)
    first = _shown(buyer, product.slug)
    with counted() as statements:
        assert _shown(buyer, product.slug).count("<article") == first.count("<article")
    assert len([one for one in statements if "FROM session" not in one.replace("\n", " ")]) <= 4


def test_offers_and_closed_days_cost_one_statement_more(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product, _beside = a_listed_product(seller), a_listed_product(seller)
    an_offer(seller, product)
    a_closure(seller, seller, today() + timedelta(days=3), today() + timedelta(days=5), "Harvest feast")
    first = _shown(buyer, product.slug)
    assert LOT in first
    assert "Harvest feast" in first
    with counted() as statements:
        assert LOT in _shown(buyer, product.slug)
    assert len([one for one in statements if "FROM session" not in one.replace("\n", " ")]) <= 5


def _story_of(product: Product) -> ProducerText:
    assert product.producer_id is not None
    return ProducerText(producer_id=product.producer_id, language="en", story="Founded by the river", is_original=True)


Change = Callable[[Session, Product], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "title": (lambda s, p: s.execute(update(ProductText).values(title="Another name")), "Another name"),
    "description": (lambda s, p: s.execute(update(ProductText).values(description="Other words")), "Other words"),
    "price": (lambda s, p: s.execute(update(PriceRung).values(unit_price=Decimal("7.77"))), "US$7.77"),
    "specification": (
        lambda s, p: s.execute(
            update(ProductSpec).where(ProductSpec.field == "moisture_pct").values(number=Decimal("9.35"))
        ),
        "9.35",
    ),
    "photo": (lambda s, p: s.execute(update(Photo).values(alt={"en": "Beans in a hand"})), "Beans in a hand"),
    "month": (
        lambda s, p: s.add(MonthPlan(product_id=p.id, month=date(1, 12, 1), kind="free", quantity=Decimal(4321))),
        "4,321",
    ),
    "registration": (
        lambda s, p: s.add(MarketRegistration(product_id=p.id, kind="fda", number="FDA-0815")),
        "FDA-0815",
    ),
    "certificate": (lambda s, p: s.execute(update(Certificate).values(number="C-NEW-1")), "C-NEW-1"),
    "certificate taken away": (lambda s, p: s.execute(delete(ProductCertificate)), "-C-OLD-1"),
    "terms": (lambda s, p: s.execute(update(Product).values(packaging="Grain bags of 30 kg")), "Grain bags of 30 kg"),
    "seller": (lambda s, p: s.execute(update(Seller).values(lead_count=5, answered_count=4)), "80%"),
    "organisation": (lambda s, p: s.execute(update(Organisation).values(name="Contoh Renamed")), "Contoh Renamed"),
    "producer": (lambda s, p: s.execute(update(Producer).values(name="PP Contoh Renamed")), "PP Contoh Renamed"),
    "story": (
        lambda s, p: s.add(_story_of(p)),
        "Founded by the river",
    ),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_every_change_shows_at_once(people: Cast, what: str) -> None:
    seller, buyer = people.seller(), people.buyer()
    held = a_certificate(seller, number="C-OLD-1")
    product = a_listed_product(seller, certificates=[held])
    change, words = CHANGES[what]
    before = _shown(buyer, product.slug)
    assert "C-OLD-1" in before
    assert register_of("organic-eu") in before
    assert words not in before
    with transaction() as session:
        change(session, product)
    after = _shown(buyer, product.slug)
    if words.startswith("-"):
        assert words[1:] not in after
    else:
        assert words in after


def test_a_neighbour_that_leaves_or_changes_is_not_shown_as_it_was(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    near = a_listed_product(people.seller(), title="Neighbour lot")
    assert "Neighbour lot" in _shown(buyer, product.slug)
    with transaction() as session:
        session.execute(update(Product).where(Product.id == near.id).values(card_titles={"en": "Neighbour renamed"}))
    assert "Neighbour renamed" in _shown(buyer, product.slug)
    with transaction() as session:
        session.execute(update(Product).where(Product.id == near.id).values(state="withdrawn"))
    assert "Neighbour" not in _shown(buyer, product.slug)


def test_a_product_that_leaves_is_gone_though_its_pieces_are_known(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    _shown(buyer, product.slug)
    with transaction() as session:
        session.execute(update(Product).where(Product.id == product.id).values(state="hidden"))
    assert buyer.client.get(f"/en/products/{product.slug}").status_code == 404


def test_pieces_end_with_the_day(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller, certificates=[a_certificate(seller, valid_to=today())])
    assert "badge-expired" not in _shown(buyer, product.slug)
    with frozen(now() + timedelta(hours=13)):  # the next day; the session still holds
        assert "badge-expired" in _shown(buyer, product.slug)


def test_a_check_that_has_lapsed_is_not_shown_as_one_that_holds(people: Cast, session: Session) -> None:
    holds, lapsed = str(LEVEL_NAMES[VerificationLevel.REVIEWED]), str(LEVEL_NAMES[VerificationLevel.NONE])
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    with transaction() as s:
        row = s.scalar(select(Organisation).where(Organisation.id == seller.organisation_id))
        assert row is not None
        row.verification_level, row.verified_until = "reviewed", today()
    assert holds in _shown(buyer, product.slug)
    with frozen(now() + timedelta(hours=13)):
        page = _shown(buyer, product.slug)
    assert holds not in page
    assert lapsed in page


def test_pieces_are_kept_apart_by_language_and_preview(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller, texts={"de": "Kaffee aus Malang"})
    english, german = _shown(buyer, product.slug), _shown(buyer, product.slug, "de")
    assert "Kaffee aus Malang" in german
    assert "Kaffee aus Malang" not in english
    assert 'href="/de/products/' in german
    preview = seller.client.get(f"/en/selling/products/{product.slug}/preview").get_data(as_text=True)
    assert "Only you and the curators see this page." in preview
    assert "/inquiry" not in preview
    assert "application/ld+json" not in preview
    assert "application/ld+json" in _shown(seller, product.slug)


def test_prepared_rows_are_what_sqlalchemy_gives(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller, certificates=[a_certificate(seller)], months={5: 1000})
    statement = select(Product.__table__).where(Product.slug == product.slug)
    prepared = Prepared(statement)
    raw = prepared.raw(session)
    assert prepared.typed(session, raw) == [tuple(row) for row in session.execute(statement)]
    rows = listed.listed_rows(session, product.slug)
    again = listed.listed_rows(session, product.slug)
    assert digest((rows.one, rows.parts)) == digest((again.one, again.parts))
    assert listed.view_of(session, rows) == listed_product(session, product.slug)


def test_pieces_hold_a_bounded_number_of_characters() -> None:
    memory, made = Pieces(most=100), []

    def make(name: str) -> Callable[[], tuple[str]]:
        def one() -> tuple[str]:
            made.append(name)
            return (name * 40,)

        return one

    for name in ("a", "b", "a", "c", "a", "b"):  # c drops b, the one used longest ago
        assert memory.get(name, make(name)) == (name * 40,)
    assert made == ["a", "b", "c", "b"]
    memory.get("d", lambda: ("d" * 101,))
    assert memory.get("b", make("b")) == ("b" * 40,)
    assert made == ["a", "b", "c", "b"]
