"""The nearest by vector, found by words or not, as an evaluation asks for them: alike on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search.engine import Engine
from search.evaluation.running import run
from search.evaluation.sets import AskedQuery
from search.parser import parse
from search.query import KeywordFilter, Query
from tests.contract.search.conftest import ENGINES, close_engine, open_engine
from tests.contract.search.corpus import DOCUMENTS, TODAY
from tests.contract.search.test_related import ASKED, LIKENESS, Given


@pytest.fixture(params=ENGINES)
def near(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The corpus with vectors."""
    made = open_engine(request.param, tmp_path, Given())
    made.put(DOCUMENTS)
    made.refresh()
    yield made
    close_engine(made)


def _asked(text: str = ASKED) -> Query:
    return parse(text, "en", day=TODAY)


def test_what_words_find_is_among_the_nearest(near: Engine) -> None:
    found = near.neighbours(_asked(), 2)
    assert [each.key for each in found] == [6, 4]
    assert found[0].likeness == pytest.approx(1.0, abs=0.01)
    assert found[1].likeness == pytest.approx(LIKENESS, abs=0.01)
    assert [each.key for each in near.neighbours(_asked(), 1)] == [6]
    assert near.neighbours(_asked(), 0) == ()


def test_the_nearest_meet_the_filters_and_what_is_unwanted_is_left_out(near: Engine) -> None:
    filtered = replace(_asked(), filters=(KeywordFilter("incoterm", ("CIF",)),))
    assert near.neighbours(filtered, 5)[0].key == 6
    assert 4 not in [each.key for each in near.neighbours(_asked(f"{ASKED} not sugar"), 100)]


def test_without_an_embedder_nothing_is_near(engine: Engine) -> None:
    engine.put(DOCUMENTS)
    engine.refresh()
    assert engine.neighbours(_asked(), 10) == ()


def test_a_dense_leg_is_fused_by_ranks(near: Engine) -> None:
    asked = [AskedQuery("q", ASKED, "en", "")]
    words = near.search(_asked()).keys
    assert words == (6,)
    (found,) = run(near, asked, str, dense=0.5).values()
    assert [name for name, _ in found][:2] == ["6", "4"]
    assert found[0][1] == pytest.approx(1.5 / 61)
    assert found[1][1] == pytest.approx(0.5 / 62)
    assert [name for name, _ in run(near, asked, str)["q"]] == ["6", "4"]  # what is related comes behind on the site
    assert len(run(near, asked, str, dense=0.5, depth=1)["q"]) == 1
