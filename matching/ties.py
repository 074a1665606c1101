"""Matches that are as good as each other, so that their order may follow what their sellers were shown before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

# Scores nearer than this differ by a word or a hair of price: no reason to put one seller before the other for ever.
TIE = 0.012


class Ranked(Protocol):
    """What is put in order: the matcher's matches."""

    @property
    def seller(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def grade(self) -> int: ...


M = TypeVar("M", bound=Ranked)


def ties(matches: Sequence[M]) -> Iterator[list[M]]:
    """Runs of one grade whose scores lie within the width of a tie from the run's first."""
    run: list[M] = []
    for match in matches:
        if run and (match.grade != run[0].grade or run[0].score - match.score > TIE):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def evened(matches: Sequence[M], exposure: Mapping[str, float]) -> list[M]:
    """Matches in their order, inside ties those first whose sellers were shown least."""
    return [
        each
        for tie in ties(matches)
        for each in sorted(tie, key=lambda one: (exposure.get(one.seller, 0.0), -one.score))
    ]
