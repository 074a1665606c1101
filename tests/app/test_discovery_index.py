"""The index keeps step with the rows: in one transaction, over cascades, after faults, and it can be checked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged
from marketplace.accounts.models import Organisation
from marketplace.catalogue.events import CertificateChanged, ProductChanged
from marketplace.catalogue.models import Certificate, Product, ProductText
from marketplace.catalogue.rules import ListingState
from marketplace.discovery.checking import check_index
from marketplace.discovery.engine import embedded_engine, engine
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.discovery.services import raise_versions, refresh_marked
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.events import record
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.sellers.events import SellerCurated
from marketplace.sellers.models import Seller
from search.document import Document, Reference
from search.errors import EngineUnavailable
from search.parser import parse
from search.query import CertificateFilter, KeywordFilter, Query
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.indexing import change, found, marks
from tests.support.people import Cast


def test_a_listed_product_is_found_at_once(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller, title="Zamrud arabica")
    draft = a_draft(seller, title="Zamrud draft")
    assert found("zamrud") == {product.id}
    assert found(kind=SELLER) == {seller.seller_id}
    assert draft.id not in found()
    assert marks(session) == 0


def test_what_rolls_back_is_never_found(people: Cast) -> None:
    product = a_listed_product(people.seller(), title="Zamrud arabica")

    def fail() -> None:
        with transaction() as session:
            session.execute(update(ProductText).values(title="Safir arabica"))
            record(session, ProductChanged(product.id))
            raise RuntimeError("the action failed")

    with pytest.raises(RuntimeError):
        fail()
    assert found("zamrud") == {product.id}
    assert found("safir") == set()
    with transaction():
        pass  # nothing is left over for the next transaction
    assert found("safir") == set()


def test_every_change_shows(people: Cast) -> None:
    product = a_listed_product(people.seller(), title="Zamrud arabica")
    for state in (ListingState.WITHDRAWN, ListingState.HIDDEN, ListingState.IN_REVIEW, ListingState.DRAFT):
        change(product, state=state)
        assert found() == set()
        change(product, state=ListingState.LISTED)
        assert found("zamrud") == {product.id}


def test_a_seller_off_the_market_takes_the_goods_along(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    with transaction() as session:
        session.execute(update(Seller).where(Seller.id == seller.seller_id).values(curation="paused"))
        record(session, SellerCurated(seller.seller_id or 0, "paused"))
    assert found() == set()
    assert found(kind=SELLER) == set()
    with transaction() as session:
        session.execute(update(Seller).where(Seller.id == seller.seller_id).values(curation="approved"))
        record(session, SellerCurated(seller.seller_id or 0, "approved"))
    assert found() == {product.id}
    with transaction() as session:
        session.execute(update(Organisation).values(suspended_at=now()))
        record(session, OrganisationChanged(seller.organisation_id))
    assert found() == set()


def test_a_certificate_reaches_its_products_and_leaves_by_itself(people: Cast) -> None:
    seller = people.seller()
    certificate = a_certificate(seller, "organic-eu", valid_to=today() + timedelta(days=10))
    product = a_listed_product(seller, certificates=[certificate])
    wanted = Query(filters=(CertificateFilter(("organic-eu",)),), day=today())
    assert engine().search(wanted).keys == (product.id,)
    assert engine().search(wanted.on(today() + timedelta(days=11))).total == 0
    with transaction() as session:
        session.execute(update(Certificate).values(verified_at=None))
        record(session, CertificateChanged(certificate.id))
    assert engine().search(wanted).total == 0


def test_a_certificate_that_begins_is_marked_that_day(people: Cast) -> None:
    seller = people.seller()
    begins = today() + timedelta(days=3)
    certificate = a_certificate(seller, valid_from=begins)
    product = a_listed_product(seller, certificates=[certificate])
    with frozen(now() + timedelta(days=3)):
        wanted = Query(filters=(CertificateFilter(("organic-eu",)),), day=today())
        assert engine().search(wanted).total == 0
        from marketplace.discovery.jobs import check

        check()
        assert engine().search(wanted).keys == (product.id,)


def test_fields_of_a_document(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, "coffee-arabica-green", specs={"cup_score": 86})
    for field, value in (
        ("commodity", "coffee-arabica-green"), ("category", "food"), ("category", "food/coffee"),
        ("category", "food/coffee/green"), ("hs_chapter", "09"), ("incoterm", "FOB"), ("stage", "jual"),
        ("tag", "sample"), ("crop_year", "2026"), ("port", "Tanjung Perak"),
    ):  # fmt: skip
        query = Query(filters=(KeywordFilter(field, (value,)),))
        assert engine().search(query).keys == (product.id,), (field, value)
    assert engine().search(parse("0901.11")).keys == (product.id,)
    assert engine().search(parse("cup score above 85 under 7 usd/kg")).keys == (product.id,)
    assert engine().search(parse("cup score above 87")).total == 0


@pytest.mark.usefixtures("lagging")
def test_many_changes_leave_marks_and_a_job(people: Cast, session: Session) -> None:
    seller = people.seller()
    products = [a_listed_product(seller) for _ in range(10)]
    with transaction() as inner:
        inner.execute(update(ProductText).values(title="Safir robusta"))
        for product in products:
            record(inner, ProductChanged(product.id))
    assert marks(session) == 11
    assert found("safir") == set()
    run_due()
    assert marks(session) == 0
    assert found("safir") == {product.id for product in products}


@pytest.mark.usefixtures("lagging")
def test_an_index_that_fails_does_not_stop_the_change(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = a_listed_product(people.seller(), title="Zamrud arabica")

    def broken(*_: object, **__: object) -> int:
        raise EngineUnavailable("full")

    with monkeypatch.context() as patch:
        patch.setattr(embedded_engine(), "put", broken)
        change(product, state=ListingState.WITHDRAWN)
        change(product, state=ListingState.LISTED, hs_code="090112")
    session.rollback()
    assert session.scalar(select(Product.hs_code)) == "090112"
    assert marks(session) == 2
    assert engine().search(parse("0901.12")).total == 0
    run_due()
    assert engine().search(parse("0901.12")).total == 1


@pytest.mark.usefixtures("outside")
class TestOutside:
    """An index that does not share the database."""

    def test_the_job_feeds_it(self, people: Cast, session: Session) -> None:
        product = a_listed_product(people.seller(), title="Zamrud arabica")
        assert found("zamrud") == set()
        assert session.scalar(select(func.count()).select_from(Task).where(Task.job == "discovery.refresh_index"))
        run_due()
        assert found("zamrud") == {product.id}
        change(product, state=ListingState.WITHDRAWN)
        run_due()
        assert found("zamrud") == set()

    def test_a_change_while_the_job_writes_stays_queued(
        self, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        product = a_listed_product(people.seller(), title="Zamrud arabica")
        index = engine()
        real = index.put

        def interrupted(documents: list[Document]) -> int:
            monkeypatch.setattr(index, "put", real)
            change(product, state=ListingState.WITHDRAWN)
            return real(documents)

        monkeypatch.setattr(index, "put", interrupted)
        from marketplace.discovery.services import _refresh_batch

        _refresh_batch(100)
        assert found("zamrud") == {product.id}  # as it was read
        assert marks(session) == 2  # and still marked
        refresh_marked()
        assert found("zamrud") == set()
        assert marks(session) == 0

    def test_an_outage_loses_nothing(self, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        product = a_listed_product(people.seller(), title="Zamrud arabica")

        def down(_documents: object) -> int:
            raise EngineUnavailable("down")

        with monkeypatch.context() as patch:
            patch.setattr(engine(), "put", down)
            with pytest.raises(EngineUnavailable):
                refresh_marked()
        assert marks(session) == 2
        refresh_marked()
        assert found("zamrud") == {product.id}


def test_the_check_finds_and_mends_everything(people: Cast, session: Session) -> None:
    seller = people.seller()
    products = [a_listed_product(seller, title=f"Zamrud {number}") for number in range(6)]
    assert check_index().faults == 0
    index = engine()
    index.remove([Reference(PRODUCT, products[0].id, 50), Reference(PRODUCT, products[1].id, 50)])
    index.put([Document(PRODUCT, products[2].id, 70, {"en": "Forged"})])
    index.put([Document(PRODUCT, 9_999, 4, {"en": "Ghost"}), Document(SELLER, 8_888, 1, {"en": "Ghost"})])
    report = check_index()
    assert report.missing == [(PRODUCT, products[0].id), (PRODUCT, products[1].id)]
    assert [each.key for each in report.stale] == [products[2].id]
    assert {(each.kind, each.key) for each in report.ghosts} == {(PRODUCT, 9_999), (SELLER, 8_888)}
    assert check_index(is_repairing=True).faults == 5
    refresh_marked()
    assert found("ghost") == set()
    assert found("forged") == set()
    assert found("zamrud") == {product.id for product in products}
    assert check_index().faults == 0


def test_versions_grow_for_many_at_once(session: Session, app: Flask) -> None:
    with transaction() as inner:
        assert raise_versions(inner, []) == {}
        assert raise_versions(inner, [(PRODUCT, 7), (SELLER, 7)]) == {(PRODUCT, 7): 1, (SELLER, 7): 1}
        names = [(PRODUCT, key) for key in range(1, 400)]
        raised = raise_versions(inner, names, {(PRODUCT, 9): 50})
    assert raised.keys() == set(names)
    assert {name: version for name, version in raised.items() if version != 1} == {(PRODUCT, 7): 2, (PRODUCT, 9): 51}
    with transaction() as inner:
        assert raise_versions(inner, [(PRODUCT, 9), (PRODUCT, 9)], {(PRODUCT, 9): 10}) == {(PRODUCT, 9): 62}


def test_erased_rows_leave_the_index(people: Cast) -> None:
    product = a_listed_product(people.seller(), title="Zamrud arabica")
    with transaction() as session:
        session.execute(delete(Product).where(Product.id == product.id))
        record(session, ProductChanged(product.id))
    assert found("zamrud") == set()
