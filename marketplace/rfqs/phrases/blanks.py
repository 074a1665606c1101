"""What fills the blanks of a sentence: checked values, kept as plain texts, spoken in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from babel.dates import format_timedelta
from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.messages import sentence
from marketplace.catalogue.rules.trade import Incoterm, normal_place
from marketplace.i18n import formats
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.errors import DomainError
from marketplace.kernel.measures import UNITS, Quantity
from marketplace.kernel.money import Money, UnitPrice
from marketplace.kernel.numerals import ParseError, parse_decimal
from marketplace.kernel.text import cleaned
from marketplace.rfqs.phrases.bank import Blank

Value = dict[str, str]
"""A filled blank: its parts by name, numbers as "1250.5", days as "2026-12-05". JSON keeps it as it is."""
Goods = Mapping[str, str]
"""What a product is called in the reader's language, by the key of the request's line."""

PARTS: Mapping[Blank, tuple[str, ...]] = {
    Blank.PRODUCT: ("words",),
    Blank.QUANTITY: ("amount", "unit"),
    Blank.PRICE: ("currency", "amount", "unit"),
    Blank.AMOUNT: ("currency", "amount"),
    Blank.PERCENT: ("amount",),
    Blank.DATE: ("day",),
    Blank.DURATION: ("amount", "span"),
    Blank.INCOTERM: ("term", "place"),
    Blank.PLACE: ("words",),
    Blank.COUNTRY: ("country",),
    Blank.CERTIFICATE: ("certificate",),
    Blank.TEXT: ("words",),
}
_SPANS: Mapping[str, tuple[Literal["day", "week", "month"], int]] = {
    "day": ("day", 1),
    "week": ("week", 7),
    "month": ("month", 30),
}
SPANS = tuple(_SPANS)
LONGEST_WORDS = 80
_MOST = Decimal(10) ** 9
_SIX = Decimal("0.000001")


def checked_value(blank: Blank, given: Mapping[str, str], goods: Goods | None = None) -> Value:
    """The value as it is kept; `DomainError` says what is missing or wrong.

    ``goods`` names the lines of the request in the writer's language: a product that is one of them is kept as such.
    """
    return _CHECKS[blank](given, goods or {})


def spoken(blank: Blank, value: Mapping[str, str], locale: str, goods: Goods) -> str:
    """A kept value as a reader of ``locale`` writes it. Rubbish raises (see `read_parts`)."""
    if blank is Blank.PRODUCT:
        return goods.get(value.get("line", ""), "") or value["words"]
    if blank is Blank.QUANTITY:
        return formats.format_quantity(Quantity(Decimal(value["amount"]), value["unit"]), locale)
    if blank is Blank.PRICE:
        price = UnitPrice(Decimal(value["amount"]), value["currency"], value["unit"])
        return formats.format_unit_price(price, locale)
    if blank is Blank.AMOUNT:
        return formats.format_money(Money.of(value["amount"], value["currency"]), locale)
    if blank is Blank.PERCENT:
        return formats.format_percent(Decimal(value["amount"]), locale, places=2)
    if blank is Blank.DATE:
        return formats.format_date(date.fromisoformat(value["day"]), locale)
    if blank is Blank.DURATION:
        return _time(int(value["amount"]), value["span"], locale)
    if blank is Blank.INCOTERM:
        return f"{Incoterm(value['term'])} {value['place']}"
    if blank is Blank.COUNTRY:
        return formats.format_country(value["country"], locale)
    if blank is Blank.CERTIFICATE:
        return load_registry().fields["certifications"].value_name(value["certificate"], locale)
    return value["words"]


def _time(amount: int, span: str, locale: str) -> str:
    granularity, days = _SPANS[span]
    # a threshold above every amount keeps Babel from turning 14 days into 2 weeks
    return str(format_timedelta(timedelta(days=days * amount), granularity, threshold=10**6, locale=locale))


def _number(given: Mapping[str, str], most: Decimal = _MOST) -> str:
    try:
        amount = parse_decimal(cleaned(given.get("amount"), 40))
    except ParseError as fault:
        raise DomainError(sentence(fault.code, fault.params, _)) from None
    if not 0 < amount <= most:
        raise DomainError(_("Write a number above zero."))
    with suppress(InvalidOperation):
        if amount == amount.quantize(_SIX):
            return f"{amount.normalize():f}"
    raise DomainError(_("At most six decimals are kept. Shorten the number."))


def _one_of(given: Mapping[str, str], name: str, known: object, refusal: str) -> str:
    code = given.get(name, "")
    if not code or code not in known:  # type: ignore[operator]  # whatever can be looked into
        raise DomainError(refusal)
    return code


def _unit(given: Mapping[str, str]) -> str:
    return _one_of(given, "unit", UNITS, _("Choose the unit."))


def _currency(given: Mapping[str, str]) -> str:
    return _one_of(given, "currency", CURRENCIES, _("Choose the currency."))


def _words(given: Mapping[str, str], _goods: Goods) -> Value:
    words = " ".join(cleaned(given.get("words"), 400).split())
    if not words:
        raise DomainError(_("Fill in this blank."))
    if len(words) > LONGEST_WORDS:
        raise DomainError(_("At most %(count)s letters fit here.", count=LONGEST_WORDS))
    return {"words": words}


def _product(given: Mapping[str, str], goods: Goods) -> Value:
    value = _words(given, goods)
    for line, name in goods.items():
        if name.casefold() == value["words"].casefold():
            return value | {"line": line}
    return value


def _quantity(given: Mapping[str, str], _goods: Goods) -> Value:
    return {"amount": _number(given), "unit": _unit(given)}


def _price(given: Mapping[str, str], _goods: Goods) -> Value:
    return {"currency": _currency(given), "amount": _number(given), "unit": _unit(given)}


def _amount(given: Mapping[str, str], _goods: Goods) -> Value:
    value = {"currency": _currency(given), "amount": _number(given)}
    try:
        Money.of(value["amount"], value["currency"])
    except ParseError as fault:
        raise DomainError(sentence(fault.code, fault.params, _)) from None
    return value


def _percent(given: Mapping[str, str], _goods: Goods) -> Value:
    return {"amount": _number({"amount": given.get("amount", "").rstrip(" %％")}, Decimal(100))}


def _day(given: Mapping[str, str], _goods: Goods) -> Value:
    try:
        return {"day": date.fromisoformat(cleaned(given.get("day"), 20)).isoformat()}
    except ValueError:
        raise DomainError(_("Write the date as 2027-05-31.")) from None


def _duration(given: Mapping[str, str], _goods: Goods) -> Value:
    text = cleaned(given.get("amount"), 10)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 400):
        raise DomainError(_("Write a whole number from 1 to 400."))
    return {"amount": str(int(text)), "span": _one_of(given, "span", SPANS, _("Choose days, weeks or months."))}


def _incoterm(given: Mapping[str, str], _goods: Goods) -> Value:
    term = _one_of(given, "term", set(Incoterm), _("Choose one of the Incoterms 2020."))
    written = cleaned(given.get("place"), LONGEST_WORDS)
    place = normal_place(term, written)
    if place is None:
        raise DomainError(
            _("%(term)s needs a sea port. Choose one of the suggestions.", term=term)
            if written
            else _("Name the place.")
        )
    return {"term": term, "place": place}


def _country(given: Mapping[str, str], _goods: Goods) -> Value:
    return {"country": _one_of(given, "country", COUNTRIES, _("Choose the country."))}


def _certificate(given: Mapping[str, str], _goods: Goods) -> Value:
    known = load_registry().fields["certifications"].values
    return {"certificate": _one_of(given, "certificate", known, _("Choose the certificate."))}


_CHECKS: Mapping[Blank, Callable[[Mapping[str, str], Goods], Value]] = {
    Blank.PRODUCT: _product,
    Blank.QUANTITY: _quantity,
    Blank.PRICE: _price,
    Blank.AMOUNT: _amount,
    Blank.PERCENT: _percent,
    Blank.DATE: _day,
    Blank.DURATION: _duration,
    Blank.INCOTERM: _incoterm,
    Blank.PLACE: _words,
    Blank.COUNTRY: _country,
    Blank.CERTIFICATE: _certificate,
    Blank.TEXT: _words,
}
