"""How well the matcher answers the golden requests: figures for each request, and their means with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.matchmaking.fairness import arranged
from marketplace.matchmaking.profiles import rates_per_dollar
from marketplace.matchmaking.reading import read
from matching.evaluate import auroc, interval
from matching.matcher import SupplierMatcher
from matching.profile import OfferProfile
from tests.golden.matching.judging import POSTED, Judged, Verdict, requests, verdict

DEPTH, FAR = 10, 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What the matcher answered to one request, and what that is worth."""

    request: Judged
    shown: tuple[tuple[str, Verdict], ...]
    """The offers in the order of the ranking, each as judged."""
    confidence: float
    is_served: bool
    best: tuple[int, ...]
    """The grades that could have been shown, one offer a seller, the best first."""

    @property
    def is_answerable(self) -> bool:
        """Whether any offer can serve the request."""
        return bool(self.best)

    @property
    def ndcg(self) -> float:
        """Normalised discounted gain of the first ten."""
        return _gain([each.grade for _key, each in self.shown[:DEPTH]]) / _gain(self.best[:DEPTH])

    @property
    def hit(self) -> float:
        """Whether the first offer is a good one: 2 or better, or the best there is."""
        return float(bool(self.shown) and self.shown[0][1].grade >= min(2, self.best[0]))

    @property
    def recall(self) -> float:
        """Share of the good offers among the first twenty; 1 where there is none."""
        good = sum(each >= 2 for each in self.best)
        return min(1.0, sum(each.grade >= 2 for _key, each in self.shown[:FAR]) / good) if good else 1.0

    @property
    def told(self) -> tuple[float, bool]:
        """The confidence, and whether a good offer was there to be found."""
        return self.confidence, bool(self.best) and self.best[0] >= 2

    @property
    def violations(self) -> int:
        """Slots among the first ten taken by offers of the right goods that break a condition."""
        return sum(bool(each.broken) and each.identity > 0 for _key, each in self.shown[:DEPTH])

    @property
    def strangers(self) -> int:
        """Slots among the first ten taken by something else than the goods asked for."""
        return sum(each.identity == 0 for _key, each in self.shown[:DEPTH])

    @property
    def slots(self) -> int:
        """How many of the first ten slots were filled at all."""
        return len(self.shown[:DEPTH])


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def answers(
    offers: Sequence[OfferProfile], is_evened: bool = False, asked: Iterable[Judged] | None = None
) -> list[Answer]:
    """Every golden request (or those ``asked``) answered by a matcher fitted on these offers; ``is_evened`` arranges the ties as the site
    does, each showing counting against the next."""
    exposure: dict[str, float] = {}
    matcher = SupplierMatcher(rates=rates_per_dollar()).fit(offers)
    by_key = {offer.key: offer for offer in offers}
    found = []
    for request in requests() if asked is None else asked:
        answer = matcher.recommend(read(request.text, request.language, POSTED), FAR, today=POSTED)
        ranked = list(answer.matches)
        if is_evened:
            ranked = [each.match for each in arranged(ranked, exposure, frozenset(), request.key)]
            for place, each in enumerate(ranked[:DEPTH], start=1):
                exposure[each.seller] = exposure.get(each.seller, 0.0) + 1 / place
        shown = tuple((each.offer, verdict(request, by_key[each.offer])) for each in ranked)
        best: dict[str, int] = {}
        for offer in offers:
            best[offer.seller] = max(best.get(offer.seller, 0), verdict(request, offer).grade)
        grades = tuple(sorted((grade for grade in best.values() if grade), reverse=True))
        found.append(Answer(request, shown, answer.confidence, answer.is_served, grades))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over a group of answers."""

    ndcg: float
    hit: float
    recall: float
    violations: float
    strangers: float
    no_match: float
    """How surely confidence tells answerable requests from the others (area under the curve)."""
    honest: float
    """Share of requests nobody can serve that were told so."""
    ndcg_interval: tuple[float, float]
    hit_interval: tuple[float, float]


def figures(group: Iterable[Answer]) -> Figures:
    """Figures of a group of answers; ranking counts where something could be ranked, slots count everywhere."""
    every = list(group)
    answerable = [each for each in every if each.is_answerable]
    unanswerable = [each for each in every if not each.is_answerable]
    slots = max(1, sum(each.slots for each in every))
    ndcg, hit = [each.ndcg for each in answerable], [each.hit for each in answerable]
    return Figures(
        ndcg=sum(ndcg) / len(ndcg),
        hit=sum(hit) / len(hit),
        recall=sum(each.recall for each in answerable) / len(answerable),
        violations=sum(each.violations for each in every) / slots,
        strangers=sum(each.strangers for each in every) / slots,
        no_match=auroc([each.confidence for each in answerable], [each.confidence for each in unanswerable]) or 0.0,
        honest=sum(not each.is_served for each in unanswerable) / len(unanswerable),
        ndcg_interval=interval(ndcg),
        hit_interval=interval(hit),
    )
