"""How good a ranking is by judgements, and whether one is better than another by more than chance."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from random import Random
from statistics import fmean

from search.evaluation.running import Run
from search.evaluation.sets import AskedQuery, Judgements

DEPTH = 10
RECALL_DEPTH = 100
_SAMPLES = 2_000
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over some queries, each from 0 to 1."""

    queries: int
    ndcg: float
    mrr: float
    recall: float
    zero_results: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean gain in nDCG@10 of one run over another, with the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def is_significant(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self.low > 0 or self.high < 0


def ndcg(ranked: Sequence[str], grades: Mapping[str, float]) -> float:
    """nDCG at 10 with linear gain and log2 discount; an unjudged document counts 0."""
    best = _dcg(sorted(grades.values(), reverse=True)[:DEPTH])
    return _dcg([grades.get(name, 0.0) for name in ranked[:DEPTH]]) / best if best else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, float]) -> float:
    """One by the place of the first document with a grade above 0."""
    return next((1 / place for place, name in enumerate(ranked, 1) if grades.get(name, 0.0) > 0), 0.0)


def recall(ranked: Sequence[str], grades: Mapping[str, float]) -> float:
    """The share of documents with a grade above 0 among the first hundred."""
    wanted = {name for name, grade in grades.items() if grade > 0}
    return len(wanted.intersection(ranked[:RECALL_DEPTH])) / len(wanted) if wanted else 0.0


def answerable(queries: Iterable[AskedQuery], judgements: Judgements) -> list[AskedQuery]:
    """The queries for which some document is right; no other can be ranked well or badly."""
    return [each for each in queries if any(grade > 0 for grade in judgements.get(each.id, {}).values())]


def figures(queries: Iterable[AskedQuery], run: Run, judgements: Judgements) -> Figures:
    """Means over the answerable queries."""
    asked = answerable(queries, judgements)
    if not asked:
        return Figures(0, 0.0, 0.0, 0.0, 0.0)
    names = {each.id: [name for name, _ in run.get(each.id, ())] for each in asked}
    return Figures(
        queries=len(asked),
        ndcg=fmean(ndcg(names[each.id], judgements[each.id]) for each in asked),
        mrr=fmean(reciprocal_rank(names[each.id], judgements[each.id]) for each in asked),
        recall=fmean(recall(names[each.id], judgements[each.id]) for each in asked),
        zero_results=fmean(not names[each.id] for each in asked),
    )


def by_group(
    queries: Sequence[AskedQuery], run: Run, judgements: Judgements, group: Callable[[AskedQuery], str]
) -> dict[str, Figures]:
    """Figures of each group of queries (a language, a kind), by name; groups without an answerable query are left
    out."""
    names = sorted({group(each) for each in queries} - {""})
    found = {name: figures([each for each in queries if group(each) == name], run, judgements) for name in names}
    return {name: each for name, each in found.items() if each.queries}


def difference(queries: Iterable[AskedQuery], new: Run, old: Run, judgements: Judgements) -> Difference:
    """Paired bootstrap over the answerable queries; the same every time."""
    gains = []
    for each in answerable(queries, judgements):
        grades = judgements[each.id]
        after, before = ([name for name, _ in run.get(each.id, ())] for run in (new, old))
        gains.append(ndcg(after, grades) - ndcg(before, grades))
    if not gains:
        return Difference(0.0, 0.0, 0.0)
    random = Random(_SEED)
    means = sorted(fmean(random.choices(gains, k=len(gains))) for _ in range(_SAMPLES))
    return Difference(fmean(gains), means[int(_SAMPLES * 0.025)], means[int(_SAMPLES * 0.975) - 1])
