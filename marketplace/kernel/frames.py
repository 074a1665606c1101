"""Pages whose frame is rendered once a language, and filled with what each request shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import Flask, current_app

_KEY = "souq_in_frame"
Drawn = Callable[[Mapping[str, Any]], Mapping[str, Any]]
InFrame = Callable[[str, Mapping[str, Hashable], Mapping[str, Any], bool, Drawn | None], str]


class Frame:
    """Literal texts, and which sign stands between each two; signs are single characters of private use."""

    __slots__ = ("_encoded", "holes", "parts")

    def __init__(self, text: str, signs: re.Pattern[str]) -> None:
        self.parts = signs.split(text)
        self.holes = self.parts[1::2]
        self._encoded: list[bytes] = []

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with ``values`` by sign, which are escaped already."""
        parts = self.parts.copy()
        parts[1::2] = map(values.__getitem__, self.holes)
        return "".join(parts)

    def encoded(self, values: Mapping[str, str]) -> bytes:
        """The same in UTF-8, text by text: one Chinese letter makes every sign of a joined page twice as wide."""
        if not self._encoded:
            self._encoded = [part.encode() for part in self.parts]
        parts = self._encoded.copy()
        parts[1::2] = [values[sign].encode() for sign in self.holes]
        return b"".join(parts)


def in_frame(
    template: str,
    constants: Mapping[str, Hashable],
    slots: Mapping[str, Any],
    *,
    is_work: bool = False,
    drawn: Drawn | None = None,
) -> str:
    """The page of ``template``.

    ``constants`` take few values, and the template may decide by them; ``slots`` are texts or finished HTML that it
    only puts in their places, since it does not see them: a page is made of its frame by joining strings. ``is_work``
    tells that it stands in the workspace, whose frame shows the reader's places and organisation. ``drawn`` makes
    further values for the template out of those of the slots; it is asked only when the frame is rendered, so they may
    depend on nothing but the constants, the language and the slots that it is given.
    """
    made: InFrame = current_app.extensions[_KEY]
    return made(template, constants, slots, is_work, drawn)


def use_frames(app: Flask, made: InFrame) -> None:
    """Name what puts pages in frames; the shell does it, which knows what every page has round it."""
    app.extensions[_KEY] = made
