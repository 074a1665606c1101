"""Meetings as an iCalendar file (RFC 5545), for the calendar of a telephone that has no net in the hall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = 75  # octets, RFC 5545 3.1


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting, moments in UTC; ``version`` grows with every change: a moved one replaces its earlier self."""

    key: str
    title: str
    place: str
    text: str
    begins: datetime
    ends: datetime
    version: int
    is_cancelled: bool = False


def calendar(entries: Iterable[Entry], host: str, made_at: datetime) -> str:
    """The file; ``host`` makes the keys unique in the world."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Pesantren Souq//Meetings//EN", "CALSCALE:GREGORIAN"]
    lines.append("METHOD:PUBLISH")
    for one in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.key}@{_escaped(host)}",
            f"SEQUENCE:{one.version}",
            f"DTSTAMP:{_moment(made_at)}",
            f"DTSTART:{_moment(one.begins)}",
            f"DTEND:{_moment(one.ends)}",
            f"SUMMARY:{_escaped(one.title)}",
            f"LOCATION:{_escaped(one.place)}",
            f"DESCRIPTION:{_escaped(one.text)}",
            f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as a value; what could end a line or a value is written out."""
    plain = "\n".join(text.splitlines())
    for raw, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(raw, written)
    return "".join(letter for letter in plain if letter >= " " and letter != "\x7f")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a letter; what follows begins with a blank."""
    parts, size = [""], 0
    for letter in line:
        length = len(letter.encode())
        if size + length > _LINE:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += length
    return "\r\n".join(parts)
