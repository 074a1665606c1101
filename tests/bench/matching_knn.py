"""What the nearest offers cost on Elasticsearch, with the conditions as filters, and how many of the exact ones come.

    python -m tests.bench.matching_knn --server http://127.0.0.1:9200 [--offers 3000,10000,30000,100000] [--rounds 4]
        [--read 100000] [--merge] [--json]

Offers of every commodity with terms drawn by a fixed seed, requests in four languages as buyers write. Each is asked
with the conditions that it states, and with those but the goods, which leaves most offers in: a filter that leaves few
makes the server compare them all, as a segment without a graph does, one that leaves many makes it walk its graph.
Wall-clock milliseconds of the whole call, JSON and all, and the server's CPU time of one; recall is the share of the
exact hundred that came, in the same filter, by the exact cosine. For each size also what a request costs as a vector,
and how many times the smallest size's time it takes: the promise is 100 ms for 1,000,000 offers at a recall of 0.98. Of
more offers than ``--read`` the rest is not read word by word, which would take a quarter of an hour for each million:
such an offer has what was read of another of the same goods (certificates and all), and texts, terms and a vector of
its own. With ``--merge`` all is merged into one segment before it is asked, as an index comes to be that is written to
for long: one graph of a million is walked faster than ten of a hundred thousand, and finds less at each step.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log
from random import Random
from typing import TYPE_CHECKING, Any

from matching.filters import WORDS, conditions_of, entry_of
from matching.matcher import SupplierMatcher
from matching.profile import RequestProfile
from matching.reader.offer import OfferReading, read_offer
from matching.reader.request import read_request
from matching.vectors import DIMENSIONS, Vectors, text_of_offer, text_of_request
from search.analysis import lexicon
from search.engines.elastic.neighbours import ElasticNeighbours, open_neighbours
from search.near import Condition, Entry, Is, is_met
from tests.bench.matching import DAY, REQUESTS, offers
from tests.bench.search_elastic import ask, at_rest, server_seconds

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

DEEP = 100
GOAL_MS, GOAL_RECALL, GOAL_OFFERS = 100.0, 0.98, 1_000_000
_LEARNT = 20_000
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Question:
    """A request as it is looked for."""

    vector: NDArray[float32]
    conditions: tuple[Condition, ...]


class Market:
    """So many offers as entries without their vectors, which stand in one table beside them."""

    def __init__(self, count: int, read: int) -> None:
        import numpy

        known, random = lexicon(), Random(5)
        earlier: defaultdict[str, list[tuple[OfferReading, str]]] = defaultdict(list)
        self.vectors = numpy.zeros((count, DIMENSIONS), numpy.float32)
        self.entries: list[Entry] = []
        learner: list[str] = []
        batch: list[str] = []
        self.model: Vectors | None = None
        for number, offer in enumerate(offers(count)):
            completed, content = offer, ""
            if number < read:
                completed, reading = read_offer(offer, known)
            else:
                reading, content = random.choice(earlier[offer.commodity])
            batch.append(text_of_offer(completed, reading, known))
            entry = entry_of(completed, reading, (), 1, known)
            if number < read:
                earlier[offer.commodity].append((reading, entry.content))
            else:  # what comes back with it is another's, of the same length: a million would fill the memory
                entry = replace(entry, content=content)
            self.entries.append(entry)
            if self.model is None:
                learner.append(batch[-1])
                if len(learner) == min(count, _LEARNT):
                    self.model = Vectors().fit(learner)
            if self.model is not None and (len(batch) >= _AT_ONCE or number == count - 1):
                first = number + 1 - len(batch)
                self.vectors[first : number + 1] = self.model.transform(batch)
                batch = []

    def documents(self) -> Iterator[Entry]:
        """What is indexed."""
        for entry, vector in zip(self.entries, self.vectors, strict=True):
            yield replace(entry, vector=vector.tolist())

    def exact(self, question: Question) -> list[float]:
        """The likeness of the nearest hundred in the filter, and so the least that counts as one of them."""
        import numpy

        rows = [
            row for row, entry in enumerate(self.entries) if all(is_met(each, entry) for each in question.conditions)
        ]
        likeness = self.vectors[rows] @ question.vector if rows else numpy.zeros(0, numpy.float32)
        found: list[float] = numpy.sort(likeness)[::-1][:DEEP].tolist()
        return found


def questions(model: Vectors, is_narrow: bool) -> list[Question]:
    """The requests with all their conditions, or without the goods."""
    empty = SupplierMatcher().fit([])
    found = []
    for text, language in REQUESTS:
        profile: RequestProfile = read_request(text, lang=language, posted=DAY)
        conditions = conditions_of(profile, empty.wanted(profile), DAY)
        if not is_narrow:
            conditions = tuple(each for each in conditions if not (isinstance(each, Is) and each.field == "goods"))
        found.append(Question(model.transform([text_of_request(profile)])[0], conditions))
    return found


def asked(server: str, index: ElasticNeighbours, market: Market, is_narrow: bool, rounds: int) -> dict[str, float]:
    """Median and 99th percentile in milliseconds, the server's CPU time, and the recall of all requests together."""
    assert market.model is not None
    spent, came, wanted = list[float](), 0, 0
    found = questions(market.model, is_narrow)
    used = 0.0
    for turn in range(rounds + 1):
        if turn == 1:
            used = -server_seconds(server)
        for question in found:
            vector = question.vector.tolist()
            began = time.perf_counter()
            answer = index.nearest(vector, question.conditions, DEEP)
            if turn:  # the first time warms the server
                spent.append((time.perf_counter() - began) * 1000)
                continue
            exact = market.exact(question)
            # of offers that are equally near, any will do
            least = exact[-1] - 1e-4 if exact else 0.0
            came += sum(each.likeness >= least for each in answer)
            wanted += len(exact)
    used += server_seconds(server)
    return {
        "median_ms": statistics.median(spent),
        "server_cpu_ms": used * 1000 / len(spent),
        "p99_ms": sorted(spent)[min(len(spent) - 1, int(0.99 * len(spent)))],
        "recall": came / wanted if wanted else 1.0,
        "in_filter": wanted / len(found),
    }


