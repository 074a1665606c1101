"""The index keeps step with the rows: in one transaction, over cascades, after faults, and it can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged
from marketplace.accounts.models import Organisation
from marketplace.catalogue.events import CertificateChanged, ProductChanged
from marketplace.catalogue.models import Certificate, Product, ProductText
from marketplace.catalogue.rules import ListingState
from marketplace.discovery.checking import check_index, fill_empty_index, rebuild_index
from marketplace.discovery.engine import embedded_engine, engine, use_engine
from marketplace.discovery.jobs import AGAIN, refresh_index
from marketplace.discovery.models import DocumentVersion, StaleDocument
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.discovery.services import mark, raise_versions, refresh_marked
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.events import record
from marketplace.kernel.jobs import MAX_ATTEMPTS, run_due
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.uow import transaction
from marketplace.sellers.events import SellerCurated
from marketplace.sellers.models import Seller
from marketplace.web import checks
from search.document import Document, Reference
from search.engine import connect
from search.errors import EngineUnavailable
from search.parser import parse
from search.query import CertificateFilter, KeywordFilter, Query
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast


def found(text: str = "", kind: str = PRODUCT) -> set[int]:
    """Keys that a search answers."""
    return set(engine().search(replace(parse(text, day=today()), kind=kind, size=100, repair=False)).keys)


def change(product: Product, **columns: Any) -> None:
    """Change columns of a product as a service does: with its event."""
    with transaction() as session:
        session.execute(update(Product).where(Product.id == product.id).values(**columns))
        record(session, ProductChanged(product.id))


def marks(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StaleDocument)) or 0


@pytest.fixture
def outside(app: Flask) -> Iterator[None]:
    """An index outside the database, as at scale: fed by the job alone."""
    app.extensions["souq_settings"] = replace(
        app.extensions["souq_settings"],
        stores=replace(app.extensions["souq_settings"].stores, search_url="sqlite:////elsewhere"),
    )
    use_engine(connect("sqlite:"))
    yield
    use_engine(None)


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


def test_a_rebuild_fills_an_emptied_index(people: Cast, session: Session) -> None:
    seller = people.seller()
    products = {a_listed_product(seller, title=f"Zamrud {number}").id for number in range(3)}
    session.rollback()
    engine().remove([Reference(PRODUCT, key, 3) for key in products])
    assert found("zamrud") == set()
    with transaction() as inner:
        inner.execute(update(DocumentVersion).values(version=5))
    assert rebuild_index() == 4
    assert found("zamrud") == products
    assert check_index().faults == 0


def test_a_rebuild_after_the_database_was_put_back_loses_nothing(people: Cast, session: Session) -> None:
    seller = people.seller()
    products = {a_listed_product(seller, title=f"Zamrud {number}").id for number in range(3)}
    with transaction() as inner:  # the copy is older than the index beside it
        inner.execute(update(DocumentVersion).values(version=1))
    first = min(products)
    engine().put([Document(PRODUCT, first, 70, {"en": "Zamrud of a later day"})])
    assert rebuild_index() == 4
    engine().refresh()
    assert found("zamrud") == products
    assert check_index().faults == 0


def test_a_rebuild_takes_the_marks_of_what_it_read_and_no_others(people: Cast, session: Session) -> None:
    seller = people.seller()
    products = [a_listed_product(seller, title=f"Zamrud {number}") for number in range(3)]
    refresh_marked()
    with transaction() as inner:
        mark(inner, [(PRODUCT, each.id) for each in products] + [(PRODUCT, 9_999)])

    def change_meanwhile(_count: int) -> None:
        with transaction() as inner:
            mark(inner, [(PRODUCT, products[1].id)])

    rebuild_index(change_meanwhile)
    session.rollback()
    left = {(key, version) for key, version in session.execute(select(StaleDocument.key, StaleDocument.version))}
    assert left == {(products[1].id, 2), (9_999, 1)}
    refresh_marked()
    assert marks(session) == 0
    assert check_index().faults == 0


def test_a_rebuild_that_fails_leaves_nothing_that_looks_wrong(people: Cast, session: Session) -> None:
    seller = people.seller()
    products = {a_listed_product(seller, title=f"Zamrud {number}").id for number in range(3)}
    refresh_marked()

    def fail(_count: int) -> None:
        raise EngineUnavailable("cut")

    with pytest.raises(EngineUnavailable):
        rebuild_index(fail)
    assert check_index().faults == 0
    assert found("zamrud") == products
    assert marks(session) == 4  # versions went ahead of the index, and are brought in
    refresh_marked()
    assert marks(session) == 0
    assert check_index().faults == 0
    assert found("zamrud") == products


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


def state_of_search(client: FlaskClient) -> str:
    answer = client.get("/readyz").json
    assert answer is not None
    return str(answer["checks"]["search"])


def test_an_emptied_index_is_no_ready_site(people: Cast, client: FlaskClient) -> None:
    assert state_of_search(client) == "ok"  # nothing is public, so nothing is missing
    a_listed_product(people.seller())
    refresh_marked()
    engine().refresh()
    assert state_of_search(client) == "ok"
    engine().remove([Reference(each.kind, each.key, each.version + 1) for each in engine().versions()])
    engine().refresh()
    assert state_of_search(client) == "failing"
    assert client.get("/readyz").status_code == 503
    assert not checks.search(is_thorough=True).is_fine
    rebuild_index()
    engine().refresh()
    assert state_of_search(client) == "ok"
    assert checks.search(is_thorough=True).is_fine


def test_the_doctor_sees_an_index_that_lacks_most(people: Cast) -> None:
    seller = people.seller()
    products = [a_listed_product(seller) for _ in range(5)]
    refresh_marked()
    engine().remove([Reference(PRODUCT, each.id, 90) for each in products[:4]])
    engine().refresh()
    assert checks.search().is_fine  # a look that is asked for every few seconds does not count the catalogue
    found_wrong = checks.search(is_thorough=True)
    assert not found_wrong.is_fine
    assert "run souq search rebuild" in found_wrong.detail


@pytest.mark.usefixtures("outside")
def test_the_worker_fills_an_index_that_was_made_anew(people: Cast, session: Session) -> None:
    assert fill_empty_index() == 0  # there is nothing to find
    seller = people.seller()
    products = [a_listed_product(seller, title=f"Zamrud {number}") for number in range(4)]
    refresh_marked()
    assert fill_empty_index() == 0  # there is nothing missing
    use_engine(connect("sqlite:"))  # as after a release whose tables are others: empty, and nothing is marked
    change(products[0], state=ListingState.LISTED)
    refresh_marked()
    assert marks(session) == 0
    assert found("zamrud") == {products[0].id}  # only what changed since
    refresh_index()
    refresh_index()  # as two workers would: one rebuild is queued
    run_due()
    assert session.scalar(select(func.count()).select_from(Task).where(Task.job == "discovery.fill_index")) == 1
    assert found("zamrud") == {product.id for product in products}
    assert fill_empty_index() == 0


@pytest.mark.usefixtures("outside")
def test_an_outage_leaves_nothing_to_do_by_hand(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = people.seller()
    for number in range(3):
        a_listed_product(seller, title=f"Safir arabica {number}")
    run_due()
    product = a_listed_product(seller, title="Zamrud arabica")
    began, waiting = now(), marks(session)

    def down(_documents: object) -> int:
        raise EngineUnavailable("down")

    with monkeypatch.context() as patch:
        patch.setattr(engine(), "put", down)
        for number in range(3 * MAX_ATTEMPTS):  # far more often than a task is tried
            with frozen(began + number * AGAIN):
                run_due()
    states = set(session.scalars(select(Task.state).where(Task.job == "discovery.refresh_index")))
    assert states == {TaskState.DONE, TaskState.READY}
    assert marks(session) == waiting > 0
    with frozen(began + 3 * MAX_ATTEMPTS * AGAIN):
        run_due()
    assert found("zamrud") == {product.id}
    assert marks(session) == 0


def test_erased_rows_leave_the_index(people: Cast) -> None:
    product = a_listed_product(people.seller(), title="Zamrud arabica")
    with transaction() as session:
        session.execute(delete(Product).where(Product.id == product.id))
        record(session, ProductChanged(product.id))
    assert found("zamrud") == set()
