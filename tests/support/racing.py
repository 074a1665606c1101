"""Many at once: how many hands, how often, and everybody pressing at the same moment."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

# thirty hands on PostgreSQL; SQLite has one writer anyway. SOUQ_RACE_ROUNDS asks for more rounds (make races: 20)
HANDS = 30 if os.environ.get("SOUQ_TEST_POSTGRES") else 10
ROUNDS = int(os.environ.get("SOUQ_RACE_ROUNDS", "3"))


def all_at_once(presses: list[Callable[[], Any]]) -> list[Any]:
    """What each press gives, in order; all begin together."""
    gate = threading.Barrier(len(presses))

    def press(one: Callable[[], Any]) -> Any:
        gate.wait(60)
        return one()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def statuses(answers: list[Any]) -> Counter[int]:
    """How often each status came."""
    return Counter(answer.status_code for answer in answers)
