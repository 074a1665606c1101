"""What a seller reads beneath a price: what the buyer sees, what they receive, and what is left after their costs."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _
from marketplace.i18n.translations import ngettext
from marketplace.i18n.typed import read_typed
from marketplace.kernel.clock import today
from marketplace.kernel.currencies import CURRENCIES, WRITTEN_WHOLE
from marketplace.kernel.exchange import reference_rates
from marketplace.kernel.measures import UNITS, Contents, Quantity, UnitMismatch
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.numerals import ParseError
from marketplace.payments.rules import CommissionKind, CommissionTerms
from marketplace.proceeds.queries import commission_today, costs_of
from marketplace.proceeds.rules import HOME, WITH_CARRIAGE, AskedPrice, Costs, is_old, received, rounded

_LARGEST = Decimal(10) ** 9
_SIX_PLACES = Decimal("0.000001")


class Payouts:
    """What a seller receives of the prices on one page: rules are read once, costs once for each product, and neither
    for a page without a price."""

    def __init__(self, session: Session, locale: str, chapter_id: int | None = None) -> None:
        """``chapter_id`` is the buyer's, where one is known."""
        self._session, self._locale, self._chapter_id = session, locale, chapter_id
        self._terms: dict[str, CommissionTerms | None] = {}
        self._costs: dict[int, Costs | None] = {}

    def lines(
        self, price: AskedPrice, commodity: str = "", product_id: int | None = None, contents: Contents | None = None
    ) -> list[str]:
        """Sentences about one price, none for one that cannot stand. ``contents`` says what packages of the goods
        hold."""
        if not _can_stand(price):
            return []
        if commodity not in self._terms:
            self._terms[commodity] = commission_today(self._session, commodity, self._chapter_id)
        if product_id is not None and product_id not in self._costs:
            self._costs[product_id] = costs_of(self._session, product_id)
        costs = None if product_id is None else self._costs[product_id]
        return lines_of(price, self._terms[commodity], self._locale, costs=costs, contents=contents)


def lines_of(
    price: AskedPrice,
    terms: CommissionTerms | None,
    locale: str,
    *,
    costs: Costs | None = None,
    contents: Contents | None = None,
) -> list[str]:
    """The same by a rule and costs that are known already."""
    found = received(price, terms, reference_rates())
    named = {
        "price": formats.format_unit_price(UnitPrice(price.amount, price.currency, price.unit), locale),
        "term": " ".join(part for part in (price.incoterm, price.place) if part),
        "currency": price.currency,
        "share": formats.format_percent(found.percent, locale, 2 if found.percent % 1 else 0),
    }
    if found.about is None:
        return [
            _(
                "Buyer sees %(price)s %(term)s. We have no rate for %(currency)s, so we cannot tell what you receive "
                "in rupiah.",
                **named,
            )
        ]
    named["amount"] = _rupiah(found.about, price.unit, locale)
    lines = []
    if found.day is None:
        lines.append(_("Buyer sees %(price)s %(term)s; you receive %(amount)s after %(share)s commission.", **named))
    else:
        lines.append(
            _(
                "Buyer sees %(price)s %(term)s; you receive about %(amount)s after %(share)s commission, at the rate "
                "of %(day)s (%(source)s).",
                day=formats.format_date(found.day, locale),
                source=_("European Central Bank"),
                **named,
            )
        )
        age = (today() - found.day).days
        if is_old(found.day, today()):
            lines.append(
                ngettext(
                    "There is no rate of today: the newest we have is %(num)s day old.",
                    "There is no rate of today: the newest we have is %(num)s days old.",
                    age,
                )
            )
    if terms is not None and terms.kind is CommissionKind.FIXED and terms.fixed is not None:
        fixed = formats.format_money(terms.fixed, locale)
        lines.append(_("Of each payment %(amount)s is kept as commission besides.", amount=fixed))
    if price.incoterm in WITH_CARRIAGE:
        lines.append(_("Freight is in this price: you pay it out of what you receive."))
    return lines + _cost_lines(price, found.exact or Decimal(0), costs, contents, locale)


def number_typed(text: str, currency: str) -> Decimal | None:
    """An amount as it stands in a form's field, read as the form will read it; None for anything else."""
    try:
        return read_typed(text.strip(), grouped=currency in WRITTEN_WHOLE)
    except ParseError:
        return None


def _cost_lines(
    price: AskedPrice, exact: Decimal, costs: Costs | None, contents: Contents | None, locale: str
) -> list[str]:
    if costs is None:
        return []
    try:
        size = Quantity(Decimal(1), price.unit).to(costs.unit, contents).amount
    except (UnitMismatch, ValueError):
        return []
    farm_gate, export, total = (amount * size for amount in (costs.farm_gate, costs.export, costs.total))
    left = exact - total
    named = {
        "farm_gate": _rupiah(farm_gate, price.unit, locale),
        "export": _rupiah(export, price.unit, locale),
        "total": _rupiah(total, price.unit, locale),
        "left": _rupiah(rounded(abs(left)), price.unit, locale),
    }
    if left < 0:
        return [
            _(
                "Farm gate %(farm_gate)s + export %(export)s = %(total)s: about %(left)s is missing at this price.",
                **named,
            )
        ]
    return [_("Farm gate %(farm_gate)s + export %(export)s = %(total)s: about %(left)s is left.", **named)]


def _rupiah(amount: Decimal, unit: str, locale: str) -> str:
    whole = amount.quantize(Decimal(1)) if amount >= 100 else amount.quantize(_SIX_PLACES)
    return formats.format_unit_price(UnitPrice(whole, HOME, unit), locale)


def _can_stand(price: AskedPrice) -> bool:
    is_known = price.currency in CURRENCIES and price.unit in UNITS
    return is_known and 0 < price.amount <= _LARGEST and price.amount == price.amount.quantize(_SIX_PLACES)
