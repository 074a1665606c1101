"""Weights of matches: tried in the shadow of those that serve, let serve after winning, taken back in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.models import MatchWeights
from marketplace.matchmaking.queries.weights import (
    decided_requests,
    requests_to_preview,
    serving_row,
    serving_weights,
    weights_of,
)
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.weighing import SELLER_WEIGHTS, is_sensible, may_serve, of_matcher
from marketplace.rfqs.models import Rfq

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Change:
    """What other weights do to the first places of one request: product keys before and after."""

    rfq: Rfq
    before: tuple[int, ...]
    after: tuple[int, ...]


def delivered_weights() -> Mapping[str, float]:
    """What the features are worth as the program comes."""
    from matching.features import WEIGHTS

    return {**WEIGHTS, **SELLER_WEIGHTS}


def try_weights(session: Session, actor: Actor, weights: Mapping[str, float], note: str) -> MatchWeights:
    """Keep weights as a candidate, and compare them with the serving ones afterwards."""
    if not is_sensible(weights):
        raise DomainError(
            _("The grade must weigh at least three times as much as all others together, and nothing less than zero.")
        )
    row = keep_candidate(session, weights, note)
    audit(session, actor, "weights.tried", f"weights:{row.id}")
    return row


def keep_candidate(session: Session, weights: Mapping[str, float], note: str) -> MatchWeights:
    """Keep sensible weights beside those that serve and queue their comparison; without a note they were learnt."""
    row = MatchWeights(weights=dict(weights), note=note, made_at=now(), figures={})
    session.add(row)
    session.flush()  # the job needs the key
    compare_again(session, row)
    return row


def compare_again(session: Session, row: MatchWeights) -> None:
    """Queue the comparison of a candidate."""
    enqueue(session, "matchmaking.compare_weights", weights_id=row.id)


def compared(session: Session, candidate: Mapping[str, float]) -> dict[str, int]:
    """How often each of both weights puts an offer whose seller committed above one that came to nothing, over the
    requests of which both are known. Only reads."""
    from matching.features import WEIGHTS, score

    live, candidate = serving_weights(session) or WEIGHTS, of_matcher(candidate)
    figures = {"requests": 0, "pairs": 0, "live": 0, "candidate": 0}
    for rfq, good, bad in decided_requests(session):
        values = matcher_of_process().features_of(session, profile_of(rfq), [*good, *bad], today())
        pairs = [(one, other) for one in good for other in bad if one in values and other in values]
        figures["requests"] += bool(pairs)
        figures["pairs"] += len(pairs)
        for name, weights in (("live", live), ("candidate", candidate)):
            figures[name] += sum(score(values[one], weights) > score(values[other], weights) for one, other in pairs)
    return figures


def preview(session: Session, candidate: Mapping[str, float]) -> list[Change]:
    """What a candidate would do to the first places of the latest requests; only those that change."""
    found, candidate = [], of_matcher(candidate)
    for rfq in requests_to_preview(session):
        both = matcher_of_process().side_by_side(session, profile_of(rfq), SHOWN, candidate)
        before, after = (tuple(int(match.offer) for match in each.matches) for each in both)
        if before != after:
            found.append(Change(rfq, before, after))
    return found


def let_weights_serve(session: Session, actor: Actor, key: int) -> None:
    """Switch to weights that have won, or that served before; `Conflict` for others."""
    row = weights_of(session, key)
    if is_dropped(row):
        raise Conflict(_("These weights were dropped."))
    if not is_ready(session, row):
        raise Conflict(_("These weights have not won a comparison of today. Compare them first."))
    _retire(session)
    row.promoted_at, row.retired_at = now(), None
    audit(session, actor, "weights.promoted", f"weights:{row.id}")


def is_ready(session: Session, row: MatchWeights) -> bool:
    """Whether weights may serve: they won or served before, or rank for buyers as those that serve do, so that there is
    nothing to compare."""
    return is_for_sellers_alone(session, row) or may_serve(row.figures, row.compared_at, row.promoted_at, now())


def is_for_sellers_alone(session: Session, row: MatchWeights) -> bool:
    """Whether weights differ at most in what orders a seller's own open requests."""
    from matching.features import WEIGHTS

    return of_matcher(row.weights) == dict(serving_weights(session) or WEIGHTS)


def is_dropped(row: MatchWeights) -> bool:
    """Whether an operator put a candidate away before it ever served."""
    return row.promoted_at is None and row.retired_at is not None


def drop_weights(session: Session, actor: Actor, key: int) -> None:
    """Put a candidate away; `Conflict` for weights that serve or did."""
    row = weights_of(session, key)
    if row.promoted_at is not None:
        raise Conflict(_("These weights serve or served before. Only candidates can be dropped."))
    if row.retired_at is None:
        row.retired_at = now()
        audit(session, actor, "weights.dropped", f"weights:{row.id}")


def back_to_delivered(session: Session, actor: Actor) -> None:
    """Let the weights as delivered serve again."""
    _retire(session)
    audit(session, actor, "weights.delivered", "weights")


def _retire(session: Session) -> None:
    while (row := serving_row(session)) is not None:
        row.retired_at = now()
        session.flush()  # read again: none may be left
