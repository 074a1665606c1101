"""The ledger of outcomes, entry by entry, as far as its reader may look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.fairs.models import Fair
from marketplace.fairs.policies import kept_by
from marketplace.fairs.queries import fair_names
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Outcome
from marketplace.orders.policies import readable_outcomes, readable_outcomes_of_fairs
from marketplace.partners.models import Chapter
from marketplace.partners.queries import chapter_names
from marketplace.sellers.models import Seller

MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class Entry:
    """One outcome; chapter and fair are empty where there is none, or where they are not the reader's to know."""

    at: datetime
    kind: str
    commodity: str
    seller: str
    chapter: str
    fair: str
    value_band: str


def ledger(session: Session, actor: Actor) -> Iterator[Entry]:
    """Everything the actor may count, the newest `MOST_ENTRIES` first; no buyer and no price is in it."""
    rows = session.execute(
        select(Outcome, Organisation.name)
        .join(Seller, Seller.id == Outcome.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(or_(readable_outcomes(actor), readable_outcomes_of_fairs(actor)))
        .order_by(Outcome.at.desc(), Outcome.id.desc())
        .limit(MOST_ENTRIES)
    ).all()
    chapters, fairs = _chapters(session, actor), _fairs(session, actor)
    for row, seller in rows:
        chapter, fair = chapters.get(row.chapter_id or 0, ""), fairs.get(row.fair, "")
        is_others = actor.is_partner and row.chapter_id not in chapters  # met at a fair, followed by another chapter
        yield Entry(row.at, row.kind, row.commodity, seller, chapter, fair, "" if is_others else row.value_band)


def _chapters(session: Session, actor: Actor) -> dict[int, str]:
    """A chapter reads its own name only, a pesantren none, as on the page."""
    if actor.is_staff:
        return chapter_names(session)
    if not actor.is_partner:
        return {}
    own = set(session.scalars(select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id)))
    return {key: name for key, name in chapter_names(session).items() if key in own}


def _fairs(session: Session, actor: Actor) -> dict[str, str]:
    """A chapter reads the names of fairs it keeps, a pesantren those of all at which it was met."""
    names = fair_names(session)
    if actor.is_seller:
        return names
    kept = set(session.scalars(select(Fair.code).where(kept_by(actor))))
    return {code: name for code, name in names.items() if code in kept}
