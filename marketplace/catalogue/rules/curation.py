"""What a curator looks at before a listing is published."""

from __future__ import annotations

from collections.abc import Mapping

# codes; their sentences stand in catalogue/labels.py
CHECKLIST: tuple[str, ...] = (
    "parties",  # producer and seller are who they say
    "commodity",  # commodity and HS code fit the goods
    "texts",  # title and description are true and readable
    "specifications",  # values are plausible for this commodity
    "claims",  # organic, halal, grade and health claims are covered by certificates or removed
    "trade",  # MOQ, capacity, lead time and packaging fit together
    "prices",  # prices are plausible and their terms complete
    "photos",  # photos show these goods, or are marked as illustrations
)
# fields that a note can be pinned to
NOTED_FIELDS: tuple[str, ...] = (
    "title", "description", "specs", "hs", "origin", "moq", "capacity", "lead_time", "packaging", "price", "sample",
    "calendar", "certificates", "photos",
)  # fmt: skip


def unticked(checklist: Mapping[str, bool]) -> list[str]:
    """The items that nobody has ticked."""
    return [item for item in CHECKLIST if not checklist.get(item)]


REMINDERS = (90, 30, 7, 0)


def reminder_due(days_left: int, reminded: int | None) -> int | None:
    """Which reminder about a certificate's end is due: the nearest of 90, 30, 7 and 0 days not yet sent."""
    due = [days for days in REMINDERS if days_left <= days]
    if not due:
        return None
    nearest = min(due)
    return nearest if reminded is None or nearest < reminded else None
