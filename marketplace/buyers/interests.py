"""The goods a buyer can name as interests. The catalogue stands above this domain and offers them from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class InterestGroup:
    """A group of goods: its name and pairs of commodity key and name, in the reader's language."""

    name: str
    goods: tuple[tuple[str, str], ...]


_offer: Callable[[str], tuple[InterestGroup, ...]] = lambda _locale: ()  # noqa: E731 - replaced by offered_by


def offered_by(offer: Callable[[str], tuple[InterestGroup, ...]]) -> None:
    """Say where the goods come from: a function of the reader's locale."""
    global _offer
    _offer = offer


def interest_groups(locale: str) -> tuple[InterestGroup, ...]:
    """All goods in groups."""
    return _offer(locale)


def known_interests(locale: str) -> dict[str, str]:
    """Every commodity key with its name."""
    return {key: name for group in _offer(locale) for key, name in group.goods}
