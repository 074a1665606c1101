"""Checks of what was asked, whoever fills the drafts in: a form, a reader of free text, an import."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.clock import now, today
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.errors import DomainError
from marketplace.kernel.measures import UNITS
from marketplace.kernel.text import cleaned
from marketplace.rfqs.drafts import LineDraft, TermsDraft
from marketplace.rfqs.models import Rfq, RfqLine
from marketplace.rfqs.rules import DEFAULT_OPEN_DAYS, MAX_LINES, MAX_OPEN_DAYS, MAX_QUOTE_CAP, WantedPaper

_MOST = Decimal(10) ** 12
_SIX = Decimal("0.000001")


def checked_text(text: str) -> str:
    """The buyer's words without control characters; `DomainError` where nothing is left."""
    plain = cleaned(text)
    if not plain:
        raise DomainError(_("Say in a sentence or two what you want to know or buy."))
    return plain


def checked_lines(lines: tuple[LineDraft, ...]) -> list[RfqLine]:
    """Rows for these lines in their order; `DomainError` names what is wrong."""
    return [RfqLine(**values) for values in checked_values(lines)]


def checked_values(lines: tuple[LineDraft, ...]) -> list[dict[str, Any]]:
    """The same as the values of their columns."""
    if len(lines) > MAX_LINES:
        raise DomainError(_("A request has at most %(count)s lines. Send the rest as a second one.", count=MAX_LINES))
    return [line_values(line, position) for position, line in enumerate(lines)]


def line_values(line: LineDraft, position: int = 0) -> dict[str, Any]:
    """One row; a quantity needs a unit, a price a currency and a unit."""
    has_quantity = line.quantity is not None
    has_price = line.target_price is not None
    if has_quantity and line.unit not in UNITS:
        raise DomainError(_("Choose the unit of the quantity."))
    if has_price and (line.currency not in CURRENCIES or line.price_unit not in UNITS):
        raise DomainError(_("Choose the currency of the target price and the unit it is for."))
    if line.commodity and line.commodity not in load_registry().commodities:
        raise DomainError(_("Choose the commodity from the list."))
    quantity, price = _amount(line.quantity), _amount(line.target_price)
    if has_quantity and quantity is None:
        raise DomainError(_("The quantity must be more than zero and less than a million million."))
    if has_price and price is None:
        raise DomainError(_("The target price must be more than zero."))
    return {
        "position": position,
        "product_id": line.product_id,
        "commodity": line.commodity,
        "description": cleaned(line.description, 200),
        "quantity": quantity,
        "unit": line.unit if has_quantity else "",
        "target_price": price,
        "currency": line.currency if has_price else "",
        "price_unit": line.price_unit if has_price else "",
    }


def _amount(value: Decimal | None) -> Decimal | None:
    """With six decimals; None for what no amount can be."""
    if value is None or not value.is_finite() or value >= _MOST or value.quantize(_SIX) <= 0:
        return None
    return value.quantize(_SIX)


def apply_terms(rfq: Rfq, terms: TermsDraft) -> None:
    """Write the terms onto the request; `DomainError` names what is wrong and leaves it as it was."""
    for name, value in terms_values(terms).items():
        setattr(rfq, name, value)


def terms_values(terms: TermsDraft) -> dict[str, Any]:
    """The terms as values of a request's columns; `DomainError` names what is wrong."""
    if terms.destination and terms.destination not in COUNTRIES:
        raise DomainError(_("Choose the destination from the list of countries."))
    if terms.incoterm and terms.incoterm not in set(Incoterm):
        raise DomainError(_("Choose one of the Incoterms 2020."))
    if terms.needed_by is not None and terms.needed_by < today():
        raise DomainError(_("The date by which you need the goods has passed. Choose a later one."))
    if terms.needed_from is not None and terms.needed_by is not None and terms.needed_from > terms.needed_by:
        raise DomainError(_("The delivery window ends before it begins. Choose a later end."))
    if terms.quote_cap is not None and not 1 <= terms.quote_cap <= MAX_QUOTE_CAP:
        raise DomainError(_("Choose how many quotes you want to read, at most %(count)s.", count=MAX_QUOTE_CAP))
    known = load_registry().fields["certifications"].values
    values = {
        "destination": terms.destination,
        "incoterm": terms.incoterm,
        "place": cleaned(terms.place, 80),
        "needed_from": terms.needed_from,
        "needed_by": terms.needed_by,
        "packaging": cleaned(terms.packaging, 200) or None,
        "papers": [code for code in dict.fromkeys(terms.papers) if code in set(WantedPaper)] or None,
        "certificates": [code for code in dict.fromkeys(terms.certificates) if code in known],
        "sample_is_wanted": terms.sample_is_wanted,
        "contact_phone": cleaned(terms.contact_phone, 20),
        "closes_at": closing_moment(terms.closes_on),
    }
    return values if terms.quote_cap is None else values | {"quote_cap": terms.quote_cap}


def closing_moment(day: date | None) -> datetime:
    """The end of the closing day (UTC), three weeks from now where none was chosen."""
    if day is None:
        return now() + timedelta(days=DEFAULT_OPEN_DAYS)
    if not today() < day <= today() + timedelta(days=MAX_OPEN_DAYS):
        raise DomainError(_("Choose a closing date after today and at most %(days)s days ahead.", days=MAX_OPEN_DAYS))
    return datetime.combine(day, time(23, 59, 59), UTC)
