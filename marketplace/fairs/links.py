"""The address behind a fair's code."""

from __future__ import annotations

from marketplace.kernel.outside import settings


def stand_address(code: str) -> str:
    """The absolute address for the stand; it has no language, so that every visitor reads their own."""
    return f"{settings().web.public_url}/fairs/{code}"
