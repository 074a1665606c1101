"""T19 in small: the disk of a running site fills up twice while people write."""

from __future__ import annotations

import json

import pytest

from tests.crash.disk import can_have_a_small_disk, is_polite, run_apart

CYCLES = 2


@pytest.mark.skipif(not can_have_a_small_disk(), reason="this machine lets nobody mount a small disk")
def test_t19_a_full_disk_refuses_writes_politely_and_loses_nothing() -> None:
    report = run_apart(CYCLES, writes=16)
    assert is_polite(report), json.dumps(report, indent=1)
    assert report["cycles"] == CYCLES
    assert report["reads_on_a_full_disk"]["200"] >= 2 * CYCLES * 10
    assert report["acknowledged"] >= 16
