"""Reads changed rows of the index into a new snapshot of columns."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from search.engines.sqlite.bits import mask_of
from search.engines.sqlite.carrying import carry
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.number_column import NumberColumn
from search.engines.sqlite.ordering import NEWEST
from search.engines.sqlite.value_column import ValueColumn

Row = tuple[int, str, int, int, str]  # id, kind, key, is_live, fields as JSON

NO_END = date.max.toordinal()


class _Gathered:
    """What the rows say, field by field."""

    def __init__(self) -> None:
        self.live: dict[str, list[int]] = defaultdict(list)
        self.keywords: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.numbers: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self.certificates: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self.signals: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.keys: list[tuple[int, int]] = []
        self.rows: list[int] = []

    def add(self, row: Row) -> None:
        """Take in one row; a removed document leaves nothing but its number."""
        identifier, kind, key, is_live, fields = row
        self.rows.append(identifier)
        self.keys.append((identifier, key))
        if not is_live:
            return
        self.live[kind].append(identifier)
        content: dict[str, Any] = json.loads(fields)
        for name, values in content["keywords"].items():
            for value in dict.fromkeys(values):
                self.keywords[name][value].append(identifier)
        for name, number in content["numbers"].items():
            self.numbers[name].append((number, identifier))
        for code, last_day in content["certificates"].items():
            self.certificates[code].append((last_day or NO_END, identifier))
        for name, value in content["signals"].items():
            self.signals[name].append((identifier, value))


def advance(before: Columns, generation: int, change: int, rows: Iterable[Row]) -> Columns:
    """The state after ``rows`` changed; ``before`` stays as it was."""
    news = _Gathered()
    for row in rows:
        news.add(row)
    length = max([before.length, *(identifier + 1 for identifier in news.rows)])
    gone = mask_of(news.rows, length)
    after = Columns(
        generation=generation,
        change=change,
        length=length,
        live=_live(before, gone, news, length),
        keys=_array(before.keys, news.keys, length, "q"),
        keywords=_values(before, gone, news, length),
        numbers=_numbers(before.numbers, gone, news.numbers, length),
        certificates=_numbers(before.certificates, gone, news.certificates, length),
        signals=_signals(before, news, length),
    )
    listed = {row: value for value, row in news.numbers.get(NEWEST, ())}
    carry(before, after, news.rows, listed)
    return after


def _live(before: Columns, gone: int, news: _Gathered, length: int) -> dict[str, int]:
    live = {kind: mask & ~gone for kind, mask in before.live.items()}
    for kind, rows in news.live.items():
        live[kind] = live.get(kind, 0) | mask_of(rows, length)
    return live


def _values(before: Columns, gone: int, news: _Gathered, length: int) -> dict[str, ValueColumn]:
    empty = ValueColumn({}, length)
    names = dict.fromkeys([*before.keywords, *news.keywords])
    return {name: before.keywords.get(name, empty).changed(gone, news.keywords.get(name, {}), length) for name in names}


def _numbers(
    before: "dict[str, NumberColumn] | Any", gone: int, news: dict[str, list[tuple[float, int]]], length: int
) -> dict[str, NumberColumn]:
    empty = NumberColumn((), length)
    names = dict.fromkeys([*before, *news])
    return {name: before.get(name, empty).changed(gone, news.get(name, ()), length) for name in names}


def _signals(before: Columns, news: _Gathered, length: int) -> "dict[str, array[float]]":
    cleared = [(row, 0.0) for row in news.rows]
    names = dict.fromkeys([*before.signals, *news.signals])
    return {
        name: _array(before.signals.get(name, array("d")), [*cleared, *news.signals.get(name, ())], length, "d")
        for name in names
    }


def _array(before: "array[Any]", changes: Iterable[tuple[int, Any]], length: int, kind: str) -> "array[Any]":
    after = array(kind, before)
    after.extend(array(kind, [0]) * (length - len(after)))
    for row, value in changes:
        after[row] = value
    return after
