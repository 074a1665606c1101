"""What changed between two revisions: complete, or not told at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.document import Reference
from search.engine import Engine
from search.engines.sqlite.engine import SqliteEngine
from search.engines.sqlite.tables import touch
from tests.contract.search.corpus import DOCUMENTS, product

TEA = product(50, {"en": "Green tea from Malang"}, price=4.0)
SALT = product(51, {"en": "Sea salt from Madura"}, price=1.0)


def told(engine: Engine, since: str) -> dict[int, bool] | None:
    """Keys of what changed since then, and whether they are live."""
    found = engine.changes(since, engine.revision())
    return None if found is None else {one.key: one.is_live for one in found}


def test_whatever_was_written_is_told_or_nothing_is(engine: Engine) -> None:
    """An engine without revisions tells nothing; the others name each document once, as it stands last."""
    engine.put([TEA])
    start = engine.revision()
    assert engine.changes(start, start) is None
    engine.put([replace(TEA, version=2)])
    engine.put([SALT])
    engine.put([replace(TEA, version=3)])
    middle = engine.revision()
    engine.remove([Reference("product", 51, 2)])
    if not start:
        assert told(engine, start) is None
        return
    assert told(engine, start) == {50: True, 51: False}
    assert told(engine, middle) == {51: False}


def test_keywords_of_a_change_are_told(engine: Engine) -> None:
    engine.put([TEA])
    start = engine.revision()
    engine.put([replace(SALT, keywords={**SALT.keywords, "commodity": ("sea-salt",)})])
    found = engine.changes(start, engine.revision())
    if found is not None:
        assert [(one.kind, one.keywords["commodity"]) for one in found] == [("product", ("sea-salt",))]
    else:
        assert not start


@pytest.mark.parametrize(("since", "until"), [("", ""), ("1.5", "2.6"), ("1.6", "1.5"), ("1.1", "1.2000"), ("x", "y")])
def test_other_revisions_tell_nothing(engine: Engine, since: str, until: str) -> None:
    assert engine.changes(since, until) is None


def test_many_changes_are_not_told_one_by_one(engine: Engine) -> None:
    engine.put([TEA])
    start = engine.revision()
    engine.put([replace(SALT, key=key) for key in range(1_000, 1_200)])
    assert told(engine, start) is None


def test_a_rebuild_is_told_or_is_nothing(engine: Engine) -> None:
    engine.put([TEA])
    start = engine.revision()
    engine.rebuild(DOCUMENTS)
    found = told(engine, start)
    assert found is None or found[50] is False


def test_documents_that_are_still_to_come_make_it_unknown(engine: Engine) -> None:
    """A change that was only marked says so, however many documents are written after it."""
    if not isinstance(engine, SqliteEngine):
        pytest.skip("only the embedded engine lives in a caller's transaction")
    engine.put([TEA])
    start = engine.revision()
    with engine._writing() as connection:
        touch(connection)
    marked = engine.revision()
    engine.put([SALT])
    assert told(engine, start) is None
    assert told(engine, marked) == {51: True}
