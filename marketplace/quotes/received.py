"""What a seller receives of a price in a quote, by the commission of the buyer's chapter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from marketplace.catalogue.models import Product
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.proceeds.queries import costs_of
from marketplace.proceeds.rules import AskedPrice
from marketplace.proceeds.showing import received_lines
from marketplace.rfqs.queries.offers import contents_of


def received_of(product: Product | None, amount: Decimal | None, at: AskedPrice, chapter_id: int | None) -> list[str]:
    """Sentences about ``amount`` at the currency, unit and term of ``at``; none for an empty price."""
    if amount is None:
        return []
    session = db.session()
    return received_lines(
        session,
        replace(at, amount=amount),
        product.commodity if product is not None else "",
        current_locale(),
        chapter_id=chapter_id,
        costs=costs_of(session, product.id) if product is not None else None,
        contents=contents_of(product) if product is not None else None,
    )
