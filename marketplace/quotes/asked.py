"""A comparison of quotes as its reader asked for it: the usual footing, changed by what stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.measures import UNITS
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.numerals import ParseError, parse_decimal
from marketplace.kernel.policy import Actor
from marketplace.quotes.comparison import Comparison, Quoted, compared, usual_footing
from marketplace.quotes.queries import quotes_of_request
from marketplace.quotes.rules import Footing, Leg
from marketplace.rfqs.fields import CURRENCIES
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.contacts import guards_of
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.showing import goods_of


def asked_comparison(
    session: Session, actor: Actor, key: str, asked: Mapping[str, str], *, locale: str, root: str = ""
) -> tuple[Rfq, list[Quoted], Comparison]:
    """The buyer's own request, its quotes and the table; `NotFound` for anybody else's.

    ``asked`` may name ``currency``, ``unit``, ``incoterm`` and the buyer's own estimate of each `Leg`.
    """
    rfq, quoted = quotes_of_request(session, actor, key)
    titles = product_titles(session, [line.product_id or 0 for line in rfq.lines], locale)
    goods = [goods_of(line, titles, locale, rfq.subject) for line in rfq.lines]
    footing = _wanted(usual_footing(rfq, quoted), asked)
    guards = guards_of(session, rfq.id)
    found = compared(rfq, quoted, footing, guards=guards, goods=goods, locale=locale, zone=actor.time_zone, root=root)
    return rfq, quoted, found


def _wanted(usual: Footing, asked: Mapping[str, str]) -> Footing:
    """What cannot be read is left as usual."""
    currency, unit, term = (asked.get(name, "") for name in ("currency", "unit", "incoterm"))
    estimates = {leg: amount for leg in Leg if (amount := _amount(asked.get(leg, ""))) is not None}
    return replace(
        usual,
        currency=currency if currency in CURRENCIES else usual.currency,
        unit=unit if unit in UNITS else usual.unit,
        incoterm=term if term in set(Incoterm) else usual.incoterm,
        estimates=estimates,
    )


def _amount(text: str) -> Decimal | None:
    try:
        amount = parse_decimal(text[:20]) if text.strip() else None
        return None if amount is None or amount <= 0 else UnitPrice(amount, "USD", "kg").amount
    except ParseError:
        return None
