"""What the lines of a request are called in a reader's language."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.rfqs.models import RfqLine
from marketplace.rfqs.queries.offers import product_titles


def goods_by_line(session: Session, rfq_id: int, locale: str) -> dict[str, str]:
    """Names by the key of the line (as a text, see `rfqs.phrases`): the listing's title, else the commodity's name,
    else the buyer's words; lines without any are left out."""
    rows = session.execute(
        select(RfqLine.id, RfqLine.product_id, RfqLine.commodity, RfqLine.description)
        .where(RfqLine.rfq_id == rfq_id)
        .order_by(RfqLine.position, RfqLine.id)
    ).all()
    titles = product_titles(session, [product or 0 for _key, product, _commodity, _words in rows], locale)
    known = load_registry().commodities
    found = {}
    for key, product, commodity, words in rows:
        name = titles.get(product or 0, "") or (known[commodity].name(locale) if commodity in known else "") or words
        if name:
            found[str(key)] = name
    return found
