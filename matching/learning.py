"""Weights of named features learnt from what came of showings: which of two offers for one request got further."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.evaluate import interval
from matching.features import score

# Fewer than these say nothing about buyers in general, however clear they are.
LEAST_REQUESTS, LEAST_PAIRS, LEAST_SELLERS = 40, 100, 10
# A place that chance gave once in a hundred times must not speak for a hundred showings.
HEAVIEST_PAIR = 10.0
# What all features but the grade may weigh together, in grades: a better grade always stands above them.
LIGHT = 1 / 3
FOLDS = 5
# How far a feature may move an offer's odds (logits, one standard deviation) before the penalty counts.
_STRENGTH = 1.0
# The column of the serving weights is blown up so that the penalty hardly touches it: only differences cost.
_FREE = 100.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One offer shown for one request, and how far it got."""

    request: str
    offer: str
    seller: str
    features: Mapping[str, float]
    stage: int
    """0 declined, silent or put aside; 1 replied, 2 quoted, 3 sampled, 4 agreed, 5 ordered. Never a click."""
    propensity: float = 1.0
    """How likely the showing was, above 0 and at most 1."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Of two offers of different sellers shown for one request, the one that got further and the other."""

    request: str
    sellers: tuple[str, str]
    further: Mapping[str, float]
    other: Mapping[str, float]
    weight: float
    """Inverse propensity of the rarer showing (at most `HEAVIEST_PAIR`), divided by the pairs of its request."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How weights learnt without a request do on it, against those that serve: shares of its pairs put right (a tie is
    half), averaged over requests, and the 95 % bootstrap interval of the difference."""

    requests: int
    live: float
    learnt: float
    low: float
    high: float

    @property
    def is_won(self) -> bool:
        return self.low > 0


class TooFew(ValueError):
    """Fewer requests, pairs or sellers than something can be learnt from."""

    def __init__(self, requests: int, pairs: int, sellers: int) -> None:
        super().__init__(
            f"{requests} requests of {LEAST_REQUESTS}, {pairs} pairs of {LEAST_PAIRS}, "
            f"{sellers} sellers of {LEAST_SELLERS}"
        )
        self.requests, self.pairs, self.sellers = requests, pairs, sellers


def pairs_of(outcomes: Iterable[Outcome]) -> list[Pair]:
    """All pairs of which one got further, by request. A request counts for one, however much was shown for it."""
    by_request: dict[str, list[Outcome]] = {}
    for each in outcomes:
        by_request.setdefault(each.request, []).append(each)
    return [pair for request in sorted(by_request) for pair in _pairs_of_one(by_request[request])]


def require_enough(pairs: Sequence[Pair]) -> None:
    """Nothing, or `TooFew`."""
    requests, sellers = {each.request for each in pairs}, {seller for each in pairs for seller in each.sellers}
    if len(requests) < LEAST_REQUESTS or len(pairs) < LEAST_PAIRS or len(sellers) < LEAST_SELLERS:
        raise TooFew(len(requests), len(pairs), len(sellers))


def learnt_weights(pairs: Sequence[Pair], serving: Mapping[str, float], light: float = LIGHT) -> dict[str, float]:
    """Weights of the features of ``serving``, on its scale: its grade stays, none is below nothing, and all others
    together are at most ``light`` grades. Raises `TooFew`; the same pairs give the same weights."""
    require_enough(pairs)
    return _fitted(pairs, serving, light)


def held_out(pairs: Sequence[Pair], serving: Mapping[str, float], light: float = LIGHT) -> Trial:
    """Each fifth of the requests is ranked by weights learnt from the other four. Raises `TooFew`."""
    require_enough(pairs)
    requests = sorted({each.request for each in pairs})
    live, learnt = [], []
    for fold in range(FOLDS):
        apart = set(requests[fold::FOLDS])
        weights = _fitted([each for each in pairs if each.request not in apart], serving, light)
        for request in sorted(apart):
            mine = [each for each in pairs if each.request == request]
            live.append(put_right(mine, serving))
            learnt.append(put_right(mine, weights))
    low, high = interval([one - other for one, other in zip(learnt, live, strict=True)])
    return Trial(len(requests), sum(live) / len(live), sum(learnt) / len(learnt), low, high)


def put_right(pairs: Sequence[Pair], weights: Mapping[str, float]) -> float:
    """The share of pairs whose further offer scores higher; a tie is half."""
    scores = [(score(each.further, weights), score(each.other, weights)) for each in pairs]
    return sum((one > other) + 0.5 * (one == other) for one, other in scores) / len(scores)


def _pairs_of_one(shown: Sequence[Outcome]) -> list[Pair]:
    found = []
    for one, other in combinations(shown, 2):
        if one.stage == other.stage or one.seller == other.seller:
            continue
        further, less = (one, other) if one.stage > other.stage else (other, one)
        weight = min(HEAVIEST_PAIR, 1 / max(1e-9, min(one.propensity, other.propensity)))
        found.append((further, less, weight))
    return [
        Pair(one.request, (one.seller, other.seller), one.features, other.features, weight / len(found))
        for one, other, weight in found
    ]


def _fitted(pairs: Sequence[Pair], serving: Mapping[str, float], light: float) -> dict[str, float]:
    """Fit, and fit again without the feature that came out most below nothing, until none does."""
    names = list(serving)
    while True:
        found = dict(zip(names, _coefficients(pairs, serving, names), strict=True))
        lowest = min((name for name in names if name != "grade"), key=lambda name: found[name], default=None)
        if lowest is None or found[lowest] >= 0:
            break
        names.remove(lowest)
    return _on_scale(found, serving, light)


def _coefficients(pairs: Sequence[Pair], serving: Mapping[str, float], names: Sequence[str]) -> Iterator[float]:
    """Logistic regression on differences, without intercept, drawn towards a multiple of the serving weights."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    before = numpy.array([serving[name] for name in names])
    rows = numpy.array([[each.further.get(name, 0.0) - each.other.get(name, 0.0) for name in names] for each in pairs])
    # Weights say nothing of how sharply buyers choose; this column finds it, and the others what differs from it.
    rows = numpy.column_stack([_FREE * (rows @ before), rows])
    weights = numpy.array([each.weight for each in pairs])
    weights *= len({each.request for each in pairs}) / weights.sum()
    model = LogisticRegression(C=_STRENGTH**2, fit_intercept=False, tol=1e-8, max_iter=2000)
    # both ways round, each for half: the fit needs both classes, and neither order of a pair is the right one
    model.fit(
        numpy.vstack([rows, -rows]),
        numpy.repeat([1, 0], len(rows)),
        sample_weight=numpy.concatenate([weights, weights]) / 2,
    )
    shared, *own = model.coef_[0]
    yield from (float(_FREE * shared * old + new) for old, new in zip(before, own, strict=True))


def _on_scale(found: Mapping[str, float], serving: Mapping[str, float], light: float) -> dict[str, float]:
    grade = serving["grade"]
    # where the grade tells nothing, the others take all the room they may have, and no more
    unit = max(found.get("grade", 0.0), 1e-6) / grade
    others = {name: max(0.0, found.get(name, 0.0)) / unit for name in serving if name != "grade"}
    most, total = light * grade, sum(others.values())
    # rounded down: the limit holds for what is stored, too
    shrunk = {
        name: int(value * min(1.0, most / total if total else 1.0) * 10_000) / 10_000 for name, value in others.items()
    }
    return {name: grade if name == "grade" else shrunk[name] for name in serving}
