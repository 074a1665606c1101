"""An inquiry as nearly everybody sends it, read without its form: fields that are shown again cost more than its rows.

It takes what the form would take, to the same draft. Every doubt is the form's: whatever is missing, refused or unusual
leads to None, and the form says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms.validators import ValidationError

from marketplace.accounts.contact import phone_or_none
from marketplace.fairs.rules import code_in
from marketplace.kernel import csrf, submits
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.text import cleaned
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.fields import (
    CURRENCIES,
    Choices,
    amount_in,
    certificate_choices,
    destination_choices,
    incoterm_choices,
    language_choices,
    paper_choices,
    unit_choices,
)
from marketplace.rfqs.line_forms import BUTTON
from marketplace.rfqs.rules import LONGEST_PACKAGING, LONGEST_PLACE, LONGEST_TEXT

_ONE_ANSWER = frozenset({
    "text", "quantity", "unit", "destination", "incoterm", "place", "target_price", "currency", "price_unit",
    "needed_from", "needed_by", "packaging", "closes_on", "sample_is_wanted", "contact_phone", "fair", "language",
})  # fmt: skip
_NEEDED = frozenset({"text", "unit", "destination", "incoterm", "currency", "price_unit", "language"})
_MANY_ANSWERS = frozenset({"certificates", "papers"})
_OF_EVERY_FORM = frozenset({csrf.FIELD, submits.FIELD})
_LEFT_EMPTY = frozenset({BUTTON, "offer"})  # another line is wanted; an offer of a lot is asked about
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CURRENCIES = frozenset(CURRENCIES)
_NO = frozenset({"", "false"})  # what a box that is not ticked may say, as WTForms reads it


class _Unusual(Exception):
    """Something that the form has to look at."""


def plain_draft(posted: MultiDict[str, str], uploads: MultiDict[str, FileStorage], locale: str) -> InquiryDraft | None:
    """What an inquiry form about one product says, without further goods and papers; None for the form to judge."""
    if any(name != "files" or file for name, file in uploads.items(multi=True)):  # browsers send a file without a name
        return None
    try:
        return _draft(_single_answers(posted), posted.getlist("certificates"), posted.getlist("papers"), locale)
    except (_Unusual, ParseError, ValidationError, ValueError):
        return None


def _draft(said: dict[str, str], certificates: list[str], papers: list[str], locale: str) -> InquiryDraft:
    text, fair = said["text"], said.get("fair", "")
    code = code_in(fair) if fair else ""
    if len(text) > LONGEST_TEXT or not cleaned(text) or (fair.strip() and not code):
        raise _Unusual
    quantity, price = (amount_in(said.get(name)) for name in ("quantity", "target_price"))
    units = _codes(unit_choices, locale)
    unit, price_unit = _one_of(units, said["unit"]), _one_of(units, said["price_unit"])
    currency = _one_of(_CURRENCIES, said["currency"])
    has_price = price is not None
    return InquiryDraft(
        text=text,
        language=_one_of(_languages(), said["language"]),
        line=LineDraft(
            quantity=quantity,
            unit=unit if quantity is not None else "",
            target_price=price,
            currency=currency if has_price else "",
            price_unit=price_unit if has_price else "",
        ),
        terms=TermsDraft(
            destination=_one_of(_codes(destination_choices, locale), said["destination"]),
            incoterm=_one_of(_incoterms(), said["incoterm"]),
            place=_short(said.get("place", ""), LONGEST_PLACE),
            needed_from=_day(said.get("needed_from", "")),
            needed_by=_day(said.get("needed_by", "")),
            packaging=_short(said.get("packaging", ""), LONGEST_PACKAGING),
            certificates=_all_of(_codes(certificate_choices, locale), certificates),
            papers=_all_of(_papers(), papers),
            closes_on=_day(said.get("closes_on", "")),
            sample_is_wanted=said.get("sample_is_wanted", "") not in _NO,
            contact_phone=_phone(said.get("contact_phone", "")),
        ),
        fair=code,
    )


def _single_answers(posted: MultiDict[str, str]) -> dict[str, str]:
    """The answers of fields that have one each; a name that is not known here is the form's to judge."""
    said: dict[str, str] = {}
    for name, answers in posted.lists():
        if name in _ONE_ANSWER:
            if len(answers) != 1:
                raise _Unusual
            said[name] = answers[0]
        elif name in _LEFT_EMPTY:
            if any(answers):
                raise _Unusual
        elif name not in _MANY_ANSWERS and name not in _OF_EVERY_FORM:
            raise _Unusual
    if not said.keys() >= _NEEDED:
        raise _Unusual
    return said


def _one_of(known: frozenset[str], said: str) -> str:
    if said not in known:
        raise _Unusual
    return said


def _all_of(known: frozenset[str], said: list[str]) -> tuple[str, ...]:
    if not known.issuperset(said):
        raise _Unusual
    return tuple(said)


def _short(said: str, longest: int) -> str:
    if len(said) > longest:
        raise _Unusual
    return said


def _day(said: str) -> date | None:
    if not said:
        return None
    if not _DAY.fullmatch(said):
        raise _Unusual
    return date.fromisoformat(said)


def _phone(said: str) -> str:
    if not said:
        return ""
    number = phone_or_none(said)
    if number is None:
        raise _Unusual
    return number


@lru_cache(maxsize=64)
def _codes(choices: Callable[[str], Choices], locale: str) -> frozenset[str]:
    return frozenset(choice.value for choice in choices(locale))


@lru_cache
def _incoterms() -> frozenset[str]:
    return frozenset(choice.value for choice in incoterm_choices())


@lru_cache
def _languages() -> frozenset[str]:
    return frozenset(choice.value for choice in language_choices())


@lru_cache
def _papers() -> frozenset[str]:
    return frozenset(choice.value for choice in paper_choices())
