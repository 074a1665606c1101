"""The comparison of quotes as a sheet to print: wide, in the reader's language, every assumption below the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from marketplace.documents.lettering import writable
from marketplace.i18n.formats import format_datetime, format_unit
from marketplace.quotes.comparison import Comparison, Quoted
from marketplace.rfqs.models import Rfq

SIDE_BY_SIDE = 5  # more quotes go on below in a table of their own
LAYOUT = "comparison"


def comparison_sheet(rfq: Rfq, found: Comparison, moment: datetime, locale: str, zone: str) -> tuple[str, str]:
    """What is printed, as JSON, and its fingerprint; the same quotes on the same footing give the same two."""
    titles = [(str(one["title"]), str(one["note"])) for one in found.columns]
    rows = [(str(row["label"]), [_cell(cell) for cell in row["cells"]], row["is_different"]) for row in found.rows]
    basis = {"currency": found.footing.currency, "unit": format_unit(found.footing.unit, locale)}
    sheet = {
        "title": str(_("Quotes side by side")),
        "subject": rfq.subject,
        "reference": str(_("Request %(key)s", key=rfq.key.upper())),
        "basis": str(_("Compared in %(currency)s per %(unit)s, %(term)s", term=found.footing.incoterm, **basis)),
        "as_of": str(_("As of %(when)s", when=format_datetime(moment, locale, zone))),
        "assumptions": str(_("Assumptions")),
        "notes": found.footnotes,
        "language": locale.partition("_")[0],
        "tables": [_part(titles, rows, first) for first in range(0, len(titles), SIDE_BY_SIDE)],
        "foot": str(_("Made from the quotes as they were sent on Pesantren Souq. It is no quote itself.")),
    }
    text = json.dumps(_lettered(sheet), ensure_ascii=False, sort_keys=True)
    return text, hashlib.sha256(text.encode()).hexdigest()


def moment_of(rfq: Rfq, quoted: Sequence[Quoted]) -> datetime:
    """The last time anything in the table changed."""
    times = [at for row, _key, _name in quoted for at in (row.sent_at, row.ended_at) if at is not None]
    return max(times, default=rfq.created_at)


def _part(titles: list[tuple[str, str]], rows: list[tuple[str, list[Any], bool]], first: int) -> Mapping[str, Any]:
    last = first + SIDE_BY_SIDE
    return {
        "columns": [{"title": title, "note": note} for title, note in titles[first:last]],
        "rows": [{"label": label, "cells": cells[first:last], "is_different": apart} for label, cells, apart in rows],
    }


def _cell(cell: Any) -> Mapping[str, str]:
    if isinstance(cell, Mapping):
        return {"text": str(cell["text"]), "note": str(cell.get("note", "")), "tone": str(cell.get("tone", ""))}
    return {"text": str(cell), "note": "", "tone": ""}


def _lettered(value: Any) -> Any:
    """The same value with every text as the fonts can show it."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, Mapping):
        return {name: _lettered(each) for name, each in value.items()}
    return [_lettered(each) for each in value] if isinstance(value, list | tuple) else value
