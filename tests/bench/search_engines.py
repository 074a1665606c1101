"""What the search engine costs beside the raw engine with the same query and facets written by hand.

    python -m tests.bench.search_engines [--documents 10000] [--rounds 5] [--json]

CPU time on SQLite: the site's engine on a state it has not seen (nothing remembered), again on the same state (as later
pages and visitors ask), suggestions, and the raw engine: one bm25 query for the page and one GROUP BY for each facet.
Also the rate of a rebuild, by the CPU time of the process that needs the most of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from marketplace.catalogue.registry.loading import load_registry
from search.document import Document
from search.engine import connect_sqlite
from search.engines.sqlite.engine import SqliteEngine
from search.engines.sqlite.remembered import Remembered
from search.parser import parse
from search.query import FacetWanted, Query
from tests.bench.goods import LOTS, PLACES

FIELDS = ("commodity", "category", "stage", "regency", "incoterm", "offer_language", "tag", "verified_level")
NUMBERS = ("price_usd_kg", "lead_days")
FACETS = tuple(FacetWanted(name, size=60) for name in FIELDS) + tuple(
    FacetWanted(name, size=1, edges=(0.0,)) for name in NUMBERS
)
TEXTS = (
    "coffee", "arabica coffee", "coconut sugar", "vanilla", "clove oil", "rattan", "seaweed", "ginger small farms",
    "export lot", "black pepper Malang", "palm sugar first harvest", "batik",
)  # fmt: skip
BEGINNINGS = ("cof", "co", "vanilla be", "black pep", "k", "palm sugar f")


def documents(count: int) -> Iterator[Document]:
    """Goods of every commodity, the same each time."""
    random, registry = Random(7), load_registry()
    goods = [registry.commodity(key) for key in sorted(registry.commodities)]
    for key in range(1, count + 1):
        commodity, place = goods[key % len(goods)], random.choice(PLACES)
        name = commodity.name("en")
        steps = commodity.category.split("/")
        yield Document(
            "product",
            key,
            1,
            {"en": f"{name} of {place}, {random.choice(LOTS)} {key}"},
            descriptions={"en": f"{name} grown or made around {place}, {random.randint(5, 90)} kg bags. Lot {key}."},
            concepts=(commodity.key,),
            keywords={
                "commodity": (commodity.key,),
                "category": tuple("/".join(steps[:end]) for end in range(1, len(steps) + 1)),
                "stage": (random.choice(("petik", "olah", "kemas")),),
                "regency": (place,),
                "incoterm": tuple(random.sample(("FOB", "CIF", "EXW"), random.randint(1, 3))),
                "offer_language": ("en",),
                "tag": ("sample",) if random.random() < 0.4 else (),
                "verified_level": (random.choice(("none", "listed", "verified")),),
            },
            numbers={"price_usd_kg": random.randint(80, 2500) / 100, "lead_days": float(random.randint(7, 60))},
            signals={"freshness": round(random.random(), 2), "completeness": round(random.random(), 1)},
        )


def timed(call: Callable[[], object], rounds: int, before: Callable[[], object] = lambda: None) -> float:
    """The best of some rounds, in milliseconds of CPU time."""
    found = []
    for _ in range(rounds):
        before()
        began = time.process_time()
        call()
        found.append((time.process_time() - began) * 1000)
    return min(found)


def raw_tables(path: Path, count: int) -> sqlite3.Connection:
    """The same documents as a full-text table and a table of values, as one writes them by hand."""
    raw = sqlite3.connect(path)
    raw.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize='porter unicode61')")
    raw.execute("CREATE TABLE value (document INTEGER, field TEXT, value TEXT)")
    raw.execute("CREATE TABLE number (document INTEGER, field TEXT, value REAL)")
    for each in documents(count):
        raw.execute("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)",
                    (each.key, each.titles["en"], each.descriptions["en"]))  # fmt: skip
        raw.executemany("INSERT INTO value VALUES (?, ?, ?)",
                        [(each.key, name, one) for name, values in each.keywords.items() for one in values])  # fmt: skip
        raw.executemany("INSERT INTO number VALUES (?, ?, ?)", [(each.key, *pair) for pair in each.numbers.items()])
    raw.execute("CREATE INDEX value_document ON value (field, document, value)")
    raw.execute("CREATE INDEX number_document ON number (field, document, value)")
    raw.commit()
    return raw


def raw_search(raw: sqlite3.Connection, text: str) -> None:
    """The page and the facets of one query."""
    match = " AND ".join(f'"{word}"' for word in text.split())
    raw.execute("SELECT rowid, bm25(words, 5.0, 1.0) AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT 24",
                (match,)).fetchall()  # fmt: skip
    inside = "document IN (SELECT rowid FROM words WHERE words MATCH ?)"
    for name in FIELDS:
        raw.execute(f"SELECT value, count(*) FROM value WHERE field = ? AND {inside} GROUP BY value",
                    (name, match)).fetchall()  # fmt: skip
    for name in NUMBERS:
        raw.execute(f"SELECT min(value), max(value), count(*) FROM number WHERE field = ? AND {inside}",
                    (name, match)).fetchall()  # fmt: skip


def forget(engine: SqliteEngine) -> None:
    """Let the next search find a state on which nothing has been worked out but what a rebuild brings along."""
    columns = engine._columns
    fresh = Remembered()
    fresh.priors, fresh.orders = columns.remembered.priors, columns.remembered.orders
    engine._columns = replace(columns, remembered=fresh)


def measured(count: int, rounds: int) -> dict[str, object]:
    """All figures, in milliseconds of CPU time and documents a CPU second."""
    with tempfile.TemporaryDirectory() as folder:
        engine = connect_sqlite(f"sqlite:///{Path(folder) / 'index.sqlite'}")
        own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        engine.rebuild(documents(count))
        spent = [
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            for before, after in (
                (own, resource.getrusage(resource.RUSAGE_SELF)),
                (children, resource.getrusage(resource.RUSAGE_CHILDREN)),
            )
        ]
        raw = raw_tables(Path(folder) / "raw.sqlite", count)
        rows = []
        for text in TEXTS:
            query: Query = replace(parse(text), facets=FACETS, highlight=True)
            engine.search(query)
            first = timed(lambda: engine.search(query), rounds, lambda: forget(engine))  # noqa: B023 - called at once
            again = timed(lambda: engine.search(query), rounds)  # noqa: B023 - as above
            by_hand = timed(lambda: raw_search(raw, text), rounds)  # noqa: B023 - as above
            rows.append({"text": text, "found": engine.search(query).total, "first_ms": first, "again_ms": again,
                         "raw_ms": by_hand, "ratio": first / by_hand})  # fmt: skip
        suggestions = {text: timed(lambda: engine.suggest(text), rounds) for text in BEGINNINGS}  # noqa: B023 - same
        raw.close()
        engine.close()
    return {
        "documents": count,
        "searches": rows,
        "median_ratio": statistics.median(float(str(row["ratio"])) for row in rows),
        "slowest_first_ms": max(float(str(row["first_ms"])) for row in rows),
        "slowest_suggestion_ms": max(suggestions.values()),
        "rebuild_per_cpu_second": count / max(spent),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    found = measured(asked.documents, asked.rounds)
    if asked.json:
        print(json.dumps(found, indent=1))
        return 0
    print(f"{'search':28}{'found':>8}{'first ms':>10}{'again ms':>10}{'raw ms':>9}{'ratio':>7}")
    for row in found["searches"]:  # type: ignore[attr-defined]
        print(f"{row['text']:28}{row['found']:8}{row['first_ms']:10.2f}{row['again_ms']:10.2f}{row['raw_ms']:9.2f}"
              f"{row['ratio']:7.2f}")  # fmt: skip
    for name in ("median_ratio", "slowest_first_ms", "slowest_suggestion_ms", "rebuild_per_cpu_second"):
        print(f"{name:28}{found[name]:10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
