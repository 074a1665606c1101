"""What an engine remembers of a state of its index is true of that state, and of what words mean now."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search.analysis import use_overlay
from search.document import Document
from search.engine import connect
from search.engines.sqlite import hits, looking, ordering
from search.engines.sqlite.engine import SqliteEngine
from search.engines.sqlite.tables import Connection, state
from search.lexicon.stored import shipped
from search.parser import parse
from search.query import FacetWanted, KeywordFilter
from search.results import Highlight

GINGER = Document("product", 1, 1, {"en": "Rhizome of the season"}, concepts=("ginger",))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    made = connect(f"sqlite:///{tmp_path / 'index.sqlite'}")
    assert isinstance(made, SqliteEngine)
    yield made
    made.close()


@pytest.fixture
def _plain_lexicon() -> Iterator[None]:
    yield
    use_overlay([])


@pytest.mark.usefixtures("_plain_lexicon")
def test_an_answer_ends_with_the_lexicon_it_was_read_by(engine: SqliteEngine) -> None:
    engine.put([GINGER])
    assert engine.search(parse("zorgelwort")).keys == ()
    known = next(each for each in shipped().concepts if each.id == "ginger")
    use_overlay([replace(known, names={**known.names, "en": (*known.names["en"], "zorgelwort")})])
    assert engine.search(parse("zorgelwort")).keys == (1,)
    use_overlay([])
    assert engine.search(parse("zorgelwort")).keys == ()


def test_who_reads_an_older_state_leaves_nothing_in_the_newer_one(
    engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread has begun to read when a document is renamed, and others are there sooner with the new columns."""
    named = [Document("product", key, 1, {"en": f"Roasted coffee {key}"}) for key in range(1, 40)]
    engine.put([*named, Document("product", 40, 1, {"en": "Green tea"})])
    engine.search(parse("tea"))
    has_begun, may_go_on = threading.Event(), threading.Event()
    current = engine._current
    late = threading.Thread(target=lambda: engine.search(parse("green")))

    def waiting(connection: Connection) -> object:
        if threading.current_thread() is late:
            state(connection)  # from here on this thread reads what is there now
            has_begun.set()
            may_go_on.wait(10)
        return current(connection)

    monkeypatch.setattr(engine, "_current", waiting)
    late.start()
    assert has_begun.wait(10)
    engine.put([Document("product", 40, 2, {"en": "Black tea"})])
    assert engine.search(parse("tea")).keys == (40,)
    may_go_on.set()
    late.join()
    assert engine.search(parse("green")).keys == ()
    titles = engine._columns.remembered.titles_for("en")
    assert {named.text for row in range(1, 60) for named in titles.get(row) or ()} <= {"Black tea"}


def _marked(engine: SqliteEngine, text: str) -> dict[int, tuple[Highlight, ...]]:
    found = engine.search(replace(parse(text), highlight=True))
    return {hit.key: hit.highlights for hit in found.hits}


def test_marks_are_made_once_for_the_same_words_in_whichever_order(
    engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.put([Document("product", key, 1, {"en": f"Coffee of Malang {key}"}) for key in range(1, 4)])
    first = _marked(engine, "coffee Malang")
    assert [segment.text for segment in first[1][0].segments if segment.is_match] == ["Coffee", "Malang"]
    monkeypatch.setattr(hits, "Marker", None)
    again = _marked(engine, "Malang coffee")
    assert again == first
    assert all(again[key] is first[key] for key in first)
    with pytest.raises(TypeError):  # other words mark something else
        _marked(engine, "coffee")


def test_words_in_another_order_are_looked_up_and_looked_at_once(
    engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = ["Coffee of Malang", "Malang coffee", "Malang sugar with coffee", "Coffee, roasted in Malang"]
    documents = [Document("product", key, 1, {"en": title}) for key, title in enumerate(titles * 4, 1)]
    engine.put(documents)
    engine.search(parse("coffee Malang"))
    monkeypatch.setattr(looking, "candidates", None)
    monkeypatch.setattr(ordering, "bits_of", None)  # scores are not put in order again
    again = engine.search(parse("Malang coffee"))
    assert {titles[key % 4 - 1] for key in again.keys[:4]} == {"Malang coffee"}
    with pytest.raises(TypeError):  # another weight of signals is another order
        engine.search(replace(parse("Malang coffee"), signals_off=frozenset({"freshness"})))
    monkeypatch.undo()
    fresh = connect("sqlite:")
    fresh.put(documents)
    assert replace(fresh.search(parse("Malang coffee")), took_ms=0.0) == replace(again, took_ms=0.0)
    engine.put([Document("product", 2, 2, {"en": "Malang coffee, best of all"})])
    assert engine.search(parse("Malang coffee")).keys[0] != 2


def test_marks_of_a_changed_document_are_made_anew(engine: SqliteEngine) -> None:
    engine.put([Document("product", key, 1, {"en": f"Roasted coffee {key}"}) for key in range(1, 4)])
    _marked(engine, "coffee")
    engine.put([Document("product", 2, 2, {"en": "Best coffee of all"})])
    marked = _marked(engine, "coffee")
    assert [segment.text for segment in marked[2][0].segments] == ["Best ", "coffee", " of all"]


def test_the_same_rows_are_counted_once_and_other_filters_anew(engine: SqliteEngine) -> None:
    origins = {1: "Malang", 2: "Malang", 3: "Jember"}
    engine.put(
        [
            Document("product", key, 1, {"en": f"Coffee of Malang {key}"}, keywords={"regency": (place,)})
            for key, place in origins.items()
        ]
    )
    wanted = (FacetWanted("regency"),)
    one = engine.search(replace(parse("coffee Malang"), facets=wanted)).facets
    assert engine.search(replace(parse("Malang coffee"), facets=wanted)).facets is one
    assert [(each.value, each.count) for each in one[0].values] == [("Malang", 2), ("Jember", 1)]
    # a facet counts without its own filter, so the same rows are found; what is chosen is said of another
    chosen = (KeywordFilter("regency", ("Jember",)),)
    narrowed = engine.search(replace(parse("coffee Malang"), facets=wanted, filters=chosen)).facets
    assert [(each.value, each.count, each.is_selected) for each in narrowed[0].values] == [
        ("Malang", 2, False),
        ("Jember", 1, True),
    ]
