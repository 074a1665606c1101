"""Feasts, quarters, packs, ranges, goods told by a variety alone and requests of several lines, in every language."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from matching.profile import RequestProfile
from matching.reader.request import read_request
from tests.unit.matching.test_own_requests import POSTED, right

FLOOR, OVERALL = 0.9, 0.97
REQUESTS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("time_and_measure.yaml").read_text(encoding="utf-8")
)


def chip(got: RequestProfile, kind: str) -> str:
    return next((each.value for each in got.understood if each.kind == kind), "")


def fields(label: dict[str, Any]) -> dict[str, bool]:
    """Field to whether it was read as labelled, with the fields of this set."""
    got = read_request(label["text"], lang=label["lang"], posted=POSTED)
    return {
        **right(label),
        "pack": chip(got, "packing") == str(label.get("pack") or ""),
        "soon": bool(chip(got, "soon")) == bool(label.get("soon")),
        "least": got.least == label.get("least"),
        "implied": got.is_implied == bool(label.get("implied")),
        "lines": [f"{each.goods[0]} {each.quantity:g} {each.unit}" for each in got.lines] == label.get("lines", []),
    }


def test_there_are_enough_requests_in_every_language() -> None:
    by_language = defaultdict(int)
    for each in REQUESTS:
        by_language[each["lang"]] += 1
    assert len(REQUESTS) >= 60
    assert min(by_language[lang] for lang in ("en", "id", "de", "zh_Hans", "zh_Hant")) >= 9


def test_every_field_is_read_in_every_language() -> None:
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for label in REQUESTS:
        for name, is_right in fields(label).items():
            found[label["lang"], name].append(is_right)
            found["all", name].append(is_right)
    shares = {key: sum(each) / len(each) for key, each in found.items()}
    weak = {key: share for key, share in shares.items() if share < (OVERALL if key[0] == "all" else FLOOR)}
    assert weak == {}
