"""Texts that people type: cleaned, shortened, made into addresses."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\u200b]")


def cleaned(text: str | None, limit: int = 20000) -> str:
    """``text`` without control and direction characters, line ends unified, trimmed, at most ``limit`` long."""
    plain = _CONTROL.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).strip()[:limit]


def slug(text: str, fallback: str = "item") -> str:
    """An ASCII address part of at most 60 characters; ``fallback`` where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or fallback


def normal_email(text: str) -> str:
    """The address as it is compared: trimmed, NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()
