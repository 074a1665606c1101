"""Where offers are too many for every process, a shortlist comes from an index; what it is and when it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import numpy
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Certificate, MarketRegistration, Product, ProductCertificate
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.uow import transaction
from marketplace.matchmaking import near
from marketplace.matchmaking.jobs import ask_for_near, look_after_near
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.near import current_make, near_folder, use_neighbours
from marketplace.matchmaking.reading import read
from marketplace.sellers.events import SellerChanged
from marketplace.sellers.services import keep_answer_statistics
from search.errors import EngineUnavailable
from search.near import Condition, Entry, ExactNeighbours, Neighbour
from tests.app.test_matchmaking import sugar
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
TEXT = "300 kg coconut sugar to Germany"


class Server:
    """A server that keeps one index a make, in memory, and may rest."""

    def __init__(self) -> None:
        self.kept: dict[str, ExactNeighbours] = {}
        self.is_resting = False

    def connect(self, make: str) -> ExactNeighbours:
        return self.kept.setdefault(make, Resting(self))


class Resting(ExactNeighbours):
    """An index of that server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__()

    def nearest(self, vector: object, conditions: object, n: int) -> list[Neighbour]:
        """The nearest, or EngineUnavailable."""
        if self._server.is_resting:
            raise EngineUnavailable("the search engine does not answer")
        told: list[Condition] = list(conditions)  # type: ignore[call-overload]  # taken as objects above
        return super().nearest(vector, told, n)  # type: ignore[arg-type]  # the same

    def put(self, entries: Iterable[Entry]) -> int:
        """How many changed, or EngineUnavailable."""
        if self._server.is_resting:
            raise EngineUnavailable("the search engine does not answer")
        return super().put(entries)

    def drop(self) -> None:
        """Nothing is left, or EngineUnavailable."""
        if self._server.is_resting:
            raise EngineUnavailable("the search engine does not answer")
        super().drop()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(near, "NEAR_FROM", 1)
    made = Server()
    use_neighbours(made.connect)
    yield made
    use_neighbours(None)


def found(text: str = TEXT) -> tuple[list[int], str]:
    session = db.session()
    answer, model = matcher_of_process().recommend(session, read(text, "en", now().date()), 5)
    session.rollback()
    return [int(each.offer) for each in answer.matches], model


def test_the_shortlist_ranks_as_memory_does(people: Cast, server: Server) -> None:
    product = sugar(people.seller())
    exact, model = found()
    assert exact == [product]
    assert current_make() is None
    look_after_near()
    assert found() == (exact, f"near-{current_make()}")
    assert not model.startswith("near-")
    assert found("industrial sewing machines") == ([], f"near-{current_make()}")


def test_the_hours_look_begins_nothing_where_nothing_is_to_be_done(
    people: Cast, session: Session, server: Server
) -> None:
    morning = now().replace(hour=8, minute=0)

    def asked_for(later: timedelta) -> int:
        with frozen(morning + later):
            ask_for_near()
            session.rollback()
            named = select(func.count()).select_from(Task).where(Task.job == "matchmaking.look_after_near")
            return session.scalar(named) or 0

    assert asked_for(timedelta(0)) == 0  # there is no offer
    sugar(people.seller())
    assert asked_for(timedelta(0)) == 1
    assert asked_for(timedelta(0)) == 1  # of two workers one
    with frozen(morning):
        look_after_near()
    assert asked_for(timedelta(hours=1)) == 1
    assert asked_for(timedelta(days=1)) == 2  # certificates begin and registrations end with the day
    with frozen(morning + timedelta(days=1)):
        look_after_near()
    assert asked_for(timedelta(days=1, hours=1)) == 2
    server.is_resting = True
    assert asked_for(timedelta(days=1, hours=2)) == 2  # nobody can say; it is asked for again in an hour
    server.is_resting = False
    use_neighbours(None)  # operators took the server away: what is left goes
    assert asked_for(timedelta(days=1, hours=3)) == 3
    with frozen(morning + timedelta(days=1, hours=3)):
        look_after_near()
    assert asked_for(timedelta(days=1, hours=4)) == 3


