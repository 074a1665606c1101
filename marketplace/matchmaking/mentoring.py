"""What a seller missed requests for, told to those who mentor them: the ground of what to work on next."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.i18n.formats import format_number
from marketplace.matchmaking.queries.for_sellers import missed_by_organisation
from marketplace.matchmaking.seller_wording import wanting_name


def missed_for_mentor(session: Session, organisation_id: int, locale: str) -> list[tuple[str, str]]:
    """What was wanting and in how many requests of the past four weeks, the most frequent first. Counts only."""
    missed = missed_by_organisation(session, organisation_id)
    told = [(wanting_name(each.wanting, locale), format_number(each.count, locale)) for each in missed]
    return [(name, count) for name, count in told if name]
