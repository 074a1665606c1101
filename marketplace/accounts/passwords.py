"""Passwords: argon2id with OWASP's profile, common ones refused, unknown accounts as slow as known ones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# OWASP Password Storage Cheat Sheet: t=2, m=19 MiB, p=1
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


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
    try:
        return _hasher.verify(stored or _dummy(), password) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with older parameters."""
    return _hasher.check_needs_rehash(stored)
