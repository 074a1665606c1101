"""Quotes of one request side by side, on one footing that is stated: currency, unit, delivery term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext as _

from marketplace.i18n import formats
from marketplace.kernel.exchange import Rates, RateUnknown, reference_rates
from marketplace.kernel.measures import UNITS, Dimension, Quantity, UnitMismatch
from marketplace.kernel.money import Money, UnitPrice
from marketplace.quotes import showing
from marketplace.quotes.guarded import guarded
from marketplace.quotes.models import QuoteLine, QuoteVersion
from marketplace.quotes.queries.sheets import Party, Sheet, version_sheet
from marketplace.quotes.rules import (
    STANDING,
    Comparable,
    Footing,
    Leg,
    LineAnswer,
    QuoteState,
    comparable,
    legs_apart,
    pays_freight,
)
from marketplace.quotes.wording import ANSWERS, LEGS
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.contacts import Guard
from marketplace.rfqs.rules import Side
from marketplace.rfqs.showing import certificate_names

Quoted = tuple[QuoteVersion, str, str]  # version, key of the recipient, seller's name
_PLACES = Decimal("0.0001")
_NOBODY = Party("", "", "", "")
NOTHING = "–"


@dataclass(frozen=True)
class Comparison:
    """Columns and rows for the component, the assumptions beneath, and what can be estimated."""

    footing: Footing
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    footnotes: list[str]
    legs: list[Leg] = field(default_factory=list)


def usual_footing(rfq: Rfq, quoted: Sequence[Quoted]) -> Footing:
    """What the buyer asked for, else what most sellers quote in; weights are compared by the kilogram."""
    rows = [row for row, _key, _name in quoted]
    wanted = next((line.currency for line in rfq.lines if line.currency), "")
    currency = wanted or _most([row.currency for row in rows]) or "USD"
    term = rfq.incoterm or _most([row.incoterm for row in rows if row.incoterm]) or "FOB"
    lines = [line for row in rows for line in row.lines if line.answer != LineAnswer.NOT_AVAILABLE]
    is_weighed = all(line.kilograms for line in lines)
    unit = "kg" if is_weighed else _most([line.unit for line in lines if line.unit]) or "kg"
    place = rfq.place if pays_freight(rfq.incoterm) else ""
    place = place or _most([row.place for row in rows if row.place and pays_freight(row.incoterm)])
    return Footing(currency, unit, term, {}, place)


def _most(values: list[str]) -> str:
    return Counter(values).most_common(1)[0][0] if values else ""


def compared(
    rfq: Rfq,
    quoted: Sequence[Quoted],
    footing: Footing,
    *,
    guards: Mapping[str, Guard],
    goods: Sequence[str],
    locale: str,
    zone: str,
    root: str,
) -> Comparison:
    """The whole table; ``goods`` names the request's lines, ``root`` is the language prefix of addresses.

    ``guards`` give by key of the recipient what is read of a seller's own words.
    """
    rates = reference_rates()
    sheets = [guarded(version_sheet(row, _NOBODY, _NOBODY, rfq), guards[key]) for row, key, _name in quoted]
    columns = [
        {"title": name, "href": f"{root}/requests/{rfq.key}/with/{key}/quote", "note": _column_note(row)}
        for row, key, name in quoted
    ]
    table = [_row(_("State"), [str(showing.pill_of(row, Side.BUYER)[0]) for row, _key, _name in quoted])]
    for place, line in enumerate(rfq.lines):
        label = goods[place] if len(rfq.lines) > 1 else ""
        answers = [next((one for one in row.lines if one.rfq_line_id == line.id), None) for row, _key, _name in quoted]
        table += _line_rows(label, answers, quoted, footing, rates, guards, locale)
    table.append(_row(_("Sum as quoted"), [formats.format_money(sheet.total, locale) for sheet in sheets]))
    if any(sheet.currency != footing.currency for sheet in sheets):
        label = _("Sum in %(currency)s", currency=footing.currency)
        table.append(_row(label, [_converted(sheet.total, footing, rates, locale) for sheet in sheets]))
    table += _term_rows(rfq, sheets, locale, zone)
    apart = {leg for sheet in sheets for side in legs_apart(sheet.incoterm, footing.incoterm) for leg in side}
    return Comparison(
        footing=footing,
        columns=columns,
        rows=table,
        footnotes=_footnotes(quoted, footing, rates, locale),
        legs=[leg for leg in Leg if leg in apart],
    )


def as_table(found: Comparison) -> list[list[str]]:
    """The same for a spreadsheet: headings, rows of text, the assumptions below."""
    table = [["", *(str(column["title"]) for column in found.columns)]]
    for row in found.rows:
        cells = [cell["text"] + (f" ({cell['note']})" if cell.get("note") else "") if isinstance(cell, dict) else cell
                 for cell in row["cells"]]  # fmt: skip
        table.append([str(row["label"]), *(str(cell) for cell in cells)])
    return [*table, *([note] for note in found.footnotes)]


def _column_note(row: QuoteVersion) -> str:
    version = str(_("Version %(number)s", number=row.number))
    is_own = row.author_side == Side.BUYER
    return str(_("%(version)s, your counter-offer", version=version)) if is_own else version


def _line_rows(
    label: str,
    answers: Sequence[QuoteLine | None],
    quoted: Sequence[Quoted],
    footing: Footing,
    rates: Rates,
    guards: Mapping[str, Guard],
    locale: str,
) -> list[dict[str, Any]]:
    """Three rows for one line of the request: what is offered, its price as quoted, and on the common footing."""
    offered: list[Any] = []
    prices: list[Any] = []
    even: list[Comparable | None] = []
    for line, (row, key, _name) in zip(answers, quoted, strict=True):
        guard = guards[key]
        if line is None or line.answer == LineAnswer.NOT_AVAILABLE or line.quantity is None or line.unit_price is None:
            offered.append({"text": str(ANSWERS[LineAnswer.NOT_AVAILABLE]), "note": guard(line.reason) if line else ""})
            prices.append(NOTHING)
            even.append(None)
            continue
        quantity = formats.format_quantity(Quantity(line.quantity, line.unit), locale)
        is_other = line.answer == LineAnswer.ALTERNATIVE
        instead = _("%(label)s: %(text)s", label=ANSWERS[line.answer], text=guard(line.description))
        note = f"{instead}. {guard(line.reason)}" if is_other else ""
        offered.append({"text": quantity, "note": note})
        prices.append(formats.format_unit_price(UnitPrice(line.unit_price, row.currency, line.price_unit), locale))
        even.append(_even(line, row, footing, rates))
    standing = [
        one.price
        for one, (row, _key, _name) in zip(even, quoted, strict=True)
        if one is not None and one.is_even and QuoteState(row.state) in STANDING
    ]
    best = min(standing, default=None) if len(quoted) > 1 else None  # of one quote alone nothing is the lowest
    basis = _("Comparable: %(currency)s per %(unit)s, %(term)s", currency=footing.currency,
              unit=formats.format_unit(footing.unit, locale), term=footing.incoterm)  # fmt: skip
    return [
        _row(_("Quantity"), offered, label),
        _row(_("Price as quoted"), prices, label),
        _row(basis, [_even_cell(one, footing, best, locale) for one in even], label),
    ]


def _even(line: QuoteLine, row: QuoteVersion, footing: Footing, rates: Rates) -> Comparable | None:
    price = price_per(line, row.currency, footing.unit)
    try:
        return None if price is None else comparable(price, row.currency, row.incoterm, footing, rates, place=row.place)
    except RateUnknown:
        return None


def price_per(line: QuoteLine, currency: str, unit: str) -> Decimal | None:
    """The line's price for one ``unit``: exactly where units convert, else out of its sum and net weight."""
    assert line.unit_price is not None
    assert line.quantity is not None
    try:
        return UnitPrice(line.unit_price, currency, line.price_unit).per(unit).amount
    except (UnitMismatch, ValueError):
        pass
    amount = Money(line.amount_minor, currency).amount
    if UNITS[unit].dimension is Dimension.MASS and line.kilograms:
        weight = Quantity(line.kilograms, "kg").to(unit).amount
        return (amount / weight).quantize(_PLACES, ROUND_HALF_UP) if weight else None
    if line.unit == unit and line.quantity:
        return (amount / line.quantity).quantize(_PLACES, ROUND_HALF_UP)
    return None


