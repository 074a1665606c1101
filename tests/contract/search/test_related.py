"""What comes behind too few finds: near by vector, under the same filters, and never counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
import pytest

from search import ranking
from search.document import Reference
from search.engine import Engine, connect
from search.parser import parse
from search.query import CertificateFilter, FacetWanted, Filter, KeywordFilter, NumberFilter, Query, Sort
from search.related import Embedder, Said
from search.schema import CATALOGUE
from tests.contract.search.conftest import ELASTIC, ENGINES, close_engine, open_engine
from tests.contract.search.corpus import DOCUMENTS, TODAY, product

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

# Which words point where: what shares none of them is not near at all.
TOPICS = {"coffee": 1.0, "roasted": 0.6, "sugar": 1.0, "coconut": 0.8, "briquettes": 1.0, "batik": 1.0}
ASKED = "coconut briquettes"
LIKENESS = 0.8**2 / (0.8**2 + 1)  # of coconut sugar: both are of coconut


@dataclass(frozen=True)
class Topics:
    """An embedder whose vectors can be worked out by hand."""

    name: str = "topicsone"
    dimensions: int = CATALOGUE.dimensions

    def vectors(self, texts: Sequence[Said]) -> NDArray[float32]:
        found = numpy.zeros((len(texts), self.dimensions), numpy.float32)
        for row, said in enumerate(texts):
            words = " ".join(text for _, text in said.texts).lower()
            for place, (word, weight) in enumerate(TOPICS.items()):
                found[row, place] = weight * (word in words)
        lengths = numpy.linalg.norm(found, axis=1, keepdims=True)
        return numpy.divide(found, lengths, out=numpy.zeros_like(found), where=lengths > 0)


class Given:
    """The embedder to use now; a test may give another."""

    def __init__(self) -> None:
        self.embedder: Embedder | None = Topics()

    def __call__(self) -> Embedder | None:
        return self.embedder


def asked(text: str = ASKED, *filters: Filter, day: date = TODAY) -> Query:
    return replace(parse(text, "en", day=day), filters=filters, related=True)


def related(engine: Engine, query: Query) -> list[int]:
    return [hit.key for hit in engine.search(query).related]


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def given() -> Given:
    return Given()


@pytest.fixture
def near(engine_name: str, given: Given, tmp_path: Path) -> Iterator[Engine]:
    """The corpus with vectors."""
    made = open_engine(engine_name, tmp_path, given)
    made.put(DOCUMENTS)
    made.refresh()
    yield made
    close_engine(made)


def test_behind_what_is_found_and_not_counted(near: Engine) -> None:
    facets = (FacetWanted("stage"), FacetWanted("incoterm"), FacetWanted("price_usd_kg", edges=(2.0,)))
    with_it = near.search(replace(asked(), facets=facets))
    without = near.search(replace(asked(), facets=facets, related=False))
    assert [hit.key for hit in with_it.related] == [4]
    assert not without.related
    assert (with_it.total, with_it.keys, with_it.facets) == (without.total, without.keys, without.facets)
    assert 4 not in with_it.keys
    last = min(hit.score for hit in with_it.hits)
    assert with_it.related[0].score == pytest.approx(last * ranking.RELATED * LIKENESS, rel=0.02)


def test_the_nearest_come_first(near: Engine) -> None:
    near.put(
        [product(60, {"en": "Coconut oil"}), product(3, {"en": "Roasted coconut coffee"}), product(61, {"en": "Soap"})]
    )
    near.refresh()
    assert related(near, asked()) == [60, 4, 3]


def test_no_more_than_a_few(near: Engine) -> None:
    near.put([product(100 + number, {"en": "Coconut oil"}) for number in range(20, 0, -1)])
    near.refresh()
    assert related(near, asked()) == list(range(101, 101 + ranking.MOST_RELATED))


@pytest.mark.parametrize(
    ("kept", "filters"),
    [
        (True, (NumberFilter("price_usd_kg", high=2.1),)),
        (False, (NumberFilter("price_usd_kg", high=2.0),)),
        (True, (KeywordFilter("stage", ("olah", "jual")),)),
        (False, (KeywordFilter("stage", ("jual",)),)),
        (True, (CertificateFilter(("halal",)),)),
        (False, (CertificateFilter(("organic-eu",)),)),
        (False, (KeywordFilter("spec.process", ("washed",)),)),
        (False, (NumberFilter("spec.cup_score", low=80.0),)),
    ],
)
def test_filters_hold(near: Engine, kept: bool, filters: tuple[Filter, ...]) -> None:
    query = asked(ASKED, *filters)
    assert related(near, query) == ([4] if kept else [])
    assert related(near, replace(query, sort=Sort("price_usd_kg"))) == ([4] if kept else [])


def test_a_certificate_counts_on_its_last_day(near: Engine) -> None:
    halal = CertificateFilter(("halal",))
    assert related(near, asked(ASKED, halal, day=date(2027, 1, 1))) == [4]
    assert related(near, asked(ASKED, halal, day=date(2027, 1, 2))) == []


def test_what_is_not_wanted_stays_away(near: Engine) -> None:
    assert related(near, asked(f"{ASKED} but not sugar")) == []


def test_conditions_read_from_the_text_hold(near: Engine) -> None:
    assert related(near, asked(f"{ASKED} under 3 USD/kg")) == [4]
    assert related(near, asked(f"{ASKED} under 2 USD/kg")) == []


def test_where_nothing_is_found(near: Engine) -> None:
    found = near.search(asked(ASKED, NumberFilter("price_usd_kg", low=2.0)))
    assert found.total == 0
    assert [hit.key for hit in found.related] == [4]
    assert found.related[0].score == pytest.approx(ranking.RELATED * LIKENESS, rel=0.02)


@pytest.mark.parametrize(
    "query",
    [
        asked("batik"),  # near to nothing
        asked("gfhxkq"),  # a word that no vector knows
        asked(""),
        asked("hs 4402"),  # a code is not near to anything
        replace(asked(), page=2),
        replace(asked(), signals_off=frozenset({"related"})),
        replace(asked(), kind="seller"),
    ],
)
def test_none(near: Engine, query: Query) -> None:
    assert near.search(query).related == ()


def test_a_full_page_needs_none(near: Engine) -> None:
    near.put([product(100 + number, {"en": f"Coconut briquettes, lot {number}"}) for number in range(12)])
    near.refresh()
    found = near.search(asked())
    assert found.total >= ranking.FILL_BELOW
    assert not found.related


def test_changes_are_followed(near: Engine) -> None:
    assert related(near, asked()) == [4]
    (sugar,) = [each for each in DOCUMENTS if each.key == 4]
    near.put([replace(sugar, version=2, titles={"en": "Fine sugar"}, descriptions={})])
    near.refresh()
    assert related(near, asked()) == []
    near.put([replace(sugar, version=3)])
    near.refresh()
    assert related(near, asked()) == [4]
    near.remove([Reference("product", 4, 4)])
    near.refresh()
    assert related(near, asked()) == []


def test_vectors_of_another_make_are_never_compared(near: Engine, given: Given) -> None:
    given.embedder = Topics("topicstwo")
    assert related(near, asked()) == []
    assert near.search(asked()).keys
    near.rebuild(DOCUMENTS)
    near.refresh()
    assert related(near, asked()) == [4]
    given.embedder = Topics()
    assert related(near, asked()) == []


def test_without_vectors_everything_else_is_as_ever(near: Engine, given: Given) -> None:
    before = near.search(asked())
    for other in (None, Topics(dimensions=CATALOGUE.dimensions + 1)):
        given.embedder = other
        found = near.search(asked())
        assert (found.total, found.keys, found.related) == (before.total, before.keys, ())
        near.put([product(70, {"en": "Coconut rope"})])
        near.refresh()
        assert 70 not in related(near, asked())
    given.embedder = Topics()
    assert related(near, asked()) == [4]  # what was written without a vector is near to nothing


def test_explained(near: Engine) -> None:
    told = near.explain(asked(), 4)
    assert not told.is_found
    assert told.related.place == 1
    assert told.related.likeness == pytest.approx(LIKENESS, abs=0.01)
    assert any("related" in line and "place 1" in line for line in told.lines())
    assert told.as_values()["related"]["place"] == 1
    off = near.explain(replace(asked(), signals_off=frozenset({"related"})), 4)
    assert off.related.place == 0
    assert not any("related" in line for line in off.lines())
    assert near.explain(asked(), 7).related.place == 0
    assert near.explain(asked(), 6).is_found


@pytest.mark.skipif(not ELASTIC, reason="an index on a server outlives a release; tables of another one are made anew")
def test_an_index_of_a_release_without_vectors_goes_on(given: Given) -> None:
    name = f"souqtest_{uuid.uuid4().hex[:10]}"
    former = connect(ELASTIC, prefix=name, time_out=20.0, schema=replace(CATALOGUE, dimensions=0))
    former.put(DOCUMENTS)
    former.refresh()
    former.close()
    now = connect(ELASTIC, prefix=name, time_out=20.0, embedding=given)
    try:
        assert related(now, asked()) == []
        assert now.search(asked()).keys
        assert now.put([product(60, {"en": "Coconut oil"})]) == 1
        assert not now.health().is_current
        now.rebuild(DOCUMENTS)
        assert related(now, asked()) == [4]
    finally:
        close_engine(now)
