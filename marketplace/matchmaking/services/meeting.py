"""Whom to meet at a fair: sellers for what a buyer comes for, buyers for what a seller offers, with reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.matchmaking.queries.suggestions import offers_of_sellers
from marketplace.matchmaking.services.introducing import sellers_for
from marketplace.matchmaking.services.suggesting import reasons_of, recommended
from marketplace.matchmaking.standing import wishes_at_fair
from marketplace.meetings.models import MeetingGuest
from marketplace.meetings.rules import GuestKind
from marketplace.sellers.models import Seller

MOST_PROPOSED = 8
# one question to the matcher for each kind of goods and country; a fair's visitors share most of them
MOST_QUESTIONS = 24


@dataclass(frozen=True, slots=True)
class Proposal:
    """A participant worth meeting; ``reasons`` are codes as `matchmaking.introduction_wording` reads them."""

    guest_id: int
    score: float
    reasons: Mapping[str, Any] = field(default_factory=dict)


def worth_meeting(session: Session, guest: MeetingGuest, others: Sequence[MeetingGuest]) -> list[Proposal]:
    """Participants among ``others`` whom this one should meet, the best first; none while the matcher rests.

    ``others`` are of the other side of the trade, each with its organisation loaded.
    """
    if guest.kind == GuestKind.SELLER:
        return _buyers(session, guest, others)
    return _sellers(session, guest, others)


def _sellers(session: Session, guest: MeetingGuest, others: Sequence[MeetingGuest]) -> list[Proposal]:
    seller_of = _sellers_of(session, [one.organisation_id for one in others])
    guest_of = {seller: one.id for one in others for seller in seller_of.get(one.organisation_id, ())}
    if not guest_of:
        return []
    country = guest.organisation.country
    wishes = wishes_at_fair(guest.commodities, [country] if country else [], None)
    found = sellers_for(session, wishes, f"meetings:{guest.id}", _but(session, guest_of))
    best: dict[int, Proposal] = {}
    for one in found.fitting:
        key = guest_of.get(one.seller_id)
        if key is not None and key not in best:
            best[key] = Proposal(key, float(one.score), one.reasons)
    return list(best.values())[:MOST_PROPOSED]


def _buyers(session: Session, guest: MeetingGuest, others: Sequence[MeetingGuest]) -> list[Proposal]:
    own = [seller for each in _sellers_of(session, [guest.organisation_id]).values() for seller in each]
    if not own:
        return []
    hidden = offers_of_sellers(session, _but(session, own))
    asked: dict[tuple[str, str], tuple[float, Mapping[str, Any]] | None] = {}
    found: list[Proposal] = []
    for other in others:
        best: tuple[float, Mapping[str, Any]] | None = None
        for wanted in wishes_at_fair(other.commodities, [other.organisation.country], None).requests:
            question = (wanted.goods[0], other.organisation.country)
            if question not in asked:
                if len(asked) >= MOST_QUESTIONS:
                    continue
                answer = recommended(session, wanted, 1, hidden)
                if answer is None:
                    return []
                matches = answer[0].matches
                asked[question] = (float(matches[0].score), reasons_of(matches[0])) if matches else None
            told = asked[question]
            if told is not None and (best is None or told[0] > best[0]):
                best = told
        if best is not None:
            found.append(Proposal(other.id, *best))
    found.sort(key=lambda one: (-one.score, one.guest_id))
    return found[:MOST_PROPOSED]


def _sellers_of(session: Session, organisations: Collection[int]) -> dict[int, list[int]]:
    rows = session.execute(select(Seller.organisation_id, Seller.id).where(Seller.organisation_id.in_(organisations)))
    found: dict[int, list[int]] = {}
    for organisation, seller in rows:
        found.setdefault(organisation, []).append(seller)
    return found


def _but(session: Session, sellers: Collection[int]) -> list[int]:
    """Everybody else: the matcher is told whom to leave out."""
    return list(session.scalars(select(Seller.id).where(Seller.id.not_in(sellers))))