def test_a_changed_offer_is_one_document(people: Cast, session: Session, server: Server) -> None:
    seller = people.seller()
    first = sugar(seller)
    look_after_near()
    second = sugar(seller)
    run_due()
    index = server.kept[current_make() or ""]
    before = index._known[str(second)]
    assert set(index._known) == {str(first), str(second)}
    with frozen(now() + timedelta(seconds=1)), transaction() as writing:
        writing.get_one(Product, second).lead_time_days = 77
        record(writing, ProductChanged(second))
    with frozen(now() + timedelta(seconds=1)):
        run_due()
    assert index._known[str(second)].numbers["lead_days"] == 77
    assert index._known[str(second)].version > before.version
    near.refresh_offers(session, [first, 10**6])
    assert set(index._known) == {str(first), str(second)}


def test_a_change_during_an_outage_reaches_the_index_after_it(people: Cast, session: Session, server: Server) -> None:
    seller = people.seller()
    sugar(seller)
    look_after_near()
    index = server.kept[current_make() or ""]
    server.is_resting = True
    second = sugar(seller)
    for minutes in range(12):  # more often than a failing task is tried
        with frozen(now() + timedelta(minutes=minutes)):
            run_due()
    assert str(second) not in index._known
    assert session.scalars(select(Task.state).where(Task.state == TaskState.DEAD)).all() == []
    server.is_resting = False
    with frozen(now() + timedelta(minutes=13)):
        run_due()
    assert str(second) in index._known


