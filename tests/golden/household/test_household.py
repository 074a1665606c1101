"""Search reads any trade: a shop for the home, in which coffee tables are tables."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest

from search.engine import connect
from search.evaluation.baseline import Baseline
from search.evaluation.figures import by_group, difference, figures
from search.evaluation.running import Run, run
from search.evaluation.sets import AskedQuery, Judgements, document_of
from tests.golden.household.goods import asked, things

THINGS = things()
DOCUMENTS = [document_of(thing.as_row(), key) for key, thing in enumerate(THINGS, 1)]
NAMES = {key: thing.id for key, thing in enumerate(THINGS, 1)}
ASKED = [AskedQuery(each.id, each.text, "en", each.id.partition("-")[2]) for each in asked(THINGS)]
AS_WRITTEN = [each for each in ASKED if each.kind not in ("joined", "typo")]
ELASTIC = os.environ.get("SOUQ_TEST_ELASTIC", "")


@pytest.fixture(scope="module")
def judged() -> Judgements:
    graded = {each.id: {thing.id: each.grade(thing) for thing in THINGS} for each in asked(THINGS)}
    return {name: {key: grade for key, grade in grades.items() if grade} for name, grades in graded.items()}


@pytest.fixture(
    scope="module", params=["sqlite:", *([ELASTIC] if ELASTIC else [])], ids=lambda address: address.partition(":")[0]
)
def found(request: pytest.FixtureRequest) -> Iterator[Run]:
    options = {} if request.param == "sqlite:" else {"prefix": f"souqtest_{uuid.uuid4().hex[:10]}", "time_out": 20.0}
    engine = connect(request.param, **options)
    engine.rebuild(DOCUMENTS)
    engine.refresh()
    yield run(engine, ASKED, NAMES.__getitem__)
    if options:
        engine.drop()  # type: ignore[attr-defined]  # only Elasticsearch has it
    engine.close()


@pytest.fixture(scope="module")
def alone() -> Run:
    """What SQLite's own full-text search finds."""
    baseline = Baseline(DOCUMENTS)
    found = baseline.run(ASKED, NAMES)
    baseline.close()
    return found


def test_words_as_they_are_written(found: Run, alone: Run, judged: Judgements) -> None:
    gain = difference(AS_WRITTEN, found, alone, judged)
    assert gain.low > 0.05, gain


def test_no_kind_of_query_is_worse(found: Run, alone: Run, judged: Judgements) -> None:
    ours, theirs = (by_group(ASKED, each, judged, lambda query: query.kind) for each in (found, alone))
    assert {kind: each.ndcg for kind, each in ours.items() if each.ndcg < theirs[kind].ndcg} == {}


def test_words_joined_parted_and_misspelt(found: Run, judged: Judgements) -> None:
    by_kind = by_group(ASKED, found, judged, lambda query: query.kind)
    assert by_kind["joined"].ndcg > 0.65
    assert by_kind["typo"].ndcg > 0.6
    assert figures(ASKED, found, judged).zero_results < 0.02
