"""Cells for spreadsheets: text stays text, whatever sign it begins with."""

from __future__ import annotations

import re

# What a spreadsheet may take for the start of a formula, also in full width, and signs that it skips before looking:
# blanks, tabs, line ends, byte order marks, zero-width and direction characters.
_SKIPPED = "\\s\\x00-\\x1f\\x7f\\ufeff\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\u00ad\\u180e"
_LIVE = re.compile(f"[{_SKIPPED}]*[=+\\-@＝＋－＠﹢﹣﹦﹫−|%]")


def inert(text: str) -> str:
    """``text`` so that no spreadsheet runs it: an apostrophe goes before anything that could begin a formula."""
    if text and (_LIVE.match(text) or text[0] in "\t\r\n\x00"):
        return "'" + text
    return text
