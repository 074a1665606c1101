"""T18 in small: a site on a small market is killed a few times while both sides write, and steps are cut off one by one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.market import small_market
from tests.crash.run import is_sound, trial
from tests.crash.site import ROOT, Site

KILLS = 5  # the fifth is of all processes at once


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two buyers, two sellers and open conversations between them."""
    return small_market(tmp_path_factory.mktemp("crash"))


def test_t18_nothing_acknowledged_is_lost_doubled_or_half_done(home: Path) -> None:
    report = trial(Site(home, is_prepared=True), kills=KILLS, writes=40, threads=2, photos=4)
    assert is_sound(report), json.dumps(report, indent=1)
    assert report["kills"] == KILLS
    assert report["acknowledged"] >= 40
    assert set(report["acknowledged_by_kind"]) == {"message", "answer", "inquiry", "photo"}
    assert report["acknowledged_documents"] > 0
    assert report["away_slowest_seconds"] < 30  # the machine may be busy; `make crash` holds it to five


def test_t18_each_step_of_new_ways_is_done_or_not_begun_and_once() -> None:
    """Each way of `stories` and `calls`: every step killed before and after its last commit.

    In a process of its own, which forks: the one of the tests has connections and threads.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.steps", "--every", "0"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    figures = json.loads(done.stdout[done.stdout.index("{\n") :])
    assert set(figures) == {"inquiry", "guest", "mail received", "mail polled", "pool", "sample", "card", "calls"}
    assert {name: one["kills"] for name, one in figures.items()} == {
        "inquiry": 4, "guest": 8, "mail received": 4, "mail polled": 4, "pool": 12, "sample": 14, "card": 8, "calls": 16,
    }  # fmt: skip
