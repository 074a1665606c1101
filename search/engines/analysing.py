"""Analysis of many documents for a rebuild: in processes beside this one where the machine has the cores for it."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Generic, TypeVar

from search.analysis import lexicon
from search.document import Document

if TYPE_CHECKING:
    from multiprocessing.pool import ApplyResult

BATCH = 500
_MOST_PROCESSES = 4
_AHEAD = 2  # batches that wait for each process: enough to keep it busy, few enough for constant memory

T = TypeVar("T")


def analysed(
    documents: Iterable[Document], prepare: Callable[[list[Document]], T], *, processes: int | None = None
) -> Iterator[T]:
    """``prepare`` of each batch, in order. ``documents`` is read here, and only a few batches ahead.

    ``prepare`` is a function of a module. A process with threads of its own, and a small set, stay alone.
    """
    source = iter(documents)
    first = [batch for batch in (list(islice(source, BATCH)) for _ in range(_AHEAD)) if batch]
    batches = chain(first, iter(lambda: list(islice(source, BATCH)), []))
    count = _processes() if processes is None else processes
    if count < 1 or len(first) < _AHEAD:
        yield from map(prepare, batches)
        return
    from multiprocessing import get_context  # only here: half a megabyte that a web worker never needs

    lexicon()  # loaded once, before it is shared
    with get_context("fork").Pool(count) as pool:
        waiting: deque[ApplyResult[T] | _Made[T]] = deque()
        for batch in batches:
            if sum([not each.ready() for each in waiting]) < count * _AHEAD:
                waiting.append(pool.apply_async(prepare, (batch,)))
            else:  # the others have enough to do: this process takes its turn, and does not wait while they work
                waiting.append(_Made(prepare(batch)))
            while waiting and (waiting[0].ready() or len(waiting) > count * _AHEAD + 1):
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()


class _Made(Generic[T]):
    """What this process made itself, where others are waited for."""

    def __init__(self, value: T) -> None:
        self._value = value

    def ready(self) -> bool:
        """It is there."""
        return True

    def get(self) -> T:
        """The value."""
        return self._value


def _processes() -> int:
    """How many may be started: none where forking would copy a thread's locks."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores - 1, _MOST_PROCESSES)
