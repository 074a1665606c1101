"""`make bench`: what a page costs, beside a bare Flask page on the same machine at the same time.

    python -m tests.bench.run [--products 10000] [--rounds 60] [--home FOLDER] [--json FILE]

Builds a home with the sample marketplace, brings in further products through `souq import products`, and prints
CPU time per request by median and 99th percentile, and its ratio to the bare page. Searches and the pages "never
seen" ask something else in every round: a first page for words and goods that nobody has asked for, one for goods that
others have found with the same words, a page after the one before it; the "uncached" ones forget whole pages and keep
what cards and offers look like; "change elsewhere" keeps the pages, but something else on the market changes before
each request. With ``--home`` the built home is kept and used again.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from config.settings import Settings
from tests.bench.bare import bare_app
from tests.bench.measure import Figures, getter, measured
from tests.bench.memory import Memory, web_memory
from tests.bench.pages import Bench

ROOT = Path(__file__).parent.parent.parent
GOALS = {
    "list of 24, visitor, uncached": 8.0,
    "list of 24, logged in": 10.0,
    "list of 24, visitor, repeated": 1.6,
    "search with facets, first page": 12.0,
    "search with facets, visitor, uncached": 12.0,
    "search with facets, goods known": 12.0,
    "search with facets, turned over": 12.0,
    "product page, visitor, uncached": 6.0,
    "product page, change elsewhere": 6.0,
    "inquiry sent": 12.0,
    "inquiry sent as browsers do": 12.0,
}
# what trade costs beside the plain product page as somebody signed in reads it, in the same run
PLAIN_PAGE = "product page, logged in"
BESIDE_PRODUCT = {"inbox of 10,000 leads": 1.5, "compare page of 20 quotes": 1.5}
MILLISECONDS = {"quotation as PDF": 300.0, "quote accepted": 20.0}
MOST_STATEMENTS = {"list of 24, visitor, uncached": 3, "product page, visitor, uncached": 5}
MEMORY_GOAL, IMPORT_GOAL = 90.0, 1000.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--products", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("--home", type=Path)
    options.add_argument("--json", type=Path)
    asked = options.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder) / "home"
        rows_per_second = build_home(home, asked.products, Path(folder))
        memory = web_memory(home)
        figures = run(home, Path(folder), asked.rounds)
    print_table(figures, rows_per_second, memory)
    if asked.json:
        asked.json.write_text(json.dumps(as_values(figures, rows_per_second, memory), indent=1), encoding="utf-8")
    return 0


def environment(home: Path) -> dict[str, str]:
    """Settings of the bench's own home, with the embedded defaults."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return {**kept, "SOUQ_HOME": str(home), "SECRET_KEY": "bench-only-" + "k" * 40}


def build_home(home: Path, products: int, folder: Path) -> float | None:
    """Sample marketplace and imported products; gives rows a second of the import, None when the home was there."""
    mark = home / "bench.json"
    if mark.is_file():
        return float(json.loads(mark.read_text())["rows_per_second"])
    home.mkdir(parents=True, exist_ok=True)
    print("Building a home with the sample marketplace ...", flush=True)
    souq(home, "db", "upgrade")
    souq(home, "demo", "load")
    print(f"Importing {products} products ...", flush=True)
    from tests.bench.goods import write_products

    file = folder / "products.csv"
    write_products(file, products)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    said = json.loads(souq(home, "import", "products", str(file), "--publish", "--skip-bad-rows", "--json"))
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if said["failed"] or said["published"] != products:
        raise SystemExit(f"the import failed: {json.dumps(said)[:2000]}")
    souq(home, "jobs", "run", "--limit", "100000")
    # other work on the machine must not count: the rate is by CPU time, as for pages
    rate = products / cpu
    mark.write_text(json.dumps({"rows_per_second": rate, "wall": products / seconds}))
    return rate


def souq(home: Path, *words: str) -> str:
    """What a `souq` command printed; ends the bench when it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "marketplace.cli.main", *words],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"souq {' '.join(words)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def run(home: Path, folder: Path, rounds: int) -> list[Figures]:
    """Measure every page, each interleaved with the bare one."""
    control = getter(bare_app(folder), "/thing/1")
    bench = Bench(Settings.from_env(environment(home)), rounds)
    found = [measured("bare page", control, control, rounds=rounds)]
    for name, prepared in bench.cases():
        if isinstance(prepared, str):
            found.append(Figures(name, note=prepared))
            continue
        figures = measured(name, prepared.call, control, rounds=rounds, warm=prepared.warm, before=prepared.before)
        figures.statements = prepared.statements()
        found.append(figures)
    return found


def as_values(figures: list[Figures], rows_per_second: float | None, memory: Memory) -> dict[str, Any]:
    """The figures for programs."""
    pages = {
        one.name: {
            "median_ms": one.median * 1000,
            "p99_ms": one.p99 * 1000,
            "ratio": one.ratio,
            "statements": one.statements,
        }
        for one in figures
        if one.seconds
    }
    return {"pages": pages, "import_rows_per_second": rows_per_second, "web_megabytes": asdict(memory)}


def print_table(figures: list[Figures], rows_per_second: float | None, memory: Memory) -> None:
    """The table people read."""
    print(f"\n{'page':38}{'rate/s':>9}{'median ms':>11}{'p99 ms':>9}{'ratio':>8}{'goal':>7}{'statements':>12}")
    for one in figures:
        if not one.seconds:
            print(f"{one.name:38}  {one.note}")
            continue
        goal, most = GOALS.get(one.name), MOST_STATEMENTS.get(one.name)
        verdict = "" if goal is None else ("  reached" if one.ratio <= goal else "  missed")
        verdict += _trade_verdict(one, figures)
        counted = f"{one.statements}" + (f" of {most}" if most else "")
        print(
            f"{one.name:38}{one.rate:9.0f}{one.median * 1000:11.2f}{one.p99 * 1000:9.2f}{one.ratio:8.1f}"
            f"{goal or '':>7}{counted:>12}{verdict}"
        )
    verdict = "reached" if memory.share <= MEMORY_GOAL else "missed"
    print(
        f"{'memory of a web worker':38}{memory.share:9.0f} MB   goal {MEMORY_GOAL:.0f} MB  {verdict}   "
        f"(its own {memory.own:.0f}, resident {memory.resident:.0f}; the whole web server {memory.server:.0f})"
    )
    if rows_per_second is not None:
        verdict = "reached" if rows_per_second >= IMPORT_GOAL else "missed"
        print(f"{'import':38}{rows_per_second:9.0f} rows a CPU second   goal {IMPORT_GOAL:.0f}  {verdict}")


def _trade_verdict(one: Figures, figures: list[Figures]) -> str:
    """What is judged beside the product page of the same run, or by CPU time alone."""
    if (most := BESIDE_PRODUCT.get(one.name)) is not None:
        plain = next(page.ratio for page in figures if page.name == PLAIN_PAGE)
        times = one.ratio / plain
        return f"  {times:.1f} product pages of {most}: {'reached' if times <= most else 'missed'}"
    if (limit := MILLISECONDS.get(one.name)) is not None:
        return f"  of {limit:.0f} ms: {'reached' if one.median * 1000 <= limit else 'missed'}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
