"""Meetings on paper: a participant's own schedule, and for the hall the schedule of every table on one day."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from marketplace.documents.drawing import DrawingFailed, drawn_apart
from marketplace.documents.schedule import LAYOUT, Part, schedule_sheet
from marketplace.fairs.models import Fair
from marketplace.i18n.formats import day_of, format_country, format_date, zone_city
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import current_actor
from marketplace.meetings import queries
from marketplace.meetings.guarded import words_of
from marketplace.meetings.models import MeetingGuest
from marketplace.meetings.queries import MeetingRow
from marketplace.meetings.showing import WallClock

bp = Blueprint("meeting_schedule", __name__)
log = logging.getLogger(__name__)


@bp.get("/meetings/fairs/<int:fair>/schedule.pdf")
def own(fair: int) -> ResponseReturnValue:
    """One's own meetings, day by day, in the language of the address."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    row, plan = queries.plan_at(session, fair)
    guest = queries.own_guest(session, actor, plan.id)
    if guest is None:
        raise NotFound
    placed = [one for one in queries.meetings_of(session, guest.id) if one.slot is not None]
    said = words_of(session, placed, guest.id)
    parts = [
        Part(
            format_date(day, locale, "full"),
            [
                [
                    _times(one, plan.time_zone),
                    _table(one),
                    _name(one.other(guest.id), locale),
                    one.other(guest.id).person,
                    said[one.meeting.id].reason,
                ]
                for one in _on(placed, day, plan.time_zone)
            ],
        )
        for day in _days(placed, plan.time_zone)
    ]
    columns = [_("Time"), pgettext("hall", "Table"), _("Whom you meet"), _("Who comes"), _("Reason")]
    texts = _texts(row, plan.time_zone, _("Your meetings"), actor.organisation_name)
    text, fingerprint = schedule_sheet(texts, locale.partition("_")[0], columns, parts)
    return _pdf(text, fingerprint, f"meetings-{row.id}.pdf")


@bp.get("/partner/fairs/<int:fair>/meetings/tables.pdf")
def tables(fair: int) -> ResponseReturnValue:
    """Every table's meetings on one day, a sheet for each table."""
    session, locale = db.session(), current_locale()
    row, plan = queries.plan_kept(session, current_actor(), fair)
    if plan is None:
        raise NotFound
    sessions = queries.sessions_of(session, plan.id)
    days = {one.isoformat(): one for one in queries.session_days(sessions, plan.time_zone)}
    day = days.get(request.args.get("day", ""))
    if day is None:
        raise NotFound
    meetings = list(_on((one for one in queries.meetings_at(session, plan.id) if one.slot), day, plan.time_zone))
    most = max(one.tables for one in sessions if day_of(one.starts_at, plan.time_zone) == day)
    parts = [
        Part(
            _("Table %(number)s", number=number),
            [
                [_times(one, plan.time_zone), one.session.place if one.session else "", _side(one, 0), _side(one, 1)]
                for one in meetings
                if one.meeting.table_number == number
            ],
        )
        for number in range(1, most + 1)
    ]
    columns = [_("Time"), _("Where"), _("Seller"), _("Buyer")]
    texts = _texts(row, plan.time_zone, format_date(day, locale, "full"), "")
    text, fingerprint = schedule_sheet(texts, locale.partition("_")[0], columns, parts, is_by_page=True)
    return _pdf(text, fingerprint, f"tables-{row.id}-{day.isoformat()}.pdf")


@bp.get("/console/fairs/<int:fair>/meetings/tables.pdf")
def desk_tables(fair: int) -> ResponseReturnValue:
    """The same at the desk."""
    return tables(fair)


def _texts(fair: Fair, zone: str, title: str, whose: str) -> dict[str, str]:
    place = f"{fair.city}, {format_country(fair.country, current_locale())}"
    return {
        "title": title,
        "fair": f"{fair.name} · {whose}" if whose else fair.name,
        "lead": f"{place} · " + _("Times of %(zone)s", zone=zone_city(zone, current_locale())),
        "foot": _("As of %(day)s. Your page on the site shows what has changed since.",
                  day=format_date(today(), current_locale())),
        "empty": _("No meetings."),
    }  # fmt: skip


def _times(row: MeetingRow, zone: str) -> str:
    assert row.slot is not None  # only those with a place are printed
    clock = WallClock(zone)
    return "–".join(clock.time(one) for one in row.slot)


def _table(row: MeetingRow) -> str:
    place = row.session.place if row.session is not None else ""
    return f"{row.meeting.table_number} · {place}" if place else str(row.meeting.table_number)


def _name(guest: MeetingGuest, locale: str) -> str:
    name, country = guest.organisation.name, guest.organisation.country
    return f"{name} ({format_country(country, locale)})" if country else name


def _side(row: MeetingRow, number: int) -> str:
    guest = (row.seller(), row.buyer())[number]
    return f"{guest.organisation.name} · {guest.person}"


def _days(rows: Sequence[MeetingRow], zone: str) -> list[date]:
    return sorted({day_of(one.slot[0], zone) for one in rows if one.slot is not None})


def _on(rows: Iterable[MeetingRow], day: date, zone: str) -> Iterable[MeetingRow]:
    return (one for one in rows if one.slot is not None and day_of(one.slot[0], zone) == day)


def _pdf(text: str, fingerprint: str, name: str) -> Response:
    db.session().rollback()  # nothing is held while it is drawn
    try:
        data = drawn_apart(text, fingerprint, now(), LAYOUT)
    except DrawingFailed:
        log.exception("meetings.schedule_failed")
        raise Conflict(_("The PDF could not be made just now. Try again later.")) from None
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(data, mimetype="application/pdf", headers=headers)
