"""What an engine carries from one state of its index to the next is what another would find in the file anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from search.document import Document, Reference
from search.engine import connect
from search.engines.sqlite import carrying, matching
from search.engines.sqlite.engine import SqliteEngine
from search.parser import parse
from search.query import FacetWanted, KeywordFilter, NumberFilter, Query, Sort

NAMES = ("coffee", "cocoa", "ginger", "vanilla", "coconut sugar", "clove")
LOTS = ("export lot", "trial lot", "first harvest", "small farms")
PLACES = ("Malang", "Jember", "Blitar")
TEXTS = (
    "",
    "coffee",
    "export lot",
    "ginger small farms",
    "lot",
    "coconut sugar Malang",
    "trial",
    "durian",
    "lot Jember",
)
FACETS = (FacetWanted("stage"), FacetWanted("regency"), FacetWanted("price_usd_kg", edges=(5.0, 12.0)))


def a_document(key: int, version: int, random: Random) -> Document:
    name, place = random.choice(NAMES), random.choice(PLACES)
    return Document(
        random.choices(("product", "seller"), (9, 1))[0],
        key,
        version,
        {"en": f"{name} of {place}, {random.choice(LOTS)}"},
        descriptions={"en": random.choice(("A lot of the season.", "Durian grows beside it.", f"Grown near {place}."))},
        keywords={"stage": (random.choice(("petik", "olah")),), "regency": (place,)},
        numbers={"price_usd_kg": float(random.randint(1, 20)), "listed_at": float(random.randint(1, 9))},
        signals={"freshness": random.randint(0, 3) / 10, "verified": random.choice((0.0, 0.3)), "exposure": 0.1},
    )


def questions() -> list[Query]:
    priced = replace(parse("export lot"), filters=(NumberFilter("price_usd_kg", 5.0, 12.0),))
    placed = replace(parse("coffee"), filters=(KeywordFilter("regency", ("Malang",)),))
    plain = [replace(parse(text), facets=FACETS, size=100) for text in TEXTS]
    return [
        *plain,
        replace(priced, facets=FACETS),
        replace(placed, facets=FACETS),
        replace(plain[0], sort=Sort("price_usd_kg")),
        replace(plain[0], kind="seller"),
        replace(plain[0], signals_off=frozenset({"freshness"})),
        replace(plain[2], signals_off=frozenset({"freshness"})),
    ]


def answers(engine: SqliteEngine) -> list[object]:
    return [replace(engine.search(query), took_ms=0.0) for query in questions()]


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds for an index of hundreds of documents as they are for one of a hundred thousand."""
    monkeypatch.setattr(matching, "_FEW", 10)
    monkeypatch.setattr(matching, "_SCORABLE", 20)
    monkeypatch.setattr(matching, "_SORTABLE", 45)
    monkeypatch.setattr("search.engines.sqlite.looking._COMMON", 30)
    monkeypatch.setattr(carrying, "_COMMON", 60)


@pytest.mark.usefixtures("seldom")
@pytest.mark.parametrize("seed", range(3))
def test_an_engine_that_saw_every_change_answers_like_one_that_saw_none(tmp_path: Path, seed: int) -> None:
    random, url = Random(seed), f"sqlite:///{tmp_path / 'index.sqlite'}"
    old = connect(url)
    assert isinstance(old, SqliteEngine)
    kept = {key: a_document(key, 1, random) for key in range(1, 241)}
    old.put(kept.values())
    answers(old)
    for step in range(2, 22):
        changed = random.sample(sorted(kept), random.choice((1, 1, 2, 9)))
        for key in changed[1:]:
            kept[key] = replace(a_document(key, step, random), kind=kept[key].kind)
        new = 300 + step
        kept[new] = a_document(new, step, random)
        old.put([kept[key] for key in (*changed[1:], new)])
        gone = kept.pop(changed[0])
        old.remove([Reference(gone.kind, gone.key, step)])
        if step % 3:  # a state that nobody asks about is carried over, too
            fresh = connect(url)
            assert isinstance(fresh, SqliteEngine)
            assert answers(old) == answers(fresh)
            fresh.close()
    old.close()


def test_a_small_change_carries_masks_orders_and_factors(tmp_path: Path) -> None:
    random, engine = Random(5), connect(f"sqlite:///{tmp_path / 'index.sqlite'}")
    assert isinstance(engine, SqliteEngine)
    engine.put([a_document(key, 1, random) for key in range(1, 121)])
    answers(engine)
    titles = dict(engine._columns.remembered.titles["en"].items())
    row = min(titles)
    key = engine._columns.keys[row]
    engine.put([a_document(key, 2, random)])
    assert engine.count()
    known = engine._columns.remembered
    assert known.former
    assert known.orders.items()
    assert known.priors.items()
    assert dict(known.titles["en"].items()).keys() == titles.keys() - {row}
    assert len(titles) > 50
    assert not known.answers.items()
    engine.put([a_document(key, 3, random) for key in range(1, 91)])
    assert engine.count()
    assert not engine._columns.remembered.former
    engine.close()


def test_words_in_another_order_are_scored_once_a_state(tmp_path: Path) -> None:
    random, engine = Random(6), connect(f"sqlite:///{tmp_path / 'index.sqlite'}")
    assert isinstance(engine, SqliteEngine)
    engine.put([a_document(key, 1, random) for key in range(1, 121)])
    first = engine.search(parse("coffee Malang"))
    scored = engine._columns.remembered.scores.items()
    again = engine.search(parse("Malang coffee"))
    assert engine._columns.remembered.scores.items() == scored
    assert again.total == first.total
    fresh = connect(f"sqlite:///{tmp_path / 'index.sqlite'}")
    assert replace(fresh.search(parse("Malang coffee")), took_ms=0.0) == replace(again, took_ms=0.0)
    engine.put([a_document(7, 2, random)])
    assert engine.count()
    assert not engine._columns.remembered.scores.items()
    fresh.close()
    engine.close()
