"""What matching costs: fit, reading and one request over many offers, in CPU time of one core, and the memory held.

    python -m tests.bench.matching [--offers 1000 --offers 10000 --offers 100000] [--rounds 20] [--json]

Offers of every commodity with terms drawn by a fixed seed; requests in four languages as buyers write. Each size is
measured in a process of its own, so that its memory is its own. A request is timed after it was read, over all offers.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from marketplace.catalogue.registry.loading import load_registry
from matching.profile import Held, OfferProfile, PriceBreak
from tests.bench.goods import LOTS, PLACES

DAY = date(2026, 11, 22)
REQUESTS = (
    ("2 t organic coconut sugar to Hamburg within 100 days, at most 8 usd/kg, sample first", "en"),
    ("green arabica coffee, washed, 18 t, FOB Surabaya, EU organic, to Rotterdam", "en"),
    ("butuh kunyit kering 5 ton per bulan, halal, kirim ke Singapura", "id"),
    ("Wir suchen 500 kg Vanilleschoten, Bio, CIF Hamburg bis Ende März", "de"),
    ("需要10吨印尼椰子糖，清真认证，运到上海", "zh"),
    ("cassia cinnamon sticks, moisture max 14%, 1x20', CIF Los Angeles", "en"),
    ("Kokosbriketts für Shisha, 20 t, Asche unter 2,5 %", "de"),
    ("尋找丁香油 200公斤 送香港", "zh"),
)
GOALS_MS = {1_000: 5.0, 10_000: 10.0, 100_000: 30.0}
READING_GOAL_MS, FIT_GOAL_SECONDS, FIT_GOAL_MB, WEB_GOAL_MB = 5.0, 120.0, 2048.0, 250.0
_CERTIFICATES = ("halal-bpjph", "organic-eu", "organic-nop", "haccp", "iso-22000", "brc")
_COUNTRIES = ("DE", "NL", "US", "CN", "HK", "SG", "JP", "AE", "GB", "AU")


def offers(count: int) -> Iterator[OfferProfile]:
    """Offers of every commodity, the same each time; one seller has about five."""
    random, registry = Random(11), load_registry()
    goods = [registry.commodity(key) for key in sorted(registry.commodities)]
    for number in range(count):
        commodity, place = goods[number % len(goods)], random.choice(PLACES)
        titles = {
            language: f"{commodity.name(name)} {place} {random.choice(LOTS)} {number}"
            for language, name in (("en", "en"), ("id", "id"))
        }
        yield OfferProfile(
            key=str(number),
            seller=str(number // 5),
            titles=titles,
            descriptions={"en": f"{commodity.name('en')} of {place}, {random.randint(5, 90)} kg bags, export quality."},
            commodity=commodity.key,
            hs=commodity.hs,
            minimum=float(random.choice((50, 100, 500, 1000))),
            monthly_capacity=float(random.choice((1000, 5000, 20_000, 50_000))),
            certificates=tuple(
                Held(each, DAY + timedelta(days=random.randint(-90, 700)))
                for each in random.sample(_CERTIFICATES, random.randint(0, 3))
            ),
            prices=(PriceBreak(0, random.randint(80, 2500) / 100),),
            incoterms=tuple(random.sample(("FOB", "CIF", "EXW", "CFR"), random.randint(1, 3))),
            ships_to=frozenset(random.sample(_COUNTRIES, 6)) if random.random() < 0.5 else None,
            lead_days=random.randint(7, 60),
            has_sample=random.random() < 0.6,
            export_years=random.randint(0, 12),
        )


def cpu_ms(call: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of CPU time of each round, sorted."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        call()
        found.append((time.process_time() - began) * 1000)
    return sorted(found)


def measured(count: int, rounds: int) -> dict[str, Any]:
    """Figures over ``count`` offers: fit in CPU seconds, megabytes at the peak and at rest after the model was loaded
    again, reading and matching in milliseconds."""
    from matching import store
    from matching.matcher import SupplierMatcher
    from matching.reader.request import read_request

    given = list(offers(count))
    began = time.process_time()
    matcher = SupplierMatcher().fit(given)
    fit = time.process_time() - began
    gc.collect()
    gc.freeze()  # as a worker does once it has a model
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reading, matching = list[float](), list[float]()
    for text, language in REQUESTS:
        read_request(text, lang=language, posted=DAY)
        reading += cpu_ms(lambda: read_request(text, lang=language, posted=DAY), rounds)  # noqa: B023 - called at once
        profile = read_request(text, lang=language, posted=DAY)
        matcher.recommend(profile, 12, today=DAY)
        matching += cpu_ms(lambda: matcher.recommend(profile, 12, today=DAY), rounds)  # noqa: B023 - as above
    with TemporaryDirectory() as folder:
        name = store.save(matcher, Path(folder), datetime(2026, 11, 22, tzinfo=UTC))
        with apart() as process:
            before, after, loading = process.submit(serving, Path(folder), name).result()
    return {
        "offers": count,
        "fit_seconds": fit,
        "fit_peak_mb": peak,
        "load_seconds": loading,
        "web_mb_before": before,
        "web_mb": after,
        "reading_ms": statistics.median(reading),
        "reading_99_ms": _at(reading, 0.99),
        "match_ms": statistics.median(matching),
        "match_99_ms": _at(matching, 0.99),
    }


def apart() -> ProcessPoolExecutor:
    """A process of its own, which has loaded nothing."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def serving(folder: Path, name: str) -> tuple[float, float, float]:
    """A web process that answers its first match: megabytes before and after, and CPU seconds to load the model."""
    import marketplace.app
    from matching import store
    from matching.reader.request import read_request

    assert marketplace.app  # what a web worker has imported anyway
    gc.collect()
    before = _resident()
    began = time.process_time()
    matcher = store.load(folder, name).matcher
    seconds = time.process_time() - began
    for text, language in REQUESTS:
        matcher.recommend(read_request(text, lang=language, posted=DAY), 12, today=DAY)
    gc.collect()
    return before, _resident(), seconds


def _resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--offers", type=int, action="append")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    rows = []
    for count in asked.offers or list(GOALS_MS):
        with apart() as process:
            rows.append(process.submit(measured, count, asked.rounds).result())
    if asked.json:
        print(json.dumps(rows, indent=1))
        return 0
    print(f"\n{'matching, CPU time':20}{'match':>9}{'99 %':>9}{'goal':>7}{'read':>9}{'99 %':>9}{'fit s':>9}{'peak MB':>9}"
          f"{'load s':>9}{'web MB':>9}{'before':>9}")  # fmt: skip
    for row in rows:
        goal = GOALS_MS.get(row["offers"])
        print(f"{row['offers']:>13,} offers{row['match_ms']:9.2f}{row['match_99_ms']:9.2f}{goal or 0:7.0f}"
              f"{row['reading_ms']:9.2f}{row['reading_99_ms']:9.2f}{row['fit_seconds']:9.1f}{row['fit_peak_mb']:9.0f}"
              f"{row['load_seconds']:9.1f}{row['web_mb']:9.0f}{row['web_mb_before']:9.0f}")  # fmt: skip
    print(f"goals: reading {READING_GOAL_MS:.0f} ms, fit of 100,000 offers {FIT_GOAL_SECONDS:.0f} s "
          f"and {FIT_GOAL_MB:.0f} MB, a web process after its first matches {WEB_GOAL_MB:.0f} MB")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