def _even_cell(one: Comparable | None, footing: Footing, best: Decimal | None, locale: str) -> dict[str, str]:
    if one is None:
        return {"text": NOTHING, "note": str(_("cannot be compared"))}
    text = formats.format_unit_price(UnitPrice(one.price, footing.currency, footing.unit), locale)
    notes = []
    if one.missing:
        names = formats.format_list([str(LEGS[leg]) for leg in one.missing], locale)
        notes.append(_("without %(legs)s", legs=names))
    if one.extra:
        names = formats.format_list([str(LEGS[leg]) for leg in one.extra], locale)
        notes.append(_("with %(legs)s", legs=names))
    if one.elsewhere:
        notes.append(_("freight goes to %(place)s", place=one.elsewhere))
    is_best = best is not None and one.is_even and one.price == best
    if is_best:
        notes.append(_("lowest on this basis"))
    return {"text": text, "note": ", ".join(str(note) for note in notes), "tone": "positive" if is_best else ""}


def _converted(total: Money, footing: Footing, rates: Rates, locale: str) -> str:
    try:
        amount = rates.convert(total.amount, total.currency, footing.currency)
    except RateUnknown:
        return NOTHING
    return formats.format_money(Money.rounded(amount, footing.currency), locale)


def _term_rows(rfq: Rfq, sheets: Sequence[Sheet], locale: str, zone: str) -> list[dict[str, Any]]:
    pairs = [{str(pair[0]): pair for pair in showing.terms_pairs(sheet, locale, zone)} for sheet in sheets]
    labels = list(dict.fromkeys(label for one in pairs for label in one))
    rows = [_row(label, [_cell(one.get(label)) for one in pairs]) for label in labels]
    if rfq.certificates:
        missing = [[code for code in rfq.certificates if code not in sheet.certificates] for sheet in sheets]
        texts = [formats.format_list(certificate_names(codes, locale), locale) or NOTHING for codes in missing]
        rows.append(_row(_("Asked for, but not named"), texts))
    return rows


