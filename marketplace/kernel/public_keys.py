"""Public names of things that people read aloud, type and print."""

from __future__ import annotations

import secrets

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nobody mixes these up
LENGTH = 10


def new_public_key() -> str:
    """Ten random letters and digits. They name a thing; they give no right to it."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
