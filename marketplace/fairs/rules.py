"""What a fair's code looks like, and how long requests count for the fair."""

from __future__ import annotations

import re
from datetime import date, timedelta

# nobody mixes these up, neither printed nor told over the noise of a hall
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
# buyers plan the year after a fair; what comes later has other reasons
COUNTS_AFTER = timedelta(days=365)
LONGEST_FAIR = timedelta(days=60)
MOST_COMMODITIES = 40
_CODE = re.compile(f"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")
_LONGEST_TYPED = 200


def code_in(typed: object) -> str:
    """The code that somebody typed, scanned or pasted with its address; empty where there is none."""
    text = str(typed or "")[:_LONGEST_TYPED].split("?", 1)[0].rstrip("/ ").rsplit("/", 1)[-1].upper()
    text = text.replace(" ", "").replace("-", "")
    return text if _CODE.fullmatch(text) else ""


def counts_on(last_day: date, is_withdrawn: bool, day: date) -> bool:
    """Whether a request that is made on this day counts for the fair."""
    return not is_withdrawn and day <= last_day + COUNTS_AFTER