def test_a_change_while_the_index_is_filled_reaches_it_afterwards(
    people: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = people.seller()
    first, added = sugar(seller), []
    rebuild = Resting.rebuild

    def slowly(index: Resting, entries: Iterable[Entry]) -> int:
        read = list(entries)  # the rows as they were
        if read and not added:
            assert near.is_filling()
            assert near.look_after(db.session()) is None  # another worker leaves it alone
            added.append(sugar(seller))
            run_due()
        return rebuild(index, read)

    monkeypatch.setattr(Resting, "rebuild", slowly)
    look_after_near()
    assert not near.is_filling()
    index = server.kept[current_make() or ""]
    assert set(index._known) == {str(first)}
    with frozen(now() + timedelta(minutes=2)):
        run_due()
    assert set(index._known) == {str(first), str(added[0])}


def test_an_offer_that_went_is_not_shown_even_before_the_index_knows(people: Cast, server: Server) -> None:
    product = sugar(people.seller())
    look_after_near()
    with transaction() as session:
        session.get_one(Product, product).state = ListingState.WITHDRAWN
    assert found()[0] == []
    near.refresh_offers(db.session(), [product])
    assert server.kept[current_make() or ""]._known == {}


def test_while_the_index_rests_memory_answers(people: Cast, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    product = sugar(people.seller())
    look_after_near()
    server.is_resting = True
    answer, model = found()
    assert answer == [product]
    assert not model.startswith("near-")
    assert "matchmaking.near_rests" in [each.message for each in caplog.records]


def test_spoiled_vectors_are_no_reason_to_fail_and_are_learnt_anew(people: Cast, server: Server) -> None:
    product = sugar(people.seller())
    look_after_near()
    former = current_make()
    (near_folder() / str(former) / "projection.npy").write_bytes(b"spoiled")
    use_neighbours(server.connect)  # as another process, which has loaded nothing
    assert found()[0] == [product]
    with frozen(now() + timedelta(seconds=2)):
        look_after_near()
        assert current_make() != former
        assert found() == ([product], f"near-{current_make()}")


def test_it_is_filled_once_and_again_when_old(people: Cast, server: Server) -> None:
    sugar(people.seller())
    look_after_near()
    first = current_make()
    look_after_near()
    assert current_make() == first
    with frozen(now() + near.NEAR_KEPT + timedelta(days=1)):
        look_after_near()
        second = current_make()
        assert second != first
    with frozen(now() + 3 * near.NEAR_KEPT):
        look_after_near()
    kept = {each.name for each in near_folder().iterdir() if each.is_dir()}
    assert kept == {second, current_make()}  # the one before still serves whoever has not looked


def test_few_offers_need_no_index(people: Cast, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    product = sugar(people.seller())
    look_after_near()
    assert current_make() is not None
    monkeypatch.setattr(near, "NEAR_FROM", 1_000)
    look_after_near()
    assert current_make() is None
    assert found()[0] == [product]


def test_what_the_index_held_goes_with_it(
    people: Cast, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sugar(people.seller())
    look_after_near()
    index = server.kept[current_make() or ""]
    monkeypatch.setattr(near, "NEAR_FROM", 1_000)
    server.is_resting = True
    look_after_near()  # the pointer goes at once, the rest when the server answers again
    assert current_make() is None
    assert index._known
    server.is_resting = False
    look_after_near()
    assert index._known == {}
    assert not index.is_ready()
    assert [each for each in near_folder().iterdir() if each.is_dir()] == []


def test_how_soon_a_seller_answers_marks_no_offer(people: Cast, session: Session, server: Server) -> None:
    seller = people.seller()
    product = sugar(seller)
    run_due()
    key = session.get_one(Product, product).seller_id

    def queued() -> int:
        waiting = select(Task.id).where(Task.job == "matchmaking.refresh_near", Task.state == TaskState.READY)
        return len(session.scalars(waiting).all())

    with transaction() as writing:
        keep_answer_statistics(writing, key, 7, 5, 90)
    assert queued() == 0
    with transaction() as writing:
        record(writing, SellerChanged(key))
    assert queued() == 1


def test_what_begins_or_ends_with_the_day_reaches_the_index(people: Cast, session: Session, server: Server) -> None:
    product = sugar(people.seller())
    day = today()
    with transaction() as writing:
        seller_id = writing.get_one(Product, product).seller_id
        paper = Certificate(
            seller_id=seller_id, code="haccp", issuer="Sample Inspections", number="S-1", verified_at=now(), created_at=now(),
            valid_from=day + timedelta(days=2), valid_to=day + timedelta(days=400),
        )  # fmt: skip
        writing.add(paper)
        writing.flush()  # the row below names it
        writing.add(ProductCertificate(product_id=product, certificate_id=paper.id))
        writing.add(MarketRegistration(product_id=product, kind="fda", valid_to=day + timedelta(days=1)))
    look_after_near()
    index = server.kept[current_make() or ""]
    until = ("until_haccp", "until_registration-fda")

    def told() -> list[bool]:
        return [each in index._known[str(product)].numbers for each in until]

    assert told() == [False, True]
    for days, expected in ((1, [False, True]), (2, [True, False]), (3, [True, False])):
        with frozen(now() + timedelta(days=days)):
            look_after_near()
        assert told() == expected


@pytest.mark.parametrize("filled_with", [0.0, float("nan")])
def test_vectors_spoiled_in_their_right_shape_are_told_and_learnt_anew(
    people: Cast, server: Server, caplog: pytest.LogCaptureFixture, filled_with: float
) -> None:
    product = sugar(people.seller())
    look_after_near()
    former = current_make()
    file = near_folder() / str(former) / "projection.npy"
    numpy.save(file, numpy.full_like(numpy.load(file), filled_with))
    use_neighbours(server.connect)  # as another process, which has loaded nothing
    answer, model = found()
    assert (answer, model.startswith("near-")) == ([product], False)
    assert "matchmaking.near_rests" in [each.message for each in caplog.records]
    with frozen(now() + timedelta(seconds=2)):
        look_after_near()
        assert found() == ([product], f"near-{current_make()}")
    assert current_make() != former


def test_without_a_server_nothing_is_kept(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "NEAR_FROM", 0)
    sugar(people.seller())
    look_after_near()
    assert current_make() is None
    assert not near_folder().exists()
