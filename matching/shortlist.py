"""Offers in their order: what is told of one is worked out for those shown alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

# As many sellers of the very goods leave no reason to list others beside them.
_SELLERS_FOUND = 3


@dataclass(slots=True)
class Weighed:
    """Offers held against a request with no more than their order asks for: arrays with an entry for each."""

    place: NDArray[Any]
    """Where the offer's key stands among all keys; equals go by it."""
    score: NDArray[Any]
    identity: NDArray[Any]
    near: NDArray[Any]
    failed: NDArray[Any]
    seller: NDArray[Any]
    akin: NDArray[Any]
    """Whether the goods are merely akin to those wanted; the same goods made another way are not."""

    @property
    def grade(self) -> NDArray[Any]:
        """3 fits, 2 nearly, 1 perhaps, 0 cannot serve."""
        import numpy

        return numpy.where(self.failed > 0, 0, numpy.maximum(0, self.identity - self.near))

    def __len__(self) -> int:
        return len(self.place)

    def only(self, kept: NDArray[Any]) -> Weighed:
        """Some of them, by a mask or in an order."""
        return Weighed(self.place[kept], self.score[kept], self.identity[kept], self.near[kept], self.failed[kept],
                       self.seller[kept], self.akin[kept])  # fmt: skip

    def with_others(self, others: Weighed) -> Weighed:
        """These and others."""
        import numpy

        if not len(others):
            return self
        own = (self.place, self.score, self.identity, self.near, self.failed, self.seller, self.akin)
        theirs = (others.place, others.score, others.identity, others.near, others.failed, others.seller, others.akin)
        return Weighed(*(numpy.concatenate(each) for each in zip(own, theirs, strict=True)))


def fitting(found: Weighed) -> Weighed:
    """Those that can serve, the best first; no merely akin goods where enough sellers have the very goods: a list is
    never padded. The goods wanted, made another way, stay: they say so."""
    import numpy

    fits = found.only(found.grade > 0)
    wanted = fits.identity >= 2
    if len(numpy.unique(fits.seller[wanted & (fits.grade >= 2)])) >= _SELLERS_FOUND:
        fits = fits.only(wanted | ~fits.akin)
    return fits.only(numpy.lexsort((fits.place, -fits.score)))


def failing(found: Weighed) -> Weighed:
    """Those of the goods wanted that something rules out, the nearest first."""
    import numpy

    fails = found.only((found.failed > 0) & (found.identity >= 2))
    return fails.only(numpy.lexsort((fails.place, -fails.score, fails.near, fails.failed)))


def one_per_seller(found: Weighed, n: int, taken: Collection[int] = ()) -> list[tuple[int, int]]:
    """The first ``n`` sellers, each with the place of its first offer: (place, seller)."""
    seen = set(taken)
    chosen: list[tuple[int, int]] = []
    start = 0
    while len(chosen) < n and start < len(found):
        end = start + max(64, 4 * n)
        for place, seller in zip(found.place[start:end].tolist(), found.seller[start:end].tolist(), strict=True):
            if seller not in seen:
                seen.add(seller)
                chosen.append((place, seller))
                if len(chosen) == n:
                    break
        start = end
    return chosen
