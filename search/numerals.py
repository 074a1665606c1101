"""Numbers as people of five languages type them."""

import re

# A number: digits with groups and a decimal part in any manner; what it means is decided by ``read``.
PATTERN = r"\d{1,12}(?:[.,’' ]\d{3})*(?:[.,]\d{1,6})?"

_COMMA_DECIMAL = frozenset({"id", "de"})
_LIMIT = 1e12


def read(text: str, language: str) -> float | None:
    """The value of a number, or None when it cannot be one. 1.234 is a thousand in German and Indonesian only."""
    cleaned = re.sub(r"[’' ]", "", text)
    comma, point = cleaned.rfind(","), cleaned.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
    elif comma >= 0 or point >= 0:
        mark = "," if comma >= 0 else "."
        decimal = mark if _is_decimal(cleaned, mark, language) else ""
    else:
        decimal = ""
    for mark in ",.":
        cleaned = cleaned.replace(mark, "\0" if mark == decimal else "")
    try:
        value = float(cleaned.replace("\0", "."))
    except ValueError:
        return None
    return value if value < _LIMIT else None


def _is_decimal(text: str, mark: str, language: str) -> bool:
    """Whether a lone kind of mark parts the decimals."""
    if text.count(mark) > 1:
        return False
    if len(text) - text.index(mark) - 1 != 3:
        return True
    return (mark == ",") == (language in _COMMA_DECIMAL)
