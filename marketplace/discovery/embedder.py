"""The vectors that searches are answered with: those that a worker learnt last, read from their files."""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.embedding import LearntEmbedder

log = logging.getLogger(__name__)
POINTER = "current"
_REST_SECONDS = 60.0
_is_name = re.compile("[0-9a-z]{12,40}").fullmatch


def current_embedder(folder: Path) -> LearntEmbedder | None:
    """What the pointer in a folder names; None where nothing was learnt yet, or what was is spoiled. Never raises."""
    try:
        name = (folder / POINTER).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    if not _is_name(name):
        return None
    from matching.embedding import LearntEmbedder
    from matching.vectors import NotTheseVectors

    place = folder / name
    made = _made(place)
    if monotonic() < _refused.get((place, made), 0.0):
        return None
    try:
        return LearntEmbedder(place).ready()
    except NotTheseVectors as fault:
        _refused.clear()
        _refused[place, made] = monotonic() + _REST_SECONDS
        _told(place, str(fault))
        return None


_refused: dict[tuple[Path, tuple[int, int]], float] = {}
"""Until when a folder, as it was made, is not read again: reading all of it costs more than a search."""


def _made(place: Path) -> tuple[int, int]:
    """Another one for a folder that was put there anew."""
    try:
        found = place.stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def point_to(embedder: LearntEmbedder) -> None:
    """Let searches use an embedder from now on, in one step."""
    folder = embedder.folder.parent
    draft = folder / f".{POINTER}.{os.getpid()}"
    draft.write_text(embedder.name, encoding="ascii")
    draft.replace(folder / POINTER)


@lru_cache(8)
def _told(folder: Path, fault: str) -> None:
    """Once a process: a page with few finds comes without what is near."""
    log.warning("discovery.vectors_spoiled", extra={"folder": folder.name, "fault": fault})
