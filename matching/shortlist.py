"""Candidates with no more than their order asks for: what is told of an offer is worked out for those shown alone."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

# As many sellers of the very goods leave no reason to list others beside them.
_SELLERS_FOUND = 3


class Candidate(NamedTuple):
    """One offer held against a request."""

    offer: str
    seller: str
    score: float
    identity: int
    near: int
    failed: int

    @property
    def grade(self) -> int:
        """3 fits, 2 nearly, 1 perhaps, 0 cannot serve."""
        return 0 if self.failed else max(0, self.identity - self.near)


def fitting(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that can serve, the best first; none that are merely akin where enough sellers have the very goods: a list
    is never padded."""
    found = sorted((each for each in candidates if each.grade > 0), key=lambda each: (-each.score, each.offer))
    wanted = [each for each in found if each.identity >= 2]
    sellers = {each.seller for each in wanted if each.grade >= 2}
    return wanted if len(sellers) >= _SELLERS_FOUND else found


def failing(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those of the goods wanted that something rules out, the nearest first."""
    found = [each for each in candidates if each.failed and each.identity >= 2]
    return sorted(found, key=lambda each: (each.failed, each.near, -each.score, each.offer))


def one_per_seller(candidates: Sequence[Candidate], n: int, taken: Collection[str] = ()) -> list[Candidate]:
    """The first ``n`` sellers, each with its first offer."""
    seen = set(taken)
    chosen: list[Candidate] = []
    for each in candidates:
        if len(chosen) == n:
            break
        if each.seller not in seen:
            seen.add(each.seller)
            chosen.append(each)
    return chosen
