"""Feasts, quarters, packs, ranges, goods told by a variety alone and requests of several lines, in every language."""

from pathlib import Path

from matching.profile import RequestProfile
from matching.reader.request import read_request
from tests.support.reading import POSTED, Label, fewest, labelled, right, shares_read, weak

FLOOR, OVERALL = 0.9, 0.97
REQUESTS = labelled(Path(__file__).with_name("time_and_measure.yaml"))


def chip(got: RequestProfile, kind: str) -> str:
    return next((each.value for each in got.understood if each.kind == kind), "")


def fields(label: Label) -> dict[str, bool]:
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
    assert len(REQUESTS) >= 60
    assert fewest(REQUESTS) >= 9


def test_every_field_is_read_in_every_language() -> None:
    assert weak(shares_read(REQUESTS, fields), FLOOR, OVERALL) == {}
