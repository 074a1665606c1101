"""Passwords: argon2id with OWASP's profile, common ones refused, unknown accounts as slow as known ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask_babel import lazy_gettext as _

from marketplace.accounts.rules import PASSWORD_LENGTH, PASSWORD_LIMIT

# OWASP Password Storage Cheat Sheet: t=2, m=19 MiB, p=1
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# what people put on the end of a common word to please a rule
_TRIMMINGS = "0123456789!?.,;:*#@$%&+-_~ "
_LONGEST_TRIMMING = 6
_LOOKALIKES = str.maketrans("@$013457", "asoleast")


@cache
def _dummy() -> str:
    return _hasher.hash("no account has this password")


@cache
def common_passwords() -> frozenset[str]:
    """The commonest passwords, in lower case."""
    text = (files("marketplace.accounts") / "data" / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one of ``stored``; costs the same where there is no account."""
    is_whole = len(password) <= PASSWORD_LIMIT  # what is longer was never taken; it shall only cost no more
    try:
        return _hasher.verify(stored or _dummy(), password[:PASSWORD_LIMIT]) and stored is not None and is_whole
    except (Argon2Error, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with older parameters."""
    return _hasher.check_needs_rehash(stored)


def password_fault(password: str, about_person: Iterable[str] = ()) -> Any:
    """A sentence that says why ``password`` cannot be taken, or None; ``about_person``: address, name, organisation."""
    if len(password) < PASSWORD_LENGTH:
        return _("Use at least %(count)s characters. A few words together are easy to remember.", count=PASSWORD_LENGTH)
    if len(password) > PASSWORD_LIMIT:
        return _("Use at most %(count)s characters.", count=PASSWORD_LIMIT)
    folded = password.casefold()
    if len(set(folded)) < 5:
        return _("This repeats the same few characters. Use a few different words instead.")
    if _is_common(folded):
        return _("This password is one of those that are tried first. Use a few words that do not belong together.")
    letters = re.sub(r"[\W_]+", "", folded)
    for word in about_person:
        for part in _telling_parts(word):
            if part in letters:
                return _("The password contains your name, address or organisation. Choose one that does not.")
    return None


def _is_common(folded: str) -> bool:
    common = common_passwords()
    plain = folded.strip()
    stems = {plain, plain.rstrip(_TRIMMINGS), plain.strip(_TRIMMINGS), plain.translate(_LOOKALIKES)}
    stems |= {stem.strip(_TRIMMINGS).translate(_LOOKALIKES) for stem in tuple(stems)}
    for end in range(len(plain) - 1, max(0, len(plain) - 1 - _LONGEST_TRIMMING), -1):
        if plain[end] not in _TRIMMINGS:
            break
        stems.add(plain[:end])  # a common word that ends in digits itself, and more behind it
    if any(stem in common for stem in stems):
        return True
    parts = {part for part in re.split(r"[\W_]+", plain) if part}
    if len(parts) == 1 and parts & common:
        return True
    half = len(plain) // 2
    return len(plain) % 2 == 0 and plain[:half] == plain[half:] and plain[:half] in common


def _telling_parts(text: str) -> set[str]:
    """The parts of a name or address that give a password away: five letters and more."""
    local = text.casefold().split("@")[0]
    joined = re.sub(r"[\W_]+", "", local)
    return {part for part in [*re.split(r"[\W_]+", local), joined] if len(part) >= 5}
