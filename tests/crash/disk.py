"""T19: the disk of a running site fills up and is freed again and again; nothing acknowledged is lost, reads go on.

    python -m tests.crash.disk --cycles 20

The home lies on a small tmpfs, mounted in a namespace of this process's own (`unshare`, no root needed). While writers
write over HTTP, a ballast takes all room that is left; every read must answer 200 then, every write be done or be
refused with 507 or 503 and a page. Then the ballast goes, and writing must go on by itself.
"""

from __future__ import annotations

import argparse
import errno
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash.doors import open_doors
from tests.crash.judge import judged
from tests.crash.market import small_market
from tests.crash.run import is_sound, settle
from tests.crash.site import ROOT, Site, rows
from tests.crash.writers import Door, new_hour, shared_out

SIZE = 96  # megabytes of the small disk
OWN_WORDS = "There is no room left to keep anything new"
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
PUBLIC = ("/", "/products", "/sellers", "/healthz", "/sign-in")


@dataclass
class Fullness:
    """What was seen while the disk was full, and after it."""

    cycles: int = 0
    reads: Counter[int] = field(default_factory=Counter)
    failed_reads: list[str] = field(default_factory=list)
    writes: Counter[int] = field(default_factory=Counter)
    wrong_writes: list[str] = field(default_factory=list)
    back: list[float] = field(default_factory=list)


def can_have_a_small_disk() -> bool:
    """Whether this machine lets us mount a small disk in a namespace of our own."""
    if shutil.which("unshare") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = [*NAMESPACE, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def fill(ballast: Path) -> None:
    """Take all room that is left, to the last page."""
    with open(ballast, "ab", buffering=0) as file:
        for piece in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(piece))
            except OSError as failure:
                if failure.errno != errno.ENOSPC:
                    raise


