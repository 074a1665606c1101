"""What only the embedded engine promises: one transaction with the rows, many processes, one file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from search.document import Document, Reference
from search.engine import connect, connect_sqlite
from search.engines.sqlite import matching
from search.errors import EngineUnavailable
from search.parser import parse
from search.query import FacetWanted, Query
from search.results import Results

TEA = Document("product", 1, 1, {"en": "Green tea"}, keywords={"stage": ("olah",)})


def open_file(path: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    opened.execute("PRAGMA journal_mode = WAL")
    return opened


def stages(results: Results) -> dict[str, int]:
    facet = results.facet("stage")
    assert facet is not None
    return {each.value: each.count for each in facet.values}


BY_STAGE = Query(facets=(FacetWanted("stage"),))


def test_index_and_row_commit_together(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    engine = connect_sqlite(connection=lambda: open_file(path))
    mine = open_file(path)
    mine.execute("CREATE TABLE product (id INTEGER PRIMARY KEY)")

    mine.execute("BEGIN IMMEDIATE")
    engine.ensure_schema(on=mine)
    mine.execute("INSERT INTO product VALUES (1)")
    assert engine.put([TEA], on=mine) == 1
    mine.execute("COMMIT")
    assert engine.search(BY_STAGE).total == 1

    mine.execute("BEGIN IMMEDIATE")
    mine.execute("INSERT INTO product VALUES (2)")
    engine.put([replace(TEA, key=2), replace(TEA, version=2, keywords={"stage": ("jual",)})], on=mine)
    assert stages(engine.search(BY_STAGE)) == {"olah": 1}  # others see only what is committed
    mine.execute("ROLLBACK")
    assert engine.search(BY_STAGE).total == 1
    assert stages(engine.search(BY_STAGE)) == {"olah": 1}

    mine.execute("BEGIN IMMEDIATE")
    engine.put([replace(TEA, version=2, keywords={"stage": ("kemas",)})], on=mine)
    mine.execute("COMMIT")
    assert stages(engine.search(BY_STAGE)) == {"kemas": 1}

    mine.execute("BEGIN IMMEDIATE")
    engine.remove([Reference("product", 1, 3)], on=mine)
    mine.execute("COMMIT")
    assert engine.search(BY_STAGE).total == 0
    engine.close()
    mine.close()


def test_another_process_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'index.sqlite'}"
    engine = connect(url)
    engine.put([TEA])
    assert engine.search(Query()).total == 1
    script = (
        "import sys; from search.engine import connect; from search.document import Document;"
        "connect(sys.argv[1]).put([Document('product', n, 1, {'en': f'Black tea {n}'}) for n in range(2, 40)])"
    )
    subprocess.run([sys.executable, "-c", script, url], check=True, cwd=Path(__file__).parents[3])
    assert engine.search(Query()).total == 39
    assert engine.count() == 39
    engine.close()


def test_writers_and_readers_at_once(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'index.sqlite'}")
    engine.put([TEA])
    faults: list[BaseException] = []

    def write(start: int) -> None:
        try:
            for key in range(start, start + 20):
                engine.put([replace(TEA, key=key)])
        except BaseException as fault:
            faults.append(fault)

    def read() -> None:
        try:
            for _ in range(40):
                results = engine.search(BY_STAGE)
                assert stages(results)["olah"] == results.total
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(n,)) for n in (100, 200)]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert engine.search(BY_STAGE).total == 41
    engine.close()


def test_a_file_put_back_from_a_copy_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index.sqlite"
    engine = connect_sqlite(f"sqlite:///{path}")
    engine.put([TEA])
    engine.search(Query())
    copy = sqlite3.connect(":memory:")
    with open_file(path) as source:
        source.backup(copy)
    source.close()
    engine.put([replace(TEA, key=2)])
    assert engine.search(Query()).total == 2
    with open_file(path) as target:
        copy.backup(target)
    target.close()
    copy.close()
    monkeypatch.setattr("search.engines.sqlite.engine._OVERTAKEN_SECONDS", 0.0)
    assert engine.search(Query()).total == 1
    engine.close()


def test_removed_words_leave_the_file(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    engine = connect_sqlite(f"sqlite:///{path}")
    engine.put([replace(TEA, titles={"en": "Zanzibarmarker tea"}), replace(TEA, key=2)])
    engine.remove([Reference("product", 1, 2)])
    engine.scrub()
    engine.close()
    assert not path.with_name(path.name + "-wal").exists() or not path.with_name(path.name + "-wal").stat().st_size
    assert b"anzibarmark" not in path.read_bytes().lower()


def test_a_broken_file_is_an_unavailable_engine(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(b"this is no database" * 100)
    engine = connect(f"sqlite:///{path}")
    with pytest.raises(EngineUnavailable):
        engine.search(Query())
    assert not engine.health().is_ready


def test_tables_of_another_release_ask_for_a_rebuild(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    first = connect(f"sqlite:///{path}")
    first.put([TEA])
    first.close()
    opened = open_file(path)
    opened.execute("UPDATE search_state SET value = 0 WHERE name = 'schema'")
    opened.close()
    second = connect(f"sqlite:///{path}")
    assert not second.health().is_current
    assert second.search(Query()).total == 0
    assert second.rebuild([TEA]) == 1
    assert second.search(Query()).total == 1
    assert second.health().is_current
    second.close()


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite", "elastic://x", "http://", "https://host:9200/Bad-Name"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        connect(url)


def test_of_too_many_rows_those_whose_words_tell_most_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three words that everybody has say less than two that few have."""
    monkeypatch.setattr(matching, "_FEW", 10)
    monkeypatch.setattr(matching, "MAX_DEPTH", 5)
    engine = connect("sqlite:")
    common = [Document("product", key, 1, {"en": "Big blue oak shelf"}) for key in range(60)]
    telling = [Document("product", 60 + key, 1, {"en": "Round tufted chair"}) for key in range(8)]
    engine.put([*common, *telling])
    found = engine.search(parse("big blue oak tufted chair"))
    assert set(found.keys[:8]) == set(range(60, 68))
    assert found.total == 68
    engine.close()


def test_a_document_without_a_category_loses_nothing_for_another_name_of_the_thing() -> None:
    engine = connect("sqlite:")
    plain = Document("product", 1, 1, {"en": "Steel flask for water"})
    engine.put([plain, replace(plain, key=2, keywords={"category": ("kitchen",)})])
    assert engine.search(parse("steel water bottle")).keys == (1, 2)
    engine.close()


def test_of_a_document_that_comes_twice_the_newer_is_found(tmp_path: Path) -> None:
    engine = connect_sqlite(f"sqlite:///{tmp_path / 'index.sqlite'}")
    engine.put([TEA])
    newer, older = (
        replace(TEA, version=3, titles={"en": "Black tea"}),
        replace(TEA, version=2, titles={"en": "White tea"}),
    )
    other = replace(newer, key=2)
    assert engine.put([newer, older, other, replace(other, version=4, titles={"en": "Red tea"})]) == 3
    found = {text: [hit.key for hit in engine.search(parse(text)).hits] for text in ("green", "black", "white", "red")}
    assert found == {"green": [], "black": [1], "white": [], "red": [2]}
    assert engine.remove([Reference("product", 1, 3), Reference("product", 1, 2), Reference("product", 2, 1)]) == 1
    assert [hit.key for hit in engine.search(parse("tea")).hits] == [2]
    engine.close()
