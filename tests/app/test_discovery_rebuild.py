"""A rebuilt, emptied or unreachable index: nothing is lost, and the site says how it stands."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import ListingState
from marketplace.discovery.checking import check_index, fill_empty_index, rebuild_index
from marketplace.discovery.engine import engine, use_engine
from marketplace.discovery.jobs import AGAIN, look_after_index
from marketplace.discovery.models import DocumentVersion, StaleDocument
from marketplace.discovery.rules import PRODUCT
from marketplace.discovery.services import mark, refresh_marked
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import MAX_ATTEMPTS, run_due
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.uow import transaction
from marketplace.web import checks
from search.document import Document, Reference
from search.engine import connect
from search.errors import EngineUnavailable
from tests.support.factories import a_listed_product
from tests.support.indexing import change, found, marks
from tests.support.people import Cast


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


@pytest.mark.usefixtures("lagging")
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


@pytest.mark.usefixtures("lagging")
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
    look_after_index()
    look_after_index()  # as two workers would: one rebuild is queued
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
