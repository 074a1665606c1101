"""Writes: the newer version wins, removals stay, a rebuild never shows an empty index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from search.document import Document, Reference
from search.engine import Engine
from search.errors import DocumentRefused
from search.parser import parse
from search.query import Query
from tests.contract.search.corpus import DOCUMENTS, product

TEA = product(50, {"en": "Green tea from Malang"}, price=4.0)


def titles(engine: Engine, text: str) -> set[int]:
    """Keys found by a text, without repair."""
    engine.refresh()
    return set(engine.search(replace(parse(text), repair=False)).keys)


def test_newer_wins_whatever_arrives_first(engine: Engine) -> None:
    newer = replace(TEA, version=3, titles={"en": "Black tea from Malang"})
    assert engine.put([newer]) == 1
    assert engine.put([TEA]) == 0
    assert titles(engine, "malang black") == {50}
    assert engine.put([replace(newer, titles={"en": "White tea from Lawang"})]) == 1  # the same version is read anew
    assert titles(engine, "lawang") == {50}
    assert titles(engine, "malang") == set()


def test_a_late_write_does_not_revive(engine: Engine) -> None:
    engine.put([TEA])
    assert engine.remove([Reference("product", 50, 2)]) == 1
    assert engine.put([TEA]) == 0
    assert titles(engine, "tea") == set()
    assert engine.count() == 0
    assert engine.put([replace(TEA, version=2)]) == 1
    assert titles(engine, "tea") == {50}


def test_a_late_removal_does_not_remove(engine: Engine) -> None:
    engine.put([replace(TEA, version=5)])
    assert engine.remove([Reference("product", 50, 4)]) == 0
    assert titles(engine, "tea") == {50}


def test_removing_what_never_was_keeps_it_out(engine: Engine) -> None:
    engine.remove([Reference("product", 50, 2)])
    assert engine.put([TEA]) == 0
    assert titles(engine, "tea") == set()


def test_scrubbing_forgets_what_was_removed_and_keeps_the_rest(engine: Engine) -> None:
    engine.put(DOCUMENTS)
    engine.refresh()
    before = engine.count()
    engine.put([TEA])
    assert 50 in titles(engine, "green tea malang")
    engine.remove([Reference("product", 50, 2)])
    engine.refresh()
    engine.scrub()
    assert engine.count() == before
    assert 50 not in titles(engine, "green tea malang")
    assert engine.put([TEA]) == 0  # the removal itself is remembered


def test_counts_and_versions(engine: Engine) -> None:
    engine.put(DOCUMENTS)
    engine.remove([Reference("product", 7, 2)])
    engine.refresh()
    assert engine.count() == 7
    assert engine.count("product") == 6
    assert engine.count("seller") == 1
    assert sorted((each.kind, each.key, each.version) for each in engine.versions()) == sorted(
        (each.kind, each.key, each.version) for each in DOCUMENTS if (each.kind, each.key) != ("product", 7)
    )


def test_changes_show_in_filters_and_facets(engine: Engine) -> None:
    engine.put([TEA])
    engine.refresh()
    assert engine.search(Query()).total == 1
    engine.put([replace(TEA, version=2, numbers={"price_usd_kg": 9.0}, keywords={"stage": ("jual",)})])
    engine.refresh()
    results = engine.search(parse("tea under 5 usd/kg"))
    assert results.total == 0
    assert engine.search(parse("tea above 5 usd/kg")).keys == (50,)


def test_rebuild_replaces_everything(engine: Engine) -> None:
    engine.put([*DOCUMENTS, TEA])
    engine.refresh()
    seen: list[int] = []

    def anew() -> Iterator[Document]:
        for document in DOCUMENTS:
            seen.append(engine.search(Query(size=50)).total)
            yield replace(document, titles={"en": "Entirely new words"})

    assert engine.rebuild(anew()) == len(DOCUMENTS)
    assert min(seen) == 8  # searches go on meanwhile
    assert engine.count() == len(DOCUMENTS)
    assert titles(engine, "entirely") == {each.key for each in DOCUMENTS if each.kind == "product"}
    assert titles(engine, "tea") == set()


def test_changes_during_a_rebuild_are_kept(engine: Engine) -> None:
    engine.put([*DOCUMENTS, TEA])

    def meanwhile() -> Iterator[Document]:
        yield DOCUMENTS[0]
        engine.put([replace(DOCUMENTS[1], version=2, titles={"en": "Changed while rebuilding"})])
        engine.put([product(60, {"en": "Added while rebuilding"})])
        engine.remove([Reference("product", 3, 2)])
        yield from DOCUMENTS[1:]  # as they were read before

    engine.rebuild(meanwhile())
    assert titles(engine, "rebuilding") == {2, 60}
    assert 3 not in titles(engine, "roasted robusta")
    assert titles(engine, "tea") == set()


def test_a_rebuild_wins_over_versions_of_a_database_that_is_no_more(engine: Engine) -> None:
    """Put back from a copy, a database counts from lower versions than the index has seen, of documents and removals."""
    engine.put([replace(DOCUMENTS[0], version=90), replace(DOCUMENTS[1], version=90)])
    engine.remove([Reference("product", DOCUMENTS[1].key, 91)])
    engine.refresh()

    def meanwhile() -> Iterator[Document]:
        yield from DOCUMENTS[:3]
        engine.put([replace(DOCUMENTS[2], version=2, titles={"en": "Changed while rebuilding"})])
        yield DOCUMENTS[2]

    engine.rebuild(meanwhile())
    engine.refresh()
    assert {each.key: each.version for each in engine.versions()} == {
        DOCUMENTS[0].key: DOCUMENTS[0].version,
        DOCUMENTS[1].key: DOCUMENTS[1].version,
        DOCUMENTS[2].key: 2,
    }
    assert titles(engine, "rebuilding") == {DOCUMENTS[2].key}


def test_a_rebuild_that_fails_changes_nothing(engine: Engine) -> None:
    engine.put(DOCUMENTS)
    engine.refresh()

    def broken() -> Iterator[Document]:
        yield DOCUMENTS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(broken())
    assert engine.count() == len(DOCUMENTS)
    assert engine.rebuild(DOCUMENTS) == len(DOCUMENTS)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TEA, keywords={"buyer_notes": ("secret",)}),
        replace(TEA, numbers={"margin": 3.0}),
        replace(TEA, titles={"fr": "Thé vert"}),
        replace(TEA, codes=("09o1",)),
        replace(TEA, signals={"completeness": 7.0}),
        replace(TEA, version=0),
    ],
)
def test_what_does_not_belong_is_refused(engine: Engine, wrong: Document) -> None:
    with pytest.raises(DocumentRefused):
        engine.put([wrong])
    assert engine.count() == 0


def test_health(engine: Engine) -> None:
    engine.put([TEA])
    engine.refresh()
    health = engine.health()
    assert health.is_ready
    assert health.is_current
    assert health.documents == 1
