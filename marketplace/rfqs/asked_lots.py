"""The offers of a lot that a request asks about, told to both sides beside it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.offers.queries import offers_by_key, shown_of
from marketplace.offers.wording import headline
from marketplace.rfqs.models import Rfq


def lots_asked_about(session: Session, rfq: Rfq, locale: str) -> list[str]:
    """The offers of a lot that a request asks about, as they stand now."""
    keys = [line.offer_id for line in rfq.lines if line.offer_id is not None]
    if not keys:
        return []
    return [headline(shown_of(one), locale) for _key, one in sorted(offers_by_key(session, keys).items())]
