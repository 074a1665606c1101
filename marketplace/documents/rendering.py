"""The one door to typst: a sheet becomes a PDF, byte for byte the same from the same sheet."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from marketplace.documents.sheet import Sheet

if TYPE_CHECKING:
    from typst import Compiler

_FONTS = Path(__file__).parent / "fonts"
_LAYOUTS = Path(__file__).parent.parent.parent / "templates" / "pdf"
_LOCK = Lock()  # the compiler keeps its inputs between calls


def rendered(sheet: Sheet) -> bytes:
    """The sheet as an accessible PDF (UA-1) with embedded fonts. Costs about 190 MB once: a job's work."""
    return compiled(sheet.data(), sheet.fingerprint(), sheet.made_at)


def compiled(data: str, fingerprint: str, made_at: datetime, layout: str = "paper") -> bytes:
    """The same from what a sheet's ``data`` and ``fingerprint`` gave, as it was kept; ``layout`` is a file's stem."""
    moment = made_at.replace(microsecond=0)  # typst refuses parts of a second
    with _LOCK:
        inputs = {"data": data, "fingerprint": fingerprint}
        made = _compiler(layout).compile(format="pdf", sys_inputs=inputs, timestamp=moment, pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(layout: str) -> Compiler:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
    return typst.Compiler(_LAYOUTS / f"{layout}.typ", root=_LAYOUTS, font_paths=fonts)
