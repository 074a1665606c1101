"""Public names of things that people read aloud, type and print."""

from __future__ import annotations

import secrets

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nobody mixes these up
LENGTH = 10


def new_public_key() -> str:
    """Ten random letters and digits. They name a thing; they give no right to it."""
    number, letters = secrets.randbelow(len(_LETTERS) ** LENGTH), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters
