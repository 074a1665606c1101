"""The last searches of a signed-in person: in their own cookie until they sign out, and nowhere else."""

from __future__ import annotations

from flask import session as cookie_session

from marketplace.kernel.http import actor_or_none
from search.analysis import fold

_NAME = "searches"
_MOST = 8
_LONGEST = 80


def remember(text: str) -> None:
    """Put a text in front of the others; visitors are not remembered."""
    text = text[:_LONGEST].strip()
    if not text or actor_or_none() is None:
        return
    known = recent()
    if known[:1] != [text]:
        cookie_session[_NAME] = [text, *(each for each in known if fold(each) != fold(text))][:_MOST]


def recent() -> list[str]:
    """The texts, the latest first; none for visitors."""
    if actor_or_none() is None:
        return []
    found = cookie_session.get(_NAME, [])
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
