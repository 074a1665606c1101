"""T18: kill -9 the running site again and again while people write; nothing acknowledged may be lost or doubled.

    python -m tests.crash.run --cycles 100 --writes 5000

Starts `souq serve` on a home of its own with the sample marketplace, lets writers send messages, answers, inquiries,
documents and photos over HTTP (each retried with its own form key until the site acknowledged it), and kills: one
process by turns, every fifth time all of them at once. Then the database, the mails and the files are held
against what was acknowledged (see `tests.crash.judge`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.crash.doors import open_doors
from tests.crash.judge import judged
from tests.crash.site import Site, rows
from tests.crash.writers import new_hour, shared_out

ALL_AT_ONCE_EVERY = 5
UP_WITHIN = 5.0  # seconds from the kill to the first 200, on a machine of one's own


@dataclass
class Restarts:
    """How long the site was away, in seconds from the kill to the first 200."""

    one: list[float] = field(default_factory=list)
    all_at_once: list[float] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return len(self.one) + len(self.all_at_once)

    @property
    def slowest(self) -> float:
        return max([*self.one, *self.all_at_once], default=0.0)


def kill_cycles(site: Site, cycles: int, restarts: Restarts) -> None:
    """Kill one child after the other, every fifth time all of them; note how long the site took to answer again."""
    dice = random.Random(18)
    while restarts.kills < cycles:
        time.sleep(dice.uniform(0.2, 0.9))
        family = site.children()
        if not family:
            continue
        is_all = restarts.kills % ALL_AT_ONCE_EVERY == ALL_AT_ONCE_EVERY - 1
        began = time.monotonic()
        for victim in family if is_all else [dice.choice(family)]:
            site.kill(victim, signal.SIGKILL)
        (restarts.all_at_once if is_all else restarts.one).append(site.seconds_until_up(since=began))
        if restarts.kills % 10 == 0:
            print(f"{restarts.kills} kills, slowest return {restarts.slowest:.1f} s", flush=True)


def trial(
    resting: Site, kills: int, writes: int, threads: int, photos: int = 24, tell: Any = lambda _words: None
) -> dict[str, Any]:
    """One whole trial; gives its figures."""
    with resting as site:
        newest_photo = rows(site.home, "SELECT COALESCE(MAX(id), 0) FROM photo")[0][0]
        writers = shared_out(open_doors(site, photos), threads, writes, site.port)
        stop, restarts, began = threading.Event(), Restarts(), time.monotonic()
        killer = threading.Thread(target=kill_cycles, args=(site, kills, restarts))
        workers = [threading.Thread(target=writer.run, args=(stop, killer)) for writer in writers]
        clock = threading.Thread(target=new_hour, args=(site, 20.0, stop))
        for thread in (killer, clock, *workers):
            thread.start()
        for thread in (killer, *workers):
            thread.join()
        stop.set()
        clock.join()
        tell(f"written in {time.monotonic() - began:.0f} s; waiting for the worker")
        waited = settle(site)
        return {
            "kills": restarts.kills,
            "kills_of_all_at_once": len(restarts.all_at_once),
            "away_median_seconds": round(median([*restarts.one, *restarts.all_at_once]), 2),
            "away_slowest_seconds": round(restarts.slowest, 2),
            "all_at_once_median_seconds": round(median(restarts.all_at_once or [0.0]), 2),
            "load_of_machine": round(os.getloadavg()[0], 1),
            "worker_caught_up_after_seconds": waited,
            **judged(site, writers, newest_photo),
        }


def settle(site: Site) -> int:
    """Wait until the worker has done what is queued, as long as it gets on; gives the seconds."""
    began, fewest, since = time.monotonic(), 10**9, time.monotonic()
    while (left := site.due_tasks()) and time.monotonic() - since < 60:
        if left < fewest:
            fewest, since = left, time.monotonic()
        time.sleep(0.5)
    return round(time.monotonic() - began)


def is_sound(report: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled, left half done or refused."""
    return not any(
        report[name] for name in ("lost", "doubled", "half_done", "mail_faults", "tasks_left", "refused")
    ) and (report["index_agrees_after_seconds"] is not None)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cycles", type=int, default=100)
    options.add_argument("--writes", type=int, default=5000)
    options.add_argument("--writers", type=int, default=4)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = trial(Site(Path(folder)), asked.cycles, asked.writes, asked.writers, tell=print)
    print(json.dumps(report, indent=1))
    is_enough = report["kills"] >= asked.cycles and report["acknowledged"] >= asked.writes
    return 0 if is_sound(report) and is_enough and report["away_slowest_seconds"] <= UP_WITHIN else 1


if __name__ == "__main__":
    sys.exit(main())
