"""Open requests in the order in which they suit a seller: how well their goods answer, what their calendar has left,
and the buyer's language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marketplace.kernel.paging import Page
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.queries.for_sellers import ForYou, fits_for, rows_for
from marketplace.matchmaking.queries.room import Room, rooms_for
from marketplace.matchmaking.queries.weights import seller_weights, serving_weights
from marketplace.matchmaking.weighing import is_answered_in
from matching.features import WEIGHTS

SIZE = 10
# Of so many, the best by the matcher, the calendar is looked at; nobody turns further pages to answer a buyer.
MOST_WEIGHED = 200
_STEP = 1 / 3  # what one near miss takes off a grade, as in the matcher


@dataclass(frozen=True, slots=True)
class Weighed:
    """One open request as it suits a seller."""

    own: ForYou
    room: Room | None
    """What their calendar has left for it, where that can be told."""
    features: Mapping[str, float]
    """``calendar`` and ``language``, each from 0 to 1."""

    @property
    def is_beyond(self) -> bool:
        """Whether it plainly asks for more than the calendar has left: told below all others."""
        return self.room is not None and self.room.is_beyond


def requests_for(session: Session, actor: Actor, number: int, *, is_put_aside: bool = False) -> Page[Weighed]:
    """A page of open requests that the seller's goods answer, those that suit them best first, and those that ask for
    plainly more than their calendar has left after all others."""
    fits = fits_for(session, actor, is_put_aside=is_put_aside)
    best = rows_for(session, actor, fits[:MOST_WEIGHED], is_put_aside=is_put_aside)
    ordered = _in_order(session, best)
    first, last = (number - 1) * SIZE, number * SIZE
    items = ordered[first:last]
    if last > MOST_WEIGHED:
        rest = fits[max(first, MOST_WEIGHED) : last]
        items += [_weighed(each, None) for each in rows_for(session, actor, rest, is_put_aside=is_put_aside)]
    return Page(items, number, SIZE, len(fits) > last)


def _in_order(session: Session, rows: list[ForYou]) -> list[Weighed]:
    rooms = rooms_for(session, [(each.rfq, each.fit.product_id) for each in rows])
    found = [_weighed(each, rooms.get(each.rfq.id)) for each in rows]
    serving, seller = serving_weights(session) or WEIGHTS, seller_weights(session)
    # a score is a share of what all weights come to; rows come in the order of their scores, which a tie keeps
    whole = sum(serving.values())

    def suits(each: Weighed) -> float:
        value = float(each.own.fit.score) * whole + sum(seller[name] * each.features[name] for name in seller)
        return value - (serving["grade"] * _STEP if _is_new_near_miss(each) else 0.0)

    return sorted(found, key=lambda each: (each.is_beyond, -suits(each)))


def _weighed(row: ForYou, room: Room | None) -> Weighed:
    is_spoken = is_answered_in(row.rfq.language, row.languages)
    return Weighed(row, room, {"calendar": room.share if room else 0.0, "language": float(is_spoken)})


def _is_new_near_miss(each: Weighed) -> bool:
    """Whether the calendar has somewhat too little, which the score does not know yet: it counts what the seller can
    make at most."""
    told: Collection[Mapping[str, Any]] = each.own.fit.reasons.get("against", ())
    return each.room is not None and each.room.is_short and not any(one["code"] == "capacity" for one in told)
