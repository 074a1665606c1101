"""T28: take every guard out in turn; the tests named for it must turn red, and be green with it.

    python -m tests.guards.run [NAME …]

Gives one line for each guard and ends with 1 unless all of them matter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.guards.plugin import ROOT, VARIABLE
from tests.guards.table import GUARDS, Guard

FAILED = 1  # pytest's own: tests were run, and some of them failed


def run_tests(tests: tuple[str, ...], without: str = "") -> subprocess.CompletedProcess[str]:
    """Run these tests in a process of its own, with one guard taken out if one is named."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.guards.plugin", "-p", "no:cacheprovider", "-x", *tests]
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if without:
        environment[VARIABLE] = without
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def matters(guard: Guard) -> list[str]:
    """Tests that stayed green without the guard, or could not be run at all; empty where it matters."""
    return [test for test in guard.tests if run_tests((test,), guard.name).returncode != FAILED]


def main() -> int:
    wished = set(sys.argv[1:])
    chosen = [guard for guard in GUARDS if not wished or guard.name in wished]
    with_them = run_tests(tuple(dict.fromkeys(test for guard in chosen for test in guard.tests)))
    if with_them.returncode:
        print(with_them.stdout[-3000:], with_them.stderr[-2000:])
        print("The tests must be green with every guard in place.")
        return 1
    faults = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as many:
        for guard, green in zip(chosen, many.map(matters, chosen), strict=True):
            print(f"{'red    ' if not green else 'GREEN !'} without: {guard.name} {' '.join(green)}", flush=True)
            faults += bool(green)
    print(f"{len(chosen) - faults} of {len(chosen)} guards matter")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
