"""What the features of a match are worth: which weights make sense, and when others have won against them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from marketplace.matchmaking.rules import NOT_FOR_ME
from marketplace.orders.rules.states import OrderState, SampleState
from marketplace.rfqs.rules import RecipientState

FEATURES = ("grade", "shared", "wished", "certain", "price", "room", "words", "export")
# What orders the open requests of one seller beside that: known to them alone, so that the matcher never asks for it.
# Each from 0 to 1: the share of their calendar that is left after a request, and whether they answer in its language.
SELLER_WEIGHTS: Mapping[str, float] = MappingProxyType({"calendar": 0.02, "language": 0.02})
ALL_FEATURES = (*FEATURES, *SELLER_WEIGHTS)
HEAVIEST = 1.0
# Fewer decided pairs than these say nothing; a comparison older than this is made again before a switch.
LEAST_PAIRS = 20
COMPARISON_HOLDS = timedelta(days=1)
# What all features but the grade may weigh together: a better grade always stands above them.
LIGHT = 1 / 3
# Weights are learnt from requests sent this year that had time to come to something, the latest so many of them; what
# was learnt is filed at most once in four weeks, so that an operator who dropped it is not asked again at once.
LEARNT_EVERY = timedelta(weeks=1)
LEARNT_FROM = timedelta(days=365)
SETTLED_AFTER = timedelta(days=14)
MOST_LEARNT = 2000
FILED_EVERY = timedelta(weeks=4)
_LOST = frozenset({RecipientState.DECLINED, RecipientState.NO_ANSWER})
_NO_SAMPLE = frozenset({"", SampleState.DECLINED, SampleState.CANCELLED})
_NO_ORDER = frozenset({"", OrderState.CANCELLED})


def is_sensible(weights: Mapping[str, float]) -> bool:
    """Whether weights are complete, none below nothing, and never put a lower grade above a higher one."""
    if set(weights) != set(ALL_FEATURES) or not all(0 <= each <= HEAVIEST for each in weights.values()):
        return False
    others = sum(value for name, value in weights.items() if name != "grade")
    return weights["grade"] > 0 and others <= weights["grade"] * LIGHT


def of_matcher(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights that the matcher ranks by."""
    return {name: float(weights[name]) for name in FEATURES}


def of_seller(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights beside those by which a seller's requests are ordered; as delivered where none were stated, as in
    weights that were tried before there were such."""
    return {name: float(weights.get(name, delivered)) for name, delivered in SELLER_WEIGHTS.items()}


def light_for_matcher(seller: Mapping[str, float], grade: float) -> float:
    """What the features of the matcher but the grade may weigh together, in grades, beside those of the seller."""
    return max(0.0, LIGHT - sum(seller.values()) / grade)


def is_answered_in(written_in: str, languages: Collection[str]) -> bool:
    """Whether a seller answers in the language that a request is written in; so do those who named none, as far as
    anybody knows. Sellers speak Chinese, whichever script a request is in."""
    return not languages or written_in.partition("_")[0] in languages


def has_won(figures: Mapping[str, Any]) -> bool:
    """Whether a comparison (``pairs``, and how many of them each side put right) was won, on enough pairs."""
    return int(figures.get("pairs", 0)) >= LEAST_PAIRS and int(figures["candidate"]) > int(figures["live"])


def may_serve(
    figures: Mapping[str, Any], compared_at: datetime | None, promoted_at: datetime | None, moment: datetime
) -> bool:
    """Whether weights may serve: they did before, or have just won."""
    if promoted_at is not None:
        return True
    return compared_at is not None and moment - compared_at <= COMPARISON_HOLDS and has_won(figures)


def stage_of(line: Mapping[str, Any]) -> int | None:
    """How far a showing came (a mapping of `outcome_lines`): 0 declined, silent or put aside, 1 replied, 2 quoted,
    3 sampled, 4 agreed, 5 ordered. None where nothing is known of this product: it was not asked for, another of the
    same seller was, or the request closed before its time to answer was over."""
    is_aside = NOT_FOR_ME in line["verdicts"]
    if not line["is_asked"] or line["asked_product"] not in (None, line["product"]):
        return 0 if is_aside else None
    reached = (
        line["is_answered"] and line["state"] not in _LOST,
        line["is_quoted"],
        line["sample"] not in _NO_SAMPLE,
        line["is_agreed"],
        line["order"] not in _NO_ORDER,
    )
    furthest = max((stage for stage, is_reached in enumerate(reached, start=1) if is_reached), default=0)
    return furthest if furthest or is_aside or line["state"] in _LOST else None
