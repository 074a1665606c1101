"""What a chapter states about a lead of one of its distributors: contacted, then sold or not, then closed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

NOTE_LENGTH = 500


class Result(StrEnum):
    """What became of a lead, as the chapter knows it."""

    SOLD = "sold"
    ELSEWHERE = "elsewhere"  # the distributor bought from somebody else
    NO_NEED = "no_need"
    NO_REPLY = "no_reply"  # the distributor could not be reached again
    OTHER = "other"


class Fault(StrEnum):
    """Why a statement cannot stand."""

    NO_CONTACT = "no_contact"
    NO_RESULT = "no_result"
    NO_DAY_OF_SALE = "no_day_of_sale"
    SALE_WITHOUT_RESULT = "sale_without_result"
    BEFORE_REQUEST = "before_request"
    SOLD_BEFORE_CONTACT = "sold_before_contact"
    IN_FUTURE = "in_future"


def faults_of(
    contacted_on: date | None, result: Result | None, sold_on: date | None, *, asked_on: date, today: date, closes: bool
) -> list[Fault]:
    """What is wrong with these days, or missing where the lead is to be closed by them."""
    found = []
    days = [day for day in (contacted_on, sold_on) if day is not None]
    if any(day > today for day in days):
        found.append(Fault.IN_FUTURE)
    if any(day < asked_on for day in days):
        found.append(Fault.BEFORE_REQUEST)
    if contacted_on is not None and sold_on is not None and sold_on < contacted_on:
        found.append(Fault.SOLD_BEFORE_CONTACT)
    if sold_on is not None and result is not Result.SOLD:
        found.append(Fault.SALE_WITHOUT_RESULT)
    if closes and contacted_on is None:
        found.append(Fault.NO_CONTACT)
    if closes and result is None:
        found.append(Fault.NO_RESULT)
    if closes and result is Result.SOLD and sold_on is None:
        found.append(Fault.NO_DAY_OF_SALE)
    return found
