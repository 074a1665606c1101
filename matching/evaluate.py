"""How good a ranking is, against graded judgements: the figures of a model card."""

import math
import random
from collections.abc import Callable, Mapping, Sequence

from matching.reliability import Reliability, expected_error, tenths

Ranking = Sequence[str]
Grades = Mapping[str, int]


def ndcg(ranking: Ranking, grades: Grades, k: int = 10) -> float | None:
    """Normalised discounted gain (2^grade - 1) of the first ``k``; None when nothing is relevant."""
    gains = [2 ** grades.get(key, 0) - 1 for key in ranking[:k]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:k]
    best = sum(gain / math.log2(place + 2) for place, gain in enumerate(ideal))
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains)) / best if best else None


def recall(ranking: Ranking, grades: Grades, k: int = 20, relevant: int = 2) -> float | None:
    """Share of the relevant (``grade >= relevant``) among the first ``k``; None when there is none."""
    wanted = {key for key, grade in grades.items() if grade >= relevant}
    return len(wanted & set(ranking[:k])) / len(wanted) if wanted else None


def hit_at_one(ranking: Ranking, grades: Grades, relevant: int = 2) -> float | None:
    """1 when the first is relevant, else 0; None when none could be."""
    if not any(grade >= relevant for grade in grades.values()):
        return None
    return float(bool(ranking) and grades.get(ranking[0], 0) >= relevant)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How surely a figure tells served requests from unserved ones; None when one side is empty."""
    if not positive or not negative:
        return None
    won = sum((yes > no) + 0.5 * (yes == no) for yes in positive for no in negative)
    return won / (len(positive) * len(negative))


def gini(exposure: Sequence[float]) -> float:
    """Inequality of exposure, 0 for equal shares."""
    ordered = sorted(exposure)
    total = sum(ordered)
    count = len(ordered)
    if not total:
        return 0.0
    return sum((2 * place - count - 1) * value for place, value in enumerate(ordered, start=1)) / (count * total)


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of the figures that exist."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def interval(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float] | None = None,
    rounds: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a statistic (the mean by default); deterministic."""
    if not values:
        return 0.0, 0.0
    measure = statistic or (lambda each: sum(each) / len(each))
    drawn = random.Random(seed)
    found = sorted(measure([drawn.choice(values) for _ in values]) for _ in range(rounds))
    return found[int(0.025 * rounds)], found[max(0, int(0.975 * rounds) - 1)]


def evaluate(
    rankings: Mapping[str, Ranking], judgements: Mapping[str, Grades], confidences: Mapping[str, float] | None = None
) -> dict[str, float | None]:
    """Figures over all judged requests; requests with no relevant offer count for telling "no match" only."""
    answerable = {key: grades for key, grades in judgements.items() if any(grades.values())}
    served = [(list(rankings.get(key, ())), grades) for key, grades in answerable.items()]
    known = confidences or {}
    return {
        "requests": float(len(judgements)),
        "ndcg10": mean([ndcg(ranking, grades) for ranking, grades in served]),
        "recall20": mean([recall(ranking, grades) for ranking, grades in served]),
        "hit1": mean([hit_at_one(ranking, grades) for ranking, grades in served]),
        "calibration_error": expected_error(_told(known, judgements)) if known else None,
        "no_match_auroc": auroc(
            [known[key] for key in answerable if key in known],
            [known[key] for key in judgements if key not in answerable and key in known],
        ),
    }


def _told(confidences: Mapping[str, float], judgements: Mapping[str, Grades]) -> list[tuple[float, bool]]:
    """Confidence, and whether a good offer was there to be found, for every request that has both."""
    return [
        (confidence, any(grade >= 2 for grade in judgements[key].values()))
        for key, confidence in confidences.items()
        if key in judgements
    ]


def confidence_kept(confidences: Mapping[str, float], judgements: Mapping[str, Grades]) -> list[Reliability]:
    """Tenths of confidence, from sure to none: how many requests, what was told, how many could be served."""
    return tenths(_told(confidences, judgements))
