"""Life cycles as tables: a state moves only where its table says so."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TypeVar

from marketplace.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Conflict):
    """The life cycle does not allow this step from the current state."""


def advance(current: S, target: S, moves: Mapping[S, Set[S]]) -> S:
    """``target`` if ``moves`` allows it from ``current``; otherwise `IllegalMove`."""
    if target not in moves.get(current, frozenset()):
        from flask_babel import lazy_gettext as _

        raise IllegalMove(_("This is no longer possible: meanwhile the state has changed. Reload the page to see it."))
    return target
