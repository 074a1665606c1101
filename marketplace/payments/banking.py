"""Bank details as people write them, checked: IBAN (ISO 13616) and BIC (ISO 9362)."""

from __future__ import annotations

import re

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_ACCOUNT = re.compile(r"[0-9A-Z][0-9A-Z .\-/]{3,32}[0-9A-Z]")


def account_number(text: str) -> str | None:
    """An IBAN in groups of four, or a national number as written; None where it is neither.

    What begins like an IBAN must pass its check digits (mod 97, ISO 7064); Indonesian accounts have no IBAN.
    """
    plain = re.sub(r"\s+", " ", text.strip().upper())
    squeezed = plain.replace(" ", "")
    if _IBAN.fullmatch(squeezed):
        turned = squeezed[4:] + squeezed[:4]
        digits = "".join(str(int(letter, 36)) for letter in turned)
        return " ".join(squeezed[at : at + 4] for at in range(0, len(squeezed), 4)) if int(digits) % 97 == 1 else None
    return plain if _ACCOUNT.fullmatch(plain) and sum(map(str.isdigit, plain)) >= 5 else None


def bank_code(text: str) -> str | None:
    """A BIC (SWIFT code) of 8 or 11 letters; None where it is not one."""
    squeezed = re.sub(r"\s+", "", text.upper())
    return squeezed if _BIC.fullmatch(squeezed) else None
