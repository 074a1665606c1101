"""Numbers in form fields: filled in as the reader writes them, taken in either writing."""

from __future__ import annotations

from decimal import Decimal

from marketplace.i18n.translations import current_locale
from marketplace.kernel.currencies import exponent
from marketplace.kernel.money import Money, parse_money
from marketplace.kernel.numerals import DecimalSign, ParseError, parse_decimal

_COMMA = frozenset({"id", "de"})
_AMBIGUOUS = "number_ambiguous"
_THREE = 3  # digits: as many as stand between thousands


def decimal_sign() -> DecimalSign:
    """The decimal sign in the language of this request."""
    return "," if current_locale() in _COMMA else "."


def typed(number: Decimal | None) -> str:
    """A number as its reader types it: their decimal sign, nothing between thousands; empty for None.

    Three decimals get a nought: "2,375" could be read as thousands, "2,3750" as nothing else.
    """
    return "" if number is None else _signed(f"{number.normalize():f}")


def typed_amount(money: Money) -> str:
    """A payable amount without its currency, with all the decimals that the currency has."""
    return _signed(str(money.amount))


def read_typed(text: str, *, grouped: bool = False) -> Decimal:
    """The number in ``text`` with a comma or a dot; what could mean two things means what the page's language says.

    ``grouped`` and ``ParseError`` as in `kernel.numerals.parse_decimal`.
    """
    try:
        return parse_decimal(text, None, grouped=grouped)
    except ParseError as fault:
        if fault.code != _AMBIGUOUS:
            raise
    return parse_decimal(text, decimal_sign())


def read_amount(text: str, currency: str) -> Money:
    """A payable amount, read as `read_typed` reads; ``currency`` stands in for one not written. Raises `ParseError`.

    What would be a fraction of three digits is refused in a currency that has fewer: nobody writes 1.250 for $ 1.25.
    """
    try:
        return parse_money(text, currency)
    except ParseError as fault:
        if fault.code != _AMBIGUOUS:
            raise
        found = parse_money(text, currency, decimal_sign())
        if decimal_sign() in fault.params["text"] and exponent(found.currency) < _THREE:
            raise
    return found


def _signed(plain: str) -> str:
    whole, dot, fraction = plain.partition(".")
    if not dot:
        return whole
    return whole + decimal_sign() + (fraction + "0" if len(fraction) == 3 else fraction)
