"""The limiter's counts in this process."""

from __future__ import annotations

import threading

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from marketplace.kernel import write_counts
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.write_counts import WriteCounts


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = 1_000.0

    def monotonic(self) -> float:
        return self.moment


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The time of the counts, held by the test."""
    made = Watch()
    monkeypatch.setattr(write_counts, "time", made)
    return made


def test_a_limit_holds_for_its_window_and_no_longer(watch: Watch) -> None:
    counts = storage_from_string("process://")
    assert isinstance(counts, WriteCounts)
    limiter, limit = FixedWindowRateLimiter(counts), parse("3 per minute")
    assert [limiter.hit(limit, "one") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(limit, "another")
    with frozen(now()):
        assert limiter.get_window_stats(limit, "one").reset_time == pytest.approx(now().timestamp() + 60)
    watch.moment += 59
    assert not limiter.test(limit, "one")
    watch.moment += 1
    assert limiter.test(limit, "one")
    assert limiter.hit(limit, "one")


def test_what_is_over_is_forgotten(watch: Watch) -> None:
    counts = WriteCounts()
    for number in range(100):
        counts.incr(f"key {number}", 10)
    watch.moment += 61
    counts.incr("fresh", 10)
    assert list(counts._counts) == ["fresh"]
    counts.clear("fresh")
    assert counts.get("fresh") == 0
    counts.incr("again", 10)
    assert counts.reset() == 1


def test_no_entry_is_lost_between_threads_and_none_is_started() -> None:
    counts, before = WriteCounts(), threading.active_count()
    threads = [threading.Thread(target=lambda: [counts.incr("key", 60) for _ in range(500)]) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counts.get("key") == 2_000
    assert threading.active_count() == before
