"""Pages whose frame is rendered once a language, and filled with what each request shows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import Flask, current_app

_KEY = "souq_in_frame"
InFrame = Callable[[str, Mapping[str, Hashable], Mapping[str, Any]], str]


def in_frame(template: str, constants: Mapping[str, Hashable], slots: Mapping[str, Any]) -> str:
    """The page of ``template``.

    ``constants`` take few values, and the template may decide by them; ``slots`` are texts or finished HTML that it
    only puts in their places, since it does not see them: a page is made of its frame by joining strings.
    """
    made: InFrame = current_app.extensions[_KEY]
    return made(template, constants, slots)


def use_frames(app: Flask, made: InFrame) -> None:
    """Name what puts pages in frames; the shell does it, which knows what every page has round it."""
    app.extensions[_KEY] = made