def measured(server: str, count: int, rounds: int, read: int, *, is_merged: bool) -> dict[str, Any]:
    """The figures of an index of so many offers, which goes afterwards."""
    market = Market(count, read)
    print(f"{count:,} offers are made", file=sys.stderr, flush=True)
    assert market.model is not None
    index = open_neighbours(f"{server}/bench_{uuid.uuid4().hex[:10]}", "bench", DIMENSIONS, WORDS, time_out=60.0)
    try:
        began = time.perf_counter()
        index.rebuild(market.documents())
        filled = time.perf_counter() - began
        print(f"{count:,} offers are in after {filled:.0f} s", file=sys.stderr, flush=True)
        if is_merged:
            ask(server, f"/{index.name}/_forcemerge?max_num_segments=1&wait_for_completion=false", method="POST")
        at_rest(server, index.name)
        gc.collect()
        gc.freeze()
        texts = [text_of_request(read_request(text, lang=language, posted=DAY)) for text, language in REQUESTS]
        began = time.perf_counter()
        for text in texts:
            market.model.transform([text])
        vector = (time.perf_counter() - began) * 1000 / len(texts)
        return {
            "offers": count,
            "narrow": asked(server, index, market, True, rounds),
            "wide": asked(server, index, market, False, rounds),
            "vector_ms": vector,
            "filled_per_second": count / filled,
        }
    finally:
        index.drop()
        index.close()


def foreseen(rows: list[dict[str, Any]], name: str) -> str:
    """What a million would take, if the time goes on growing as it did from the smallest size to the largest."""
    first, last = rows[0], rows[-1]
    steps = log(last["offers"] / first["offers"])
    growth = log(last[name]["median_ms"] / first[name]["median_ms"]) / steps if steps else 0.0
    if growth <= 0:
        return f"no growth seen, so these sizes tell nothing of {GOAL_OFFERS:,}"
    there = last[name]["median_ms"] * (GOAL_OFFERS / last["offers"]) ** growth
    return f"going on like that, {there:.0f} ms for {GOAL_OFFERS:,} (goal {GOAL_MS:.0f})"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--server", required=True)
    options.add_argument("--offers", default="3000,10000,30000,100000")
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--read", type=int, default=100_000)
    options.add_argument("--merge", action="store_true")
    options.add_argument("--json", action="store_true")
    wanted = options.parse_args()
    rows = [
        measured(wanted.server, int(count), wanted.rounds, wanted.read, is_merged=wanted.merge)
        for count in wanted.offers.split(",")
    ]
    if wanted.json:
        print(json.dumps(rows, indent=1))
        return 0
    print(
        f"{'offers':>10}{'filter':>9}{'median ms':>11}{'99 % ms':>9}{'CPU ms':>9}{'recall@100':>12}{'vector ms':>11}{'filled/s':>10}"
    )
    for row in rows:
        for name in ("narrow", "wide"):
            own = row[name]
            print(f"{row['offers']:10,}{name:>9}{own['median_ms']:11.1f}{own['p99_ms']:9.1f}{own['server_cpu_ms']:9.1f}{own['recall']:12.4f}"
                  f"{row['vector_ms']:11.2f}{row['filled_per_second']:10.0f}"
                  f"   recall {'reached' if own['recall'] >= GOAL_RECALL else 'missed'}")  # fmt: skip
    for name in ("narrow", "wide"):
        times = rows[-1][name]["median_ms"] / rows[0][name]["median_ms"]
        print(f"{name}: {rows[-1]['offers'] / rows[0]['offers']:.0f} times the offers, {times:.1f} times the time; "
              f"{foreseen(rows, name)}")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
