"""Sellers for somebody's standing interests: the same model and rules as for a request, one ranking over all goods."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.fairness import arranged
from marketplace.matchmaking.queries.exposure import exposure_of
from marketplace.matchmaking.queries.suggestions import offers_of_sellers
from marketplace.matchmaking.services.suggesting import reasons_of, recommended
from marketplace.matchmaking.standing import Wishes, free_wishes, wishes_of
from marketplace.partners.introduction_queries import approved_distributor, sellers_not_to_introduce
from marketplace.partners.models import Application, Introduction
from marketplace.partners.partnership_queries import held_by_others
from marketplace.partners.services import Found, introduce

if TYPE_CHECKING:
    from matching.matcher import Match

MOST_FOUND, MOST_ALMOST = 20, 8
# Less than the width of a tie: a seller who packs under the distributor's name comes before an equal who does not.
_PRIVATE_LABEL = 0.01


@dataclass(frozen=True, slots=True)
class Sellers:
    """Who suits standing interests, the best first, and who would if something changed; ``is_resting`` while the
    matcher cannot work."""

    fitting: tuple[Found, ...] = ()
    almost: tuple[Found, ...] = ()
    is_resting: bool = False


@dataclass(frozen=True, slots=True)
class _Best:
    """A seller's best offer over all goods wanted."""

    match: Match
    model: str
    has_private_label: bool
    territories: tuple[str, ...]
    """Where the seller does not ship to."""

    @property
    def seller(self) -> str:
        return self.match.seller

    @property
    def score(self) -> float:
        return self.match.score + (_PRIVATE_LABEL if self.has_private_label else 0.0)

    @property
    def grade(self) -> int:
        return self.match.grade


def sellers_for(session: Session, wishes: Wishes, seed: str, without: Collection[int] = ()) -> Sellers:
    """Sellers for standing interests, less those to leave out. Of two equals, who was shown less comes first."""
    hidden = offers_of_sellers(session, without)
    fitting, almost = dict[str, _Best](), dict[str, _Best]()
    for wanted in wishes.requests:
        found = recommended(session, wanted, MOST_FOUND, hidden)
        if found is None:
            return Sellers(is_resting=True)
        recommendation, model = found
        facts = _facts(session, [each.offer for each in (*recommendation.matches, *recommendation.almost)])
        for target, matches in ((fitting, recommendation.matches), (almost, recommendation.almost)):
            for match in matches:
                has_label, ships_to = facts.get(match.offer, (False, ()))
                left_out = tuple(each for each in wishes.territories if ships_to and each not in ships_to)
                best = _Best(match, model, wishes.wants_private_label and has_label, left_out)
                known = target.get(match.seller)
                if known is None or (best.grade, best.score) > (known.grade, known.score):
                    target[match.seller] = best
    ordered = sorted(fitting.values(), key=lambda each: (-each.grade, -each.score, each.match.offer))[:MOST_FOUND]
    seen = {str(key): value for key, value in exposure_of(session, [int(each.seller) for each in ordered]).items()}
    placed = arranged(ordered, seen, frozenset(), f"{seed}:{today().isoformat()}")
    others = [each for seller, each in almost.items() if seller not in fitting]
    others.sort(key=lambda each: (len(each.match.verdict.failed), -each.score, each.match.offer))
    return Sellers(tuple(_found(each.match) for each in placed), tuple(map(_found, others[:MOST_ALMOST])))


def sellers_for_distributor(session: Session, actor: Actor, key: int) -> Sellers:
    """Sellers whom the actor's chapter may introduce to one of its approved distributors; nobody who is introduced
    already, has refused, was refused or is blocked."""
    application = approved_distributor(session, actor, key)
    assert application.organisation_id is not None  # see the query
    without = sellers_not_to_introduce(session, application.organisation_id)
    held = {(each.country, each.commodity) for each in held_by_others(session, application)}
    found = sellers_for(session, free_wishes(wishes_of(application, today()), held), f"introduction:{key}", without)
    if not held:
        return found
    left = _free(session, application, (*found.fitting, *found.almost))
    fitting, almost = (tuple(each for each in part if each in left) for part in (found.fitting, found.almost))
    return Sellers(fitting, almost, found.is_resting)


def propose(session: Session, actor: Actor, key: int, product_id: int, note: str, among: Sellers) -> Introduction:
    """Introduce the seller of a product that was found for a distributor; `NotFound` where it was not."""
    application = approved_distributor(session, actor, key)
    found = next((each for each in (*among.fitting, *among.almost) if each.product_id == product_id), None)
    if found is None or not _free(session, application, [found]):
        raise NotFound
    return introduce(session, actor, application, found, note)


def _free(session: Session, application: Application, found: Sequence[Found]) -> list[Found]:
    """Those whose goods the distributor may still sell somewhere: similar goods may be held by others as well."""
    held = {(each.country, each.commodity) for each in held_by_others(session, application)}
    rows = session.execute(
        select(Product.id, Product.commodity).where(Product.id.in_([each.product_id for each in found]))
    )
    commodity: dict[int, str] = {row[0]: row[1] for row in rows}
    countries = application.territories
    return [
        each
        for each in found
        if not countries or any((country, commodity.get(each.product_id)) not in held for country in countries)
    ]


def _found(best: _Best) -> Found:
    match = best.match
    reasons = reasons_of(match)
    if best.has_private_label:
        reasons["for"] = [*reasons["for"], {"code": "private_label", "stance": "for", "values": {}}]
    if best.territories and not any(each.code == "destination" for each in match.verdict.failed):
        missing = {"code": "territory", "stance": "near", "values": {"countries": list(best.territories)}}
        reasons["against"] = [*reasons["against"], missing]
    return Found(int(match.seller), int(match.offer), Decimal(str(round(match.score, 6))), reasons, best.model)


def _facts(session: Session, offers: Collection[str]) -> Mapping[str, tuple[bool, tuple[str, ...]]]:
    """By offer: whether it comes under the buyer's own label, and where it ships to (nothing where that is open)."""
    rows: Any = session.execute(
        select(Product.id, Product.has_private_label, Product.destinations).where(Product.id.in_(map(int, offers)))
    )
    return {str(row[0]): (bool(row[1]), tuple(row[2] or ())) for row in rows}
