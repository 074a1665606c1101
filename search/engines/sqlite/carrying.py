"""What stays true of a state of the index after a few documents changed: searches go on as quick as before."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping

from search.engines.sqlite.columns import Columns
from search.engines.sqlite.remembered import Order, Remembered

# After more changes than these it is sooner made anew: masks are asked for row by row, factors are reckoned so.
_FEW, _SOME = 64, 4_096
_MASKS = 96
# Nobody asks about a word that so many documents have how many more there are: a lower bound does.
_COMMON = 6_000


def carry(before: Columns, after: Columns, changed: Collection[int], listed: Mapping[int, float]) -> None:
    """Fill what ``after`` remembers from ``before``; ``listed`` says when changed rows were listed."""
    if not before.length or len(changed) > min(_SOME, after.length // 8):
        return
    old, new = before.remembered, after.remembered
    for name, prior in old.priors.items():
        new.priors[name] = _prior(after, name, prior, changed)
    if len(changed) > _FEW:
        return
    for name, order in old.orders.items():
        then, now = old.priors.get(name), new.priors.get(name)
        if then is not None and now is not None:
            new.orders[name] = _order(order, then, now, (before, after), changed, listed)
    for word, count in old.frequencies.items():
        if count - len(changed) > _COMMON:
            new.frequencies[word] = count - len(changed)
    new.titles = {language: titles.without(changed) for language, titles in list(old.titles.items())}
    new.former = _masks(old, frozenset(changed))


def _prior(after: Columns, name: frozenset[str], prior: "array[float]", changed: Collection[int]) -> "array[float]":
    made = array("d", prior)
    made.extend(array("d", [1.0]) * (after.length - len(made)))
    weighed = after.weighed(name)
    for row in changed:
        factor = 1.0
        for weight, column in weighed:
            factor += weight * column[row]
        made[row] = factor
    return made


def _order(
    order: Order,
    then: "array[float]",
    now: "array[float]",
    states: tuple[Columns, Columns],
    changed: Collection[int],
    listed: Mapping[int, float],
) -> Order:
    """The rows with those that changed taken out of their places and put into their new ones."""
    rows, days = array("I", order.rows), array("d", order.listed)
    before, after = states
    for row in changed:
        if row < before.length:
            place = bisect_left(rows, _standing(then, days, before.keys, row), key=_by(then, days, before.keys))
            del rows[place]
    days.extend(array("d", [0.0]) * (after.length - len(days)))
    for row in changed:
        days[row] = listed.get(row, 0.0)
    for row in changed:
        place = bisect_left(rows, _standing(now, days, after.keys, row), key=_by(now, days, after.keys))
        rows.insert(place, row)
    return Order(rows, days)


def _standing(prior: "array[float]", listed: "array[float]", keys: "array[int]", row: int) -> tuple[float, ...]:
    """Best signals first, newest first among equals, then by key."""
    return -prior[row], -listed[row], keys[row], row


def _by(prior: "array[float]", listed: "array[float]", keys: "array[int]") -> Callable[[int], tuple[float, ...]]:
    return lambda row: _standing(prior, listed, keys, row)


def _masks(old: Remembered, changed: frozenset[int]) -> dict[str, tuple[int, frozenset[int]]]:
    """Masks of the former state and of those before, the last used last; one with too many changes behind it goes."""
    made = {name: (mask, rows | changed) for name, (mask, rows) in old.former.items() if len(rows | changed) <= _FEW}
    for name, mask in old.masks.items():
        made.pop(name, None)
        made[name] = (mask, changed)
    return dict(list(made.items())[-_MASKS:])
