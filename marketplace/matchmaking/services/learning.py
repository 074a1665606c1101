"""Weights learnt from what came of showings, filed as a candidate when they win on requests held back from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.models import MatchWeights
from marketplace.matchmaking.queries.learning import LEARNT, Learnt, last_filed_at, settled_outcomes
from marketplace.matchmaking.queries.weights import seller_weights, serving_weights
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.services.weights import keep_candidate
from marketplace.matchmaking.weighing import FILED_EVERY, is_sensible, light_for_matcher

if TYPE_CHECKING:
    from matching.learning import Outcome


@dataclass(frozen=True, slots=True)
class Lesson:
    """Learnt weights, from what, and whether they won on requests held back."""

    weights: Mapping[str, float]
    learnt: Learnt
    is_won: bool


def learn(session: Session) -> Lesson:
    """Fit weights on the outcomes of the past year and hold them against those that serve. Only reads.
    `matching.learning.TooFew` where there is not enough to learn from."""
    from matching.features import WEIGHTS
    from matching.learning import held_out, learnt_weights, pairs_of

    serving, seller = serving_weights(session) or WEIGHTS, seller_weights(session)
    light = light_for_matcher(seller, serving["grade"])
    outcomes = _outcomes(session)
    pairs = pairs_of(outcomes)
    trial = held_out(pairs, serving, light)
    weights = {**learnt_weights(pairs, serving, light), **seller}
    learnt = Learnt(
        requests=trial.requests,
        outcomes=len(outcomes),
        pairs=len(pairs),
        sellers=len({seller for each in pairs for seller in each.sellers}),
        points=round(100 * (trial.learnt - trial.live), 1),
        low=round(100 * trial.low, 1),
        high=round(100 * trial.high, 1),
    )
    return Lesson(weights, learnt, trial.is_won and is_sensible(weights) and weights != {**serving, **seller})


def file_lesson(session: Session, lesson: Lesson) -> MatchWeights | None:
    """Keep learnt weights that won as a candidate, to be compared like any other. None, and nothing is changed, where
    they did not win or the last were filed within four weeks."""
    last = last_filed_at(session)
    if not lesson.is_won or (last is not None and now() - last < FILED_EVERY):
        return None
    row = keep_candidate(session, lesson.weights, note="")
    audit(session, None, LEARNT, f"weights:{row.id}", **asdict(lesson.learnt))
    return row


def _outcomes(session: Session) -> list[Outcome]:
    """Outcomes with the features that the offers have now: what something rules out today teaches nothing."""
    from matching.learning import Outcome

    found = []
    for rfq, told in settled_outcomes(session):
        values = matcher_of_process().features_of(session, profile_of(rfq), [each.product_id for each in told], today())
        found += [
            Outcome(
                f"{rfq.id:012}",
                str(each.product_id),
                str(each.seller_id),
                values[each.product_id],
                each.stage,
                each.propensity,
            )
            for each in told
            if each.product_id in values
        ]
    return found
