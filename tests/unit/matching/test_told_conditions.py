"""Days, quantities, prices, papers and places as people tell them every day, in every language."""

from pathlib import Path

from tests.support.reading import Label, fewest, labelled, right_with_rhythm, shares_read, weak

FLOOR, OVERALL = 0.9, 0.97
CONDITIONS = ("quantity", "period", "price", "incoterms", "certificates", "destinations", "deadline")
REQUESTS = labelled(Path(__file__).with_name("told_conditions.yaml"))


def fields(label: Label) -> dict[str, bool]:
    """Condition to whether it was read as labelled."""
    read = right_with_rhythm(label)
    return {each: read[each] for each in CONDITIONS}


def test_there_are_enough_requests_in_every_language() -> None:
    assert len(REQUESTS) >= 99
    assert fewest(REQUESTS) >= 12


def test_every_condition_is_read_in_every_language() -> None:
    assert weak(shares_read(REQUESTS, fields), FLOOR, OVERALL) == {}