def ask(site: Site, door: Door | None, path: str, body: str | None = None) -> tuple[int, str]:
    """Status and text of one request; 0 where there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=40)
    headers = {"Accept-Language": "en", "X-Forwarded-For": "10.9.9.9"} | ({"Cookie": door.cookie} if door else {})
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def fill_and_free(site: Site, doors: list[Door], cycles: int, seen: Fullness) -> None:
    """Fill the disk so often, look at reads and writes meanwhile, free it, and wait until a write is taken again."""
    ballast = site.home / "ballast"
    while seen.cycles < cycles:
        time.sleep(0.7)
        # what SQLite's log has room for could be written on a full disk: it begins anew, as short as it gets
        rows(site.home, "PRAGMA wal_checkpoint(TRUNCATE)")
        fill(ballast)
        for _ in range(2):
            _read_all(site, doors, seen)
            _try_writes(site, seen)
            fill(ballast)  # what a refused write gave back
        seen.cycles += 1
        freed = time.monotonic()
        ballast.unlink()
        while not _is_writable(site) and time.monotonic() - freed < 60:
            time.sleep(0.05)
        seen.back.append(time.monotonic() - freed)


def _read_all(site: Site, doors: list[Door], seen: Fullness) -> None:
    for door, page in [(None, path) for path in PUBLIC] + [(door, door.page) for door in doors]:
        status, text = ask(site, door, page)
        seen.reads[status] += 1
        if status != 200 or not text:
            seen.failed_reads.append(f"{page}: {status}")


def _try_writes(site: Site, seen: Fullness) -> None:
    status, text = ask(site, None, "/sign-in", "email=nobody@example.org&password=x")
    if status == 400:  # without a token it is refused before anything is written
        status, text = _tried_sign_in(site)
    seen.writes[status] += 1
    # a write that still fitted is done: 422 is what a wrong password gets
    if status not in {422, 503, 507} or (status == 507 and OWN_WORDS not in text):
        seen.wrong_writes.append(f"sign-in: {status}")


def _tried_sign_in(site: Site) -> tuple[int, str]:
    """A wrong password at the sign-in form, which counts the try: a write that needs no account."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=40)
    headers = {"Accept-Language": "en", "X-Forwarded-For": "10.9.9.9"}
    try:
        connection.request("GET", "/sign-in", None, headers)
        answer = connection.getresponse()
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        token = answer.read().decode().partition('name="csrf_token" value="')[2].partition('"')[0]
        body = f"csrf_token={token}&email=nobody%40example.org&password=never-mind-this-one"
        form = {**headers, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", body, form)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _is_writable(site: Site) -> bool:
    return _tried_sign_in(site)[0] in {422, 429}


def trial(folder: Path, cycles: int, writes: int) -> dict[str, Any]:
    """One whole trial on a home in ``folder``; gives its figures."""
    with Site(small_market(folder), is_prepared=True) as site:
        workers = set(site.children())
        newest_photo = rows(site.home, "SELECT COALESCE(MAX(id), 0) FROM photo")[0][0]
        doors = open_doors(site, 4)
        writers = shared_out(doors, 2, writes, site.port)
        stop, seen = threading.Event(), Fullness()
        filler = threading.Thread(target=fill_and_free, args=(site, doors, cycles, seen))
        people = [threading.Thread(target=writer.run, args=(stop, filler)) for writer in writers]
        clock = threading.Thread(target=new_hour_if_it_can, args=(site, stop))
        for thread in (filler, clock, *people):
            thread.start()
        for thread in (filler, *people):
            thread.join()
        stop.set()
        clock.join()
        settle(site)
        statuses = sum((writer.statuses for writer in writers), Counter[str]())
        return {
            "cycles": seen.cycles,
            "reads_on_a_full_disk": dict(seen.reads),
            "failed_reads": seen.failed_reads[:5],
            "writes_on_a_full_disk": dict(seen.writes),
            "wrong_writes": seen.wrong_writes[:5],
            "answers_to_writers": dict(sorted(statuses.items())),
            "writing_again_slowest_seconds": round(max(seen.back, default=0.0), 2),
            "processes_that_died": len(workers - set(site.children())),
            **judged(site, writers, newest_photo, may_rest=True),
        }


def new_hour_if_it_can(site: Site, stop: threading.Event) -> None:
    """As `new_hour`; on a full disk no hour passes."""
    import sqlite3

    while not stop.is_set():
        try:
            new_hour(site, 5.0, stop)
        except sqlite3.Error:
            stop.wait(1)


def is_polite(report: dict[str, Any]) -> bool:
    """Whether nothing was lost or half done, every read answered and every refusal was a polite one."""
    rude = [one for one in report["answers_to_writers"] if one.endswith((" 500", " 502", "no answer"))]
    # a try at the sign-in form mostly still fits into what is free within the database's own pages
    refused = sum(report["answers_to_writers"].get(f"POST {status}", 0) for status in (503, 507))
    return (
        is_sound(report)
        and not (rude or report["failed_reads"] or report["wrong_writes"] or report["processes_that_died"])
        and refused >= report["cycles"]
        and report["writing_again_slowest_seconds"] < 30
    )


def run_apart(cycles: int, writes: int) -> dict[str, Any]:
    """The trial in a process of its own, which mounts the small disk; gives its figures."""
    command = [*NAMESPACE, sys.executable, "-m", "tests.crash.disk", "--inside", "--cycles", str(cycles)]
    done = subprocess.run([*command, "--writes", str(writes)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{\n") :])
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cycles", type=int, default=20)
    options.add_argument("--writes", type=int, default=200)
    options.add_argument("--inside", action="store_true", help="this process may mount")
    chosen = options.parse_args()
    if not chosen.inside:
        if not can_have_a_small_disk():
            print("This machine lets nobody mount a small disk; nothing was tried.")
            return 77
        report = run_apart(chosen.cycles, chosen.writes)
        print(json.dumps(report, indent=1))
        return 0 if is_polite(report) else 1
    folder = Path(tempfile.mkdtemp())
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)], check=True)
    try:
        os.environ.pop("SOUQ_TEST_POSTGRES", None)
        print(json.dumps(trial(folder, chosen.cycles, chosen.writes), indent=1))
    finally:
        kept = os.environ.get("SOUQ_KEEP_LOG")
        if kept:
            shutil.copyfile(folder / "serve.log", kept)
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