def _cell(pair: tuple[Any, ...] | None) -> Any:
    if pair is None:
        return NOTHING
    return {"text": str(pair[1]), "note": str(pair[2])} if len(pair) > 2 and pair[2] else str(pair[1])


def _row(label: object, cells: list[Any], group: str = "") -> dict[str, Any]:
    texts = {cell["text"] if isinstance(cell, Mapping) else cell for cell in cells}
    name = _("%(goods)s: %(row)s", goods=group, row=label) if group else str(label)
    return {"label": name, "cells": cells, "is_different": len(texts) > 1}


def _footnotes(quoted: Sequence[Quoted], footing: Footing, rates: Rates, locale: str) -> list[str]:
    notes = []
    foreign = sorted({row.currency for row, _key, _name in quoted} - {footing.currency})
    for code in foreign:
        try:
            rate = rates.convert(Decimal(1), code, footing.currency)
        except RateUnknown:
            notes.append(
                _("There is no reference rate for %(currency)s, so its prices are not converted.", currency=code)
            )
            continue
        notes.append(
            _(
                "1 %(currency)s = %(rate)s %(target)s, reference rate of the European Central Bank of %(date)s. "
                "It serves comparison only; you pay in the currency of the quote.",
                currency=code,
                rate=formats.format_number(rate, locale, 6 if rate < 1 else 4),
                target=footing.currency,
                date=formats.format_date(rates.day, locale),
            )
        )
    notes.append(
        _(
            "Prices are brought to %(term)s. What a quote leaves out or holds beyond that is written beside its price; "
            "freight, insurance and duties are added only where you enter your own estimate.",
            term=footing.incoterm,
        )
    )
    for leg, amount in footing.estimates.items():
        price = formats.format_unit_price(UnitPrice(amount, footing.currency, footing.unit), locale)
        notes.append(_("Your estimate for %(leg)s: %(price)s.", leg=LEGS[leg], price=price))
    notes.append(_("A sum is that of its own quantities, which may differ from seller to seller."))
    return [str(note) for note in notes]
