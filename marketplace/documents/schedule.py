"""The schedule of meetings to print: one table of rows for each day or table; nobody needs a net in the hall."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.documents.lettering import writable

LAYOUT = "schedule"


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with its rows; every row has as many cells as the sheet has columns."""

    heading: str
    rows: Sequence[Sequence[str]]


def schedule_sheet(
    texts: Mapping[str, str], language: str, columns: Sequence[str], parts: Sequence[Part], *, is_by_page: bool = False
) -> tuple[str, str]:
    """What is printed, as JSON, and its fingerprint. ``texts``: title, fair, lead, foot and empty.

    ``is_by_page`` begins every part on a sheet of its own, such as one to lay on each table.
    """
    sheet = {
        **{name: writable(text) for name, text in texts.items()},
        "language": language,
        "by_page": is_by_page,
        "columns": [writable(one) for one in columns],
        "parts": [
            {"heading": writable(one.heading), "rows": [[writable(cell) for cell in row] for row in one.rows]}
            for one in parts
        ],
    }
    text = json.dumps(sheet, ensure_ascii=False, sort_keys=True)
    return text, hashlib.sha256(text.encode()).hexdigest()
