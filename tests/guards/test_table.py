"""The table of guards is true: each stands where it says, its tests exist, and taking it out turns them red."""

from __future__ import annotations

import ast

import pytest

from tests.guards.plugin import ROOT, VARIABLE, text_without
from tests.guards.run import FAILED, run_tests
from tests.guards.table import GUARDS, Guard

TRIED = ("a form acts once", "formulas in tables", "a code is good once")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_stands_where_the_table_says_and_its_tests_exist(guard: Guard) -> None:
    ast.parse(text_without(guard))
    assert guard.tests
    for test in guard.tests:
        path, _, name = test.partition("::")
        found = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        assert name.partition("[")[0] in {one.name for one in found if isinstance(one, ast.FunctionDef)}, test


def test_no_guard_stands_twice_in_the_table() -> None:
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    assert set(TRIED) <= {guard.name for guard in GUARDS}


@pytest.mark.parametrize("name", TRIED)
def test_without_its_guard_a_test_turns_red(name: str) -> None:
    guard = next(one for one in GUARDS if one.name == name)
    done = run_tests(guard.tests, name)
    assert done.returncode == FAILED, done.stdout[-2000:] + done.stderr[-2000:]
    assert "AssertionError" in done.stdout or "Failed: DID NOT RAISE" in done.stdout  # no fault of the taking out


def test_the_product_knows_nothing_of_it() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("marketplace", "config")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert not [text for text in texts if VARIABLE in text or "tests.guards" in text]
