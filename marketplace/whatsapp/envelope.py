"""What a signed call of WhatsApp holds, as plain values; whatever is of another shape or number is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MOST = 500  # things of one call
LONGEST_TEXT = 20000


@dataclass(frozen=True)
class Incoming:
    """One message of somebody; ``text`` is empty for pictures and the like."""

    wamid: str
    phone: str  # E.164
    text: str
    answers: str
    sent_at: datetime


@dataclass(frozen=True)
class Status:
    """How far one of our messages came."""

    wamid: str
    state: str
    error: str


def read(body: bytes, phone_id: str) -> tuple[list[Incoming], list[Status]]:
    """Messages and states for our number in a call's body; `ValueError` for what is no JSON object."""
    said = json.loads(body)
    if not isinstance(said, dict):
        raise ValueError("no object")
    messages: list[Incoming] = []
    states: list[Status] = []
    for value in _values(said, phone_id):
        messages += filter(None, map(_message, _list(value, "messages")))
        states += filter(None, map(_state, _list(value, "statuses")))
    return messages[:MOST], states[:MOST]


def _values(said: dict[str, Any], phone_id: str) -> Iterator[dict[str, Any]]:
    for entry in _list(said, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value")
            about = value.get("metadata") if isinstance(value, dict) else None
            if isinstance(value, dict) and isinstance(about, dict) and about.get("phone_number_id") == phone_id:
                yield value


def _list(thing: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = thing.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _message(one: dict[str, Any]) -> Incoming | None:
    wamid, sender, at = one.get("id"), one.get("from"), one.get("timestamp")
    if not all(isinstance(text, str) and 0 < len(text) <= 200 for text in (wamid, sender, at)):
        return None
    phone, moment = str(sender).lstrip("+"), str(at)
    if not _is_number(phone, 15) or not _is_number(moment, 11) or _keepable(str(wamid)) != wamid:
        return None
    return Incoming(
        str(wamid), f"+{phone}", _text(one), _at(one, "context", "id")[:200], datetime.fromtimestamp(int(moment), UTC)
    )


def _text(one: dict[str, Any]) -> str:
    place = {"text": "body", "button": "text"}.get(str(one.get("type")), "")
    return _at(one, str(one.get("type")), place)[:LONGEST_TEXT].strip() if place else ""


def _at(one: dict[str, Any], outer: str, inner: str) -> str:
    inside = one.get(outer)
    found = inside.get(inner) if isinstance(inside, dict) else None
    return _keepable(found) if isinstance(found, str) else ""


def _keepable(text: str) -> str:
    """``text`` without what no database keeps: JSON can spell NUL and halves of letters."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def _state(one: dict[str, Any]) -> Status | None:
    wamid, state = one.get("id"), one.get("status")
    if not isinstance(wamid, str) or not isinstance(state, str) or not 0 < len(wamid) <= 200:
        return None
    if _keepable(wamid) != wamid:
        return None
    errors = _list(one, "errors")
    return Status(wamid, state, _keepable(str(errors[0].get("code", "")))[:40] if errors else "")


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest
