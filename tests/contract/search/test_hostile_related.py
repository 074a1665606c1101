"""Hostile strings where what is near is asked for, too: an answer, nothing that a filter holds back, no runaway."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from time import process_time
from typing import TYPE_CHECKING

import numpy
import pytest

from matching.embedding import learn
from search.engine import Engine
from search.parser import parse
from search.query import NumberFilter, Query
from search.related import Said, said_of_document
from search.schema import CATALOGUE
from tests.contract.search.conftest import ENGINES, close_engine, open_engine
from tests.contract.search.corpus import DOCUMENTS, TODAY
from tests.contract.search.test_hostile import HOSTILE

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_ALPHABETS = (
    "abcxyz",
    "äßéøıł",
    "кофея",
    "قهوة",
    "กาแฟ",
    "咖啡椰糖",
    "🙂☕",
    "０ａｂ",
    "\u0301\u200d\u202e",
    "0123456789",
    "'\"\\(){}[]*?:~^",
)
ODD = ["".join(Random(seed).choices(letters, k=200)) for seed, letters in enumerate(_ALPHABETS)]
ODD += [" ".join(Random(seed).choices(letters, k=100)) for seed, letters in enumerate(_ALPHABETS)]
ODD += [f"coffee {odd}"[:200] for odd in ODD]  # a word that is known makes it a vector
NOTHING = NumberFilter("price_usd_kg", low=1e9)


@dataclass(frozen=True)
class Odd:
    """An embedder that was spoiled: every vector is the same, and such as no cosine is made of."""

    values: tuple[float, ...]
    name: str = "oddone"
    dimensions: int = CATALOGUE.dimensions

    def vectors(self, texts: Sequence[Said]) -> NDArray[float32]:
        row = numpy.zeros(self.dimensions, numpy.float32)
        row[: len(self.values)] = self.values
        return numpy.tile(row, (len(texts), 1))


@pytest.fixture(scope="module", params=ENGINES)
def near(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The corpus with vectors that were learnt from it; tests that use it do not write."""
    folder = tmp_path_factory.mktemp("near")
    learnt = learn(map(said_of_document, DOCUMENTS), folder / "learntone")
    engine = open_engine(request.param, folder, lambda: learnt)
    engine.put(DOCUMENTS)
    engine.refresh()
    yield engine
    close_engine(engine)


def asked(text: str, language: str = "en") -> Query:
    return replace(parse(text, language, day=TODAY), related=True, highlight=True)


def test_the_leg_is_there(near: Engine) -> None:
    assert near.search(asked("coconut briquettes")).related


@pytest.mark.parametrize("text", [*HOSTILE, *ODD], ids=range(len(HOSTILE) + len(ODD)))
@pytest.mark.parametrize("language", ["en", "zh_Hant"])
def test_a_page_of_few_finds(near: Engine, text: str, language: str) -> None:
    query = asked(text, language)
    found = near.search(query)
    assert 0 <= found.total <= 7
    assert not set(found.keys) & {hit.key for hit in found.related}
    assert all(hit.score == hit.score for hit in found.related)
    assert near.search(replace(query, filters=(NOTHING,))).related == ()
    near.explain(query, 1)


def test_nothing_costs_much_more_than_a_page_with_what_is_near(near: Engine) -> None:
    def cost(text: str) -> float:
        best = 9.9
        for _ in range(3):
            started = process_time()
            near.search(asked(text))
            best = min(best, process_time() - started)
        return best

    normal = max(cost("arabica green coffee from ijen"), 0.01)
    worst = max([*HOSTILE, *ODD], key=cost)
    assert cost(worst) <= 5 * normal, json.dumps(worst)


@pytest.mark.parametrize(
    "values",
    [(float("nan"),), (float("inf"), 1.0), (1e30, 1e30), (1e-30,), (3.0, 4.0), (1.0008,)],  # the last is refused, too
    ids=str,
)
@pytest.mark.parametrize("engine_name", ENGINES)
def test_vectors_that_are_none_cost_only_what_is_near(
    engine_name: str, values: tuple[float, ...], tmp_path: Path
) -> None:
    engine = open_engine(engine_name, tmp_path, lambda: Odd(values))
    try:
        assert engine.put(DOCUMENTS) == len(DOCUMENTS)
        engine.refresh()
        assert engine.search(asked("coconut briquettes")).keys
        assert engine.rebuild(DOCUMENTS) == len(DOCUMENTS)
        found = engine.search(asked("coconut briquettes"))
        assert found.keys
        assert found.related == ()
    finally:
        close_engine(engine)
