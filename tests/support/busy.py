"""Limits in seconds on a machine that has other things to do."""

from __future__ import annotations

import os
import time


def weighed(seconds: float) -> float:
    """The limit on a machine that is busy: as much longer as an empty second takes there."""
    began = time.monotonic()
    time.sleep(0.2)
    return seconds * max(1.0, (time.monotonic() - began) / 0.2, os.getloadavg()[0] / (os.cpu_count() or 1))
