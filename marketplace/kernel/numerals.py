"""Numbers as people write them, read without guessing."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

DecimalSign = Literal[".", ","]

_MAX_LENGTH = 48
_MAX_WHOLE_DIGITS = 15
_SPACES = re.compile(r"(?<=\d)[ '’_](?=\d{3}(?!\d))")
_SHAPE = re.compile(r"[-+]?\d[\d.,]*|[-+]?[.,]\d+")
_GROUPED = {".": re.compile(r"\d{1,3}(\.\d{3})+"), ",": re.compile(r"\d{1,3}(,\d{3})+")}


class ParseError(ValueError):
    """What somebody wrote cannot be read; ``code`` and ``params`` become a sentence in the reader's language."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, str] = MappingProxyType(params)


def clean(text: str) -> str:
    """The text with full-width forms folded, odd spaces and dashes made plain, and blanks trimmed."""
    # The common case of plain ASCII needs no folding; it is what most of a large file consists of.
    if text.isascii():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", " ", folded.replace("\u2212", "-").replace("\u2013", "-").replace("\u2014", "-")).strip()


def parse_decimal(text: str, decimal: DecimalSign | None = None, *, grouped: bool = False) -> Decimal:
    """The number in ``text``, exactly.

    ``decimal`` states the decimal sign and settles every doubt. Without it "1.250" may mean two things and is refused,
    unless ``grouped`` says that three digits after one sign can only be thousands (amounts in rupiah or yen).
    Raises ``ParseError`` with the code ``number_missing``, ``number_unreadable``, ``number_ambiguous`` or
    ``number_too_long``.
    """
    return _parse_decimal(text, decimal, grouped)


@lru_cache(maxsize=8192)
def _parse_decimal(text: str, decimal: DecimalSign | None, grouped: bool) -> Decimal:
    if len(text) > _MAX_LENGTH:
        raise ParseError("number_too_long", text=text[:_MAX_LENGTH])
    plain = clean(text)
    if not plain:
        raise ParseError("number_missing")
    if not plain.isascii() and not re.fullmatch(r"[\d.,+\-'’_ ]+", plain, re.ASCII):
        raise ParseError("number_unreadable", text=plain)
    if not plain.isdigit():
        plain = _SPACES.sub("", plain)
        if not _SHAPE.fullmatch(plain):
            raise ParseError("number_unreadable", text=text.strip())
        plain = _without_grouping(plain, decimal, grouped)
    if len(plain.lstrip("+-").partition(".")[0]) > _MAX_WHOLE_DIGITS:
        raise ParseError("number_too_long", text=text.strip())
    return Decimal(plain)


def _without_grouping(text: str, decimal: DecimalSign | None, grouped: bool) -> str:
    """The same number with "." as decimal sign and nothing between thousands."""
    sign = text[0] if text[0] in "+-" else ""
    body = text[len(sign) :]
    dots, commas = body.count("."), body.count(",")
    if not dots and not commas:
        return sign + body
    mark = decimal or _decimal_sign(body, dots, commas, grouped)
    group = "," if mark == "." else "."
    whole, found, fraction = body.partition(mark)
    if group in whole:
        if not _GROUPED[group].fullmatch(whole):
            raise ParseError("number_unreadable", text=text)
        whole = whole.replace(group, "")
    if mark in fraction or group in fraction or (found and not fraction):
        raise ParseError("number_unreadable", text=text)
    return f"{sign}{whole or '0'}{'.' if found else ''}{fraction}"


def _decimal_sign(body: str, dots: int, commas: int, grouped: bool) -> DecimalSign:
    """Which sign must be the decimal one, judged from the shape alone; refuses what may be read in two ways."""
    if dots and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    mark: DecimalSign = "." if dots else ","
    other: DecimalSign = "," if dots else "."
    if dots + commas > 1:
        return other
    whole, _, fraction = body.partition(mark)
    # "0.125" and "1234.567" cannot be thousands: a group of thousands starts with one to three digits, never with zero.
    if len(fraction) != 3 or len(whole) > 3 or whole in ("", "0", "00", "000") or whole.startswith("0"):
        return mark
    if grouped:
        return other
    raise ParseError("number_ambiguous", text=body, whole=whole + fraction, fraction=f"{whole}.{fraction}")
