"""Offers near to a request, from Elasticsearch and exactly: the same shortlist, whatever changes meanwhile."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from marketplace.matchmaking.reading import read
from matching.filters import WORDS, conditions_of, entry_of
from matching.matcher import SupplierMatcher
from matching.vectors import DIMENSIONS, Vectors, text_of_offer, text_of_request
from search.engines.elastic.neighbours import ElasticNeighbours, open_neighbours
from search.near import Condition, Entry, ExactNeighbours, Is
from tests.conftest import NOON
from tests.golden.matching.judging import POSTED, requests
from tests.golden.matching.market import sample_offers
from tests.scaled.conftest import named
from tests.support.application import build, home_settings, prepared_database

pytestmark = pytest.mark.scaled
DEEP = 50
FLOOR = 0.98


@dataclass(frozen=True)
class Asked:
    """A golden request as it is looked for."""

    vector: list[float]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Market:
    """The sample's offers and the golden requests."""

    entries: list[Entry]
    asked: list[Asked]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    home = tmp_path_factory.mktemp("neighbours")
    prepared_database(home)
    with build(home_settings(home)).app_context(), frozen(NOON):
        matcher = SupplierMatcher().fit(sample_offers(db.session()))
        db.session.remove()
        db.engine.dispose()
    keys = sorted(matcher.offers_)
    texts = [text_of_offer(matcher.offers_[key], matcher.readings_[key]) for key in keys]
    vectors = Vectors().fit(texts)
    entries = [
        entry_of(matcher.offers_[key], matcher.readings_[key], vector.tolist(), 1, matcher.lexicon_)
        for key, vector in zip(keys, vectors.transform(texts), strict=True)
    ]
    profiles = [read(each.text, each.language, POSTED) for each in requests()]
    rows = vectors.transform([text_of_request(each) for each in profiles])
    asked = [
        Asked(row.tolist(), conditions_of(profile, matcher.wanted(profile), POSTED))
        for profile, row in zip(profiles, rows, strict=True)
        if row.any()
    ]
    return Market(entries, asked)


@pytest.fixture
def index() -> Iterator[ElasticNeighbours]:
    server = f"{named('SOUQ_TEST_ELASTIC')}/souqtest_{uuid.uuid4().hex[:10]}"
    made = open_neighbours(server, "aaaa", DIMENSIONS, WORDS, time_out=20.0)
    yield made
    made.drop()
    made.close()


def test_the_shortlist_is_the_exact_one(index: ElasticNeighbours, market: Market) -> None:
    assert not index.is_ready()
    assert index.rebuild(market.entries) == len(market.entries)
    assert index.is_ready()
    exact = ExactNeighbours(market.entries)
    anything = [replace(each, conditions=each.conditions[:1]) for each in market.asked]
    for questions in (market.asked, anything):
        found = wanted = 0
        for each in questions:
            expected = exact.nearest(each.vector, each.conditions, DEEP)
            answer = index.nearest(each.vector, each.conditions, DEEP)
            assert len(answer) == len(expected)
            assert [one.likeness for one in answer] == pytest.approx([one.likeness for one in expected], abs=0.02)
            # equals may stand in for one another at the end of the list
            last = expected[-1].likeness - 1e-4 if expected else 0.0
            found += sum(one.likeness >= last for one in answer)
            wanted += len(expected)
        assert wanted > len(questions)
        assert found / wanted >= FLOOR


def test_a_changed_offer_is_one_document_and_found_soon(index: ElasticNeighbours, market: Market) -> None:
    index.rebuild(market.entries[:50])
    first = market.entries[0]
    gone = replace(first, version=3, words={**first.words, "state": []})
    open_now = [Is("state", frozenset({"open"}))]
    assert index.nearest(first.vector, open_now, 1)[0].likeness == pytest.approx(1.0, abs=0.01)
    assert index.put([gone, replace(first, version=2)]) == 1  # the older one came late
    index.refresh()
    assert first.key not in {each.key for each in index.nearest(first.vector, open_now, 50)}
    assert first.key in {each.key for each in index.nearest(first.vector, [], 50)}
    index.put([replace(first, version=4)])
    began = time.monotonic()
    while first.key not in {each.key for each in index.nearest(first.vector, open_now, 50)}:
        assert time.monotonic() - began < 20  # a lost write, not a slow machine
    assert index.remove({first.key: 5}) == 1
    assert index.put([first]) == 0
    index.refresh()
    assert first.key not in {each.key for each in index.nearest(first.vector, [], 50)}


def test_another_make_is_filled_beside_the_one_that_answers(index: ElasticNeighbours, market: Market) -> None:
    index.rebuild(market.entries[:20])
    server = f"{named('SOUQ_TEST_ELASTIC')}/{index._prefix.removesuffix('-near')}"
    other = open_neighbours(server, "bbbb", DIMENSIONS, WORDS, time_out=20.0)
    try:
        other.rebuild(market.entries[20:60])
        assert len(index.nearest(market.entries[0].vector, [], 100)) == 20
        assert len(other.nearest(market.entries[0].vector, [], 100)) == 40
        other.forget_others([])
        assert not index.is_ready()
        assert other.is_ready()
    finally:
        other.drop()
        other.close()


def test_a_rebuild_takes_the_place_of_the_former(index: ElasticNeighbours, market: Market) -> None:
    index.rebuild(market.entries[:20])
    index.rebuild(market.entries[:30])
    assert len(index.nearest(market.entries[0].vector, [], 100)) == 30
