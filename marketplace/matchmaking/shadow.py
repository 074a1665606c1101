"""A fitted model in the shadow: held beside the one that serves, on saved requests and their outcomes, before it may
serve itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.matchmaking.profiles import offer_profiles
from marketplace.matchmaking.queries.weights import decided_requests, requests_to_preview, serving_weights
from marketplace.matchmaking.reading import profile_of

if TYPE_CHECKING:
    from matching.matcher import SupplierMatcher

# How much worse a model may do and still take over by itself: one title in twenty, one listing in fifty, one request
# in twenty that nobody would be found for any more, one in five with another seller in the first place.
TITLES_LOST, LISTINGS_LOST, REQUESTS_LOST, FIRST_PLACES = 0.05, 0.02, 0.05, 0.2
HELD_BACK = ("titles", "goods", "outcomes", "requests", "first_places")


def compared(session: Session, candidate: SupplierMatcher, live: SupplierMatcher) -> dict[str, Any]:
    """How both models answer the latest requests in own words and put offers of known outcome. Both know the offers as
    they are now. Only reads."""
    _bring_up_to_date(session, live)
    for matcher in (candidate, live):
        matcher.weights = serving_weights(session)
    figures: dict[str, Any] = {"requests": 0, "lost": 0, "gained": 0, "other_first": 0, "pairs": 0, "live": 0,
                               "candidate": 0}  # fmt: skip
    for rfq in requests_to_preview(session):
        wanted = profile_of(rfq)
        ours, theirs = candidate.recommend(wanted, 5, today=today()), live.recommend(wanted, 5, today=today())
        figures["requests"] += 1
        figures["lost"] += theirs.is_served and not ours.is_served
        figures["gained"] += ours.is_served and not theirs.is_served
        first = [each.matches[0].offer if each.matches else "" for each in (ours, theirs)]
        figures["other_first"] += first[0] != first[1]
    for rfq, good, bad in decided_requests(session):
        wanted = profile_of(rfq)
        scores = {name: _scores(matcher, wanted, good | bad) for name, matcher in _pair(candidate, live)}
        known = set(scores["candidate"]) & set(scores["live"])
        pairs = [(one, other) for one in good & known for other in bad & known]
        figures["pairs"] += len(pairs)
        for name, of in scores.items():
            figures[name] += sum(of[one] > of[other] for one, other in pairs)
    return figures


def held_back(comparison: Mapping[str, Any], own: Mapping[str, Any], live: Mapping[str, Any]) -> list[str]:
    """What keeps a model from taking over by itself, as codes of `HELD_BACK`; nothing when it is as good. ``own`` and
    ``live`` are the figures that each model's card gives."""
    requests = int(comparison.get("requests", 0))
    found_again, before = dict(own.get("found_again") or {}), dict(live.get("found_again") or {})
    wanting = {
        "titles": any(found_again.get(name, share) < share - TITLES_LOST for name, share in before.items()),
        "goods": float(own.get("without_goods", 0)) > float(live.get("without_goods", 0)) + LISTINGS_LOST,
        "outcomes": int(comparison.get("candidate", 0)) < int(comparison.get("live", 0)),
        "requests": int(comparison.get("lost", 0)) > REQUESTS_LOST * requests,
        "first_places": int(comparison.get("other_first", 0)) > max(1.0, FIRST_PLACES * requests),
    }
    return [code for code in HELD_BACK if wanting[code]]


def _pair(candidate: SupplierMatcher, live: SupplierMatcher) -> tuple[tuple[str, SupplierMatcher], ...]:
    return ("candidate", candidate), ("live", live)


def _bring_up_to_date(session: Session, matcher: SupplierMatcher) -> None:
    """Offers that came, changed or went since the model was fitted, as the serving process knows them."""
    current = {each.key: each for each in offer_profiles(session)}
    for key in [key for key in matcher.offers_ if key not in current]:
        matcher.forget(key)
    for key, profile in current.items():
        if matcher.offers_.get(key) != profile:
            matcher.update(profile)


def _scores(matcher: SupplierMatcher, wanted: Any, keys: set[int]) -> dict[int, float]:
    found = ((key, matcher.explain(wanted, str(key), today())) for key in keys)
    return {key: match.score for key, match in found if match is not None and match.features}
