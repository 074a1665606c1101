"""Reading accuracy on requests of our own, field by field and language by language."""

from pathlib import Path

from tests.support.reading import fewest, labelled, right, shares_read, weak

FLOOR = 0.92
OVERALL = 0.95
REQUESTS = labelled(Path(__file__).with_name("own_requests.yaml"))


def test_there_are_enough_requests_in_every_language() -> None:
    assert len(REQUESTS) >= 120
    assert fewest(REQUESTS) >= 24


def test_every_field_is_read_in_every_language() -> None:
    assert weak(shares_read(REQUESTS, right), FLOOR, OVERALL) == {}
