"""Pictures for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def a_jpeg(width: int = 640, height: int = 480, **options: Any) -> io.BytesIO:
    """A JPEG with some structure in it."""
    return _encoded("JPEG", width, height, options)


def a_png(width: int = 640, height: int = 480, mode: str = "RGB", **options: Any) -> io.BytesIO:
    """A PNG of any colour mode."""
    return _encoded("PNG", width, height, options, mode)


def _encoded(kind: str, width: int, height: int, options: dict[str, Any], mode: str = "RGB") -> io.BytesIO:
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out
