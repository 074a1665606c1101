"""T18: kill -9 the running site again and again while people write; nothing acknowledged may be lost or doubled.

    python -m tests.crash.run --cycles 100 --writes 5000

Starts `souq serve` on a home of its own with the sample marketplace, lets writers post messages
and inquiries over HTTP (each retried with its own form key until the site acknowledged it), kills a
random child every few hundred milliseconds, and then reads the database: every acknowledged text
is there exactly once, every other at most once, no notice is doubled, and the index agrees with the rows.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.crash.site import Site
from tests.crash.writers import Writer, make_writers


def kill_cycles(site: Site, cycles: int, stop: threading.Event, slowest: list[float]) -> None:
    """Kill one child after the other; remember how long the site took to answer again."""
    dice = random.Random(18)
    for cycle in range(cycles):
        if stop.is_set():
            return
        time.sleep(dice.uniform(0.2, 0.9))
        victims = site.children()
        if not victims:
            continue
        site.kill(dice.choice(victims), signal.SIGKILL)
        slowest.append(site.seconds_until_up())
        if (cycle + 1) % 10 == 0:
            print(f"{cycle + 1} kills, slowest restart {max(slowest):.1f} s", flush=True)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cycles", type=int, default=100)
    options.add_argument("--writes", type=int, default=5000)
    options.add_argument("--writers", type=int, default=4)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = trial(Site(Path(folder)), asked.cycles, asked.writes, asked.writers)
    print(json.dumps(report, indent=1))
    is_fine = is_sound(report)
    return 0 if is_fine and report["kills"] >= asked.cycles and report["acknowledged"] >= asked.writes else 1


def is_sound(report: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or left behind."""
    return not any(
        report[name] for name in ("lost", "doubled", "doubled_mails", "unsent_mails", "tasks_left", "index_faults")
    )


def trial(resting: Site, kills: int, writes: int, threads: int) -> dict[str, Any]:
    """One whole trial; gives its figures."""
    with resting as site:
        writers = make_writers(site, threads, writes)
        stop, slowest = threading.Event(), list[float]()
        killer = threading.Thread(target=kill_cycles, args=(site, kills, stop, slowest))
        workers = [threading.Thread(target=writer.run, args=(stop, killer)) for writer in writers]
        killer.start()
        for worker in workers:
            worker.start()
        killer.join()
        for worker in workers:
            worker.join()
        stop.set()
        settle(site)
        return judged(site.home, writers, slowest)


def settle(site: Site) -> None:
    """Give the worker time to finish what is queued."""
    for _ in range(120):
        if not site.due_tasks():
            return
        time.sleep(1)


def judged(home: Path, writers: list[Writer], slowest: list[float]) -> dict[str, Any]:
    """Compare what was acknowledged with what is in the database."""
    from tests.crash.site import rows

    kept = Counter(text for (text,) in rows(home, "SELECT text FROM message UNION ALL SELECT text FROM rfq"))
    acknowledged = [text for writer in writers for text in writer.acknowledged]
    doubtful = [text for writer in writers for text in writer.unacknowledged]
    left = rows(home, "SELECT job, state, COUNT(*) FROM task WHERE state IN ('running', 'dead') GROUP BY 1, 2")
    unsent = rows(home, "SELECT COUNT(*) FROM notice WHERE channel = 'mail' AND sent_at IS NULL")[0][0]
    mails = Counter(_message_id(path) for path in (home / "mail").glob("**/*.eml"))
    check = subprocess.run(
        [sys.executable, "-m", "marketplace.cli.main", "search", "check", "--json"],
        capture_output=True,
        text=True,
        env=Site.environment(home),
        check=False,
    )
    return {
        "kills": len(slowest),
        "slowest_restart_seconds": round(max(slowest, default=0), 2),
        "acknowledged": len(acknowledged),
        "lost": sum(1 for text in acknowledged if kept[text] == 0),
        "doubled": sum(1 for text in [*acknowledged, *doubtful] if kept[text] > 1),
        "unacknowledged_but_kept": sum(1 for text in doubtful if kept[text] == 1),
        "refused": sorted({refusal for writer in writers for refusal in writer.refusals})[:10],
        "doubled_mails": sum(count - 1 for count in mails.values()),
        "unsent_mails": unsent,
        "tasks_left": [list(row) for row in left],
        "index_faults": 0 if check.returncode == 0 else (check.stdout.strip() or check.stderr.strip())[-500:],
    }


def _message_id(path: Path) -> str:
    head = path.read_text(encoding="utf-8", errors="replace").partition("\r\n\r\n")[0]
    return next((line for line in head.splitlines() if line.startswith("Message-ID")), path.name)


if __name__ == "__main__":
    sys.exit(main())
