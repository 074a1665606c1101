"""Pages of rows: an offset with a bound, and one row more than asked to know if there is a next page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

T = TypeVar("T")
MAX_PAGE = 500


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of things; ``number`` starts at 1."""

    items: list[T]
    number: int
    size: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_number(text: str | None) -> int:
    """The page asked for in an address; anything unreadable is page 1."""
    return min(MAX_PAGE, max(1, int(text))) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


def page_of(session: Session, query: Select[*tuple[Any, ...]], number: int, size: int = 25) -> Page[Any]:
    """Rows of page ``number``: scalars for a single entity, row tuples otherwise."""
    rows = session.execute(query.limit(size + 1).offset((number - 1) * size))
    single = len(rows.keys()) == 1
    items: list[Any] = list(rows.scalars()) if single else list(rows.all())
    return Page(items[:size], number, size, len(items) > size)
