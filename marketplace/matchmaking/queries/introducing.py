"""Introductions as pages read them: who the other side is, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.orders.models import Outcome
from marketplace.partners.models import Application, Chapter, Introduction
from marketplace.partners.rules import IntroductionState
from marketplace.sellers.models import Seller

Outcomes = Mapping[int, Mapping[str, int]]


def outcomes_of(session: Session, rows: Sequence[Introduction]) -> Outcomes:
    """By introduction: how many results of each kind its two sides have had since both accepted, as the programme's
    ledger counts them for the chapter."""
    made = {(each.seller_id, each.organisation_id): each for each in rows if each.state == IntroductionState.ACCEPTED}
    if not made:
        return {}
    pairs = [
        and_(
            Outcome.seller_id == seller,
            Outcome.buyer_id == organisation,
            Outcome.chapter_id == each.chapter_id,
            Outcome.at >= each.decided_at,
        )
        for (seller, organisation), each in made.items()
    ]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    query = (
        select(Outcome.seller_id, Outcome.buyer_id, Outcome.kind, func.count())
        .where(or_(*pairs))
        .group_by(Outcome.seller_id, Outcome.buyer_id, Outcome.kind)
    )
    for seller, buyer, kind, count in session.execute(query):
        found[made[seller, buyer].id][kind] = count
    return found


def applications_of(session: Session, rows: Sequence[Introduction]) -> dict[int, Application]:
    """The distributors' standing interests, by key."""
    keys = {each.application_id for each in rows}
    return {each.id: each for each in session.scalars(select(Application).where(Application.id.in_(keys)))}


def chapters_of(session: Session, rows: Sequence[Introduction]) -> dict[int, str]:
    """Names of the chapters that introduce, by key."""
    found = session.execute(
        select(Chapter.id, Organisation.name)
        .join(Organisation, Organisation.id == Chapter.organisation_id)
        .where(Chapter.id.in_({each.chapter_id for each in rows}))
    )
    return {row[0]: row[1] for row in found}


def sellers_of(session: Session, keys: Sequence[int]) -> dict[int, str]:
    """Names of sellers, by key."""
    found = session.execute(
        select(Seller.id, Organisation.name)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Seller.id.in_(keys))
    )
    return {row[0]: row[1] for row in found}
