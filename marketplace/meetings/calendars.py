"""A participant's meetings as entries of a calendar, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from flask_babel import gettext as _

from marketplace.fairs.models import Fair
from marketplace.kernel.clock import now
from marketplace.kernel.outside import settings
from marketplace.meetings.calendar import Entry, calendar
from marketplace.meetings.guarded import MeetingWords
from marketplace.meetings.queries import MeetingRow


def calendar_of(rows: Iterable[MeetingRow], said: Mapping[int, MeetingWords], guest_id: int, fair: Fair) -> str:
    """The file of all meetings among ``rows`` with a place; ``said`` is what the reader may read of their words."""
    base = settings().web.public_url
    entries = []
    for row in rows:
        if row.slot is None or row.session is None:
            continue
        other = row.other(guest_id)
        place = _("Table %(number)s", number=row.meeting.table_number)
        parts = [part for part in (row.session.place, place, fair.name, fair.city) if part]
        entries.append(
            Entry(
                row.meeting.key,
                _("Meeting with %(organisation)s", organisation=other.organisation.name),
                ", ".join(parts),
                "\n".join(
                    part
                    for part in (other.person, said[row.meeting.id].reason, f"{base}/meetings/{row.meeting.key}")
                    if part
                ),
                *row.slot,
                row.meeting.version,
            )
        )
    return calendar(entries, urlsplit(base).hostname or "localhost", now())
