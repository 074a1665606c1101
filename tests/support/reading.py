"""Requests with the labels that a reader must find in them, and how far it does, field by field."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from matching.profile import RequestProfile
from matching.reader.request import read_request

POSTED = date(2026, 11, 22)
LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")
# Read or not, these change nothing where the goods are dried, frozen or ground anyway.
SAID_BY_THE_GOODS = frozenset({"dried", "frozen", "roasted", "raw", "form-powder"})

Label = dict[str, Any]


def labelled(path: Path) -> list[Label]:
    """The requests of a file; own_requests.yaml tells what its labels mean."""
    found: list[Label] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def fewest(requests: Sequence[Label]) -> int:
    """How many requests the language with the fewest has."""
    return min(sum(each["lang"] == lang for each in requests) for lang in LANGUAGES)


def shares_read(requests: Sequence[Label], judge: Callable[[Label], dict[str, bool]]) -> dict[tuple[str, str], float]:
    """Language (or "all") and field to the share of requests in which it was read as labelled."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for label in requests:
        for name, is_right in judge(label).items():
            found[label["lang"], name].append(is_right)
            found["all", name].append(is_right)
    return {key: sum(each) / len(each) for key, each in found.items()}


def weak(shares: dict[tuple[str, str], float], floor: float, overall: float) -> dict[tuple[str, str], float]:
    """The shares below their floor: one for a language, one for all of them together."""
    return {key: share for key, share in shares.items() if share < (overall if key[0] == "all" else floor)}


def words(value: object) -> list[str]:
    return str(value).split() if value else []


def named(label: object, got: tuple[str, ...]) -> bool:
    """Whether each thing labelled was read and nothing else."""
    wanted = words(label)
    return len(wanted) == len(got) and all(any(one in got for one in each.split("~")) for each in wanted)


def attributes_fit(label: Label, key: str, got: tuple[str, ...]) -> bool:
    wanted = set(words(label.get(key)))
    may = set(words(label.get("may"))) | SAID_BY_THE_GOODS
    return wanted - SAID_BY_THE_GOODS <= set(got) and set(got) - wanted <= may


def certificates_fit(label: object, groups: tuple[tuple[str, ...], ...]) -> bool:
    def fits(wanted: str, group: tuple[str, ...]) -> bool:
        if wanted == "organic*":
            return all(each.startswith("organic") for each in group)
        return set(wanted.split("/")) == set(group) or (len(group) == 1 and group[0] in wanted.split("~"))

    listed = words(label)
    return len(listed) == len(groups) and all(any(fits(each, group) for group in groups) for each in listed)


def quantity_fits(label: object, got: RequestProfile) -> bool:
    if not label:
        return got.quantity is None
    amount, unit, *monthly = words(label)
    known = got.quantity is not None and got.quantity == pytest.approx(float(amount))
    return known and got.unit == unit and got.period == ("month" if monthly else "")


def price_fits(label: object, got: RequestProfile) -> bool:
    if not label or got.price is None:
        return not label and got.price is None
    amount, rest = words(label)
    return got.price.amount == pytest.approx(float(amount)) and rest == f"{got.price.currency}/{got.price.unit}"


def deadline_fits(label: str | None, got: RequestProfile) -> bool:
    if not label or got.deadline is None:
        return not label and got.deadline is None
    day = POSTED + timedelta(days=int(label)) if label.startswith("+") else date.fromisoformat(label)
    slack = 2 if label.startswith("+") and int(label) % 30 == 0 else 0  # a month is 30 days or a calendar month
    return abs((got.deadline - day).days) <= slack


def destinations_fit(label: object, got: RequestProfile) -> bool:
    is_assumed = any(each.kind == "destination" and each.stance == "assumed" for each in got.understood)
    wanted = set(words(label))
    return wanted == (set() if is_assumed and not wanted else set(got.destinations))


def right(label: Label) -> dict[str, bool]:
    """Field to whether it was read as labelled."""
    got = read_request(label["text"], lang=label["lang"], posted=POSTED)
    place = str(label.get("place") or "")
    return {
        "goods": named(label.get("goods"), got.goods),
        "attributes": attributes_fit(label, "attributes", got.attributes),
        "excluded": attributes_fit(label, "excluded", got.excluded_attributes),
        "refused goods": named(label.get("refused_goods"), got.excluded_goods),
        "quantity": quantity_fits(label.get("quantity"), got),
        "price": price_fits(label.get("price"), got),
        "incoterms": set(words(label.get("incoterms"))) == set(got.incoterms),
        "place": any((got.place or "").endswith("/" + each) for each in place.split("~")) if place else not got.place,
        "certificates": certificates_fit(label.get("certificates"), got.certificates),
        "destinations": destinations_fit(label.get("destinations"), got),
        "deadline": deadline_fits(label.get("deadline"), got),
        "sample": bool(label.get("sample")) == got.wants_sample,
        "private label": bool(label.get("private_label")) == got.wants_private_label,
    }


def lines_fit(label: list[str] | None, got: RequestProfile) -> bool:
    if not label or len(label) != len(got.lines):
        return not label and not got.lines
    return all(
        named(goods, line.goods) and line.quantity == pytest.approx(float(amount)) and line.unit == unit
        for (goods, amount, unit), line in zip(map(str.split, label), got.lines, strict=True)
    )


def preferred_fit(label: object, may: object, got: RequestProfile) -> bool:
    wanted, read = set(words(label)), {*got.preferred_attributes, *got.preferred_certificates}
    return wanted <= read and read - wanted <= set(words(may))


def right_with_rhythm(label: Label) -> dict[str, bool]:
    """As `right`, of a set whose labels tell rhythms, wishes and lines apart."""
    got = read_request(label["text"], lang=label["lang"], posted=POSTED)
    amount = dict(right({**label, "quantity": str(label.get("quantity") or "").removesuffix(" m")}))
    told = "month" if str(label.get("quantity") or "").endswith(" m") else str(label.get("period") or "")
    quantity, *rest = words(label.get("quantity")) or ["0"]
    is_amount = (
        got.quantity is None
        if quantity == "0"
        else (got.quantity == pytest.approx(float(quantity)) and got.unit == rest[0])
    )
    return {
        **amount,
        "quantity": is_amount,
        "period": got.period == told,
        "preferred": preferred_fit(label.get("preferred"), label.get("may"), got),
        "lines": lines_fit(label.get("lines"), got),
    }
