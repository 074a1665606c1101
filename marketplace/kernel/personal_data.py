"""Where each domain says what it keeps about a person, and how that is handed out and erased.

A domain registers once, in a module that `wiring.REACTIONS` names::

    register(PersonalData("rfqs", export=export, erase=erase))

``export`` gives plain JSON values. ``erase`` runs inside the transaction of the erasure; it deletes what
is the person's alone, takes name and words out of rows that others need, and gives the storage keys of
files to delete once the transaction has committed. Both must be safe to run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

ERASED_NAME = "—"  # shown wherever a name stood; a sign, so that it needs no translation


@dataclass(frozen=True)
class PersonalData:
    """One domain's share of what the site knows about a person."""

    name: str
    export: Callable[[Session, int], dict[str, Any]]
    erase: Callable[[Session, int], Iterable[str] | None]


_registered: dict[str, PersonalData] = {}


def register(part: PersonalData) -> None:
    """Add a domain's share; a second registration under the same name replaces the first."""
    _registered[part.name] = part


def registered() -> tuple[str, ...]:
    """Names of all shares, sorted."""
    return tuple(sorted(_registered))


def export_all(session: Session, user_id: int) -> dict[str, dict[str, Any]]:
    """Everything every domain keeps about a person, by domain."""
    return {name: _registered[name].export(session, user_id) for name in registered()}


def erase_all(session: Session, user_id: int) -> list[str]:
    """Erase a person everywhere; gives the storage keys to delete after the commit.

    The accounts come last, because the other domains find a person's rows through them.
    """
    keys: list[str] = []
    for name in sorted(_registered, key=lambda one: (one == "accounts", one)):
        keys.extend(_registered[name].erase(session, user_id) or ())
        session.flush()  # the next domain's queries see what this one changed
    return keys
