"""What is searched for, without who: counted in memory and written now and then, never in a reader's transaction."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from time import monotonic
from urllib.parse import parse_qs

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.discovery.models import SearchLog
from marketplace.kernel.clock import now, today
from marketplace.kernel.uow import transaction
from search.parser import clean

log = logging.getLogger(__name__)
Entry = tuple[str, str, str, int, int]  # day, language, text, results, organisation (0: a visitor)
_AS_BEFORE = -1  # the results of a search whose page was kept: the row knows them
_FULL = 40
_SECONDS = 30.0
_PRIVATE = re.compile(r"@|\d[\d ()./-]{6,}\d")  # addresses and telephone numbers are not ours to keep
_LONGEST = 120


class Logbook:
    """A buffer of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Entry] = Counter()
        self._since = monotonic()

    def note(self, text: str, language: str, results: int, organisation_id: int | None = None) -> bool:
        """Count a search; True when it is time to write. Of an organisation only its country will be kept."""
        words = " ".join(text.lower().split())[:_LONGEST]
        if not words or _PRIVATE.search(words):
            return False
        with self._lock:
            entry = (today().isoformat(), language, words, min(results, 1_000_000), organisation_id or 0)
            self._counts[entry] += 1
            return self._is_due()

    def is_due(self) -> bool:
        """Whether the next search shall write what was counted."""
        with self._lock:
            return bool(self._counts) and self._is_due()

    def _is_due(self) -> bool:
        return len(self._counts) >= _FULL or monotonic() - self._since > _SECONDS

    def note_again(self, query: str, language: str) -> None:
        """Count a search that a kept page answered: it was noted when the page was made."""
        asked = parse_qs(query)
        if "page" not in asked:
            self.note(clean(" ".join(asked.get("q", ()))), language, _AS_BEFORE)

    def write(self, app: Flask) -> int:
        """Add what was counted to the table; how many entries. Counts that cannot be written now are kept."""
        with self._lock:
            counts, self._counts, self._since = self._counts, Counter(), monotonic()
        if not counts:
            return 0
        try:
            with app.app_context():
                _store(counts)
        except SQLAlchemyError:
            log.warning("discovery.logbook_waits", extra={"entries": len(counts)})
            with self._lock:
                self._counts.update(counts)
            return 0
        return len(counts)


def _store(counts: Counter[Entry]) -> None:
    with transaction() as session:
        countries = _countries(session, {entry[4] for entry in counts})
        rows = _rows(session, counts)
        # searches before their repetitions: these only add to a row
        for (day, language, text, results, organisation_id), count in sorted(counts.items(), key=_repeated_last):
            country = countries.get(organisation_id, "")
            name = (day, language, country, text)
            row = rows.get(name)
            if row is None and results == _AS_BEFORE:
                continue  # made before midnight; the day's own row comes with the next page
            if row is None:
                row = rows[name] = SearchLog(
                    day=day, language=language, country=country, text=text, results=results, count=count, at=now()
                )
                session.add(row)
            else:
                row.count += count
                row.results = row.results if results == _AS_BEFORE else results
                row.at = now()


def _rows(session: Session, counts: Counter[Entry]) -> dict[tuple[str, str, str, str], SearchLog]:
    """The rows that these searches may add to, by day, language, country and text: asked for at once, since a day's
    rows have to be looked through for each question."""
    found = session.scalars(
        select(SearchLog)
        .where(SearchLog.day.in_({entry[0] for entry in counts}), SearchLog.text.in_({entry[2] for entry in counts}))
        .order_by(SearchLog.id.desc())
    )
    return {(row.day, row.language, row.country, row.text): row for row in found}  # of two the older


def _repeated_last(item: tuple[Entry, int]) -> bool:
    return item[0][3] == _AS_BEFORE


def _countries(session: Session, organisation_ids: set[int]) -> dict[int, str]:
    rows = session.execute(
        select(Organisation.id, Organisation.country).where(Organisation.id.in_(organisation_ids - {0}))
    )
    return {row.id: row.country for row in rows}
