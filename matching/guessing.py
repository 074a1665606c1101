"""Goods that a request names in words nobody knows, told by offers in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.columns import Columns
from matching.looking import Looking
from matching.profile import RequestProfile, Understood
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_ASKED = 5
"""How many offers, the most alike, are asked what they are."""
_ALIKE = 0.2
"""How alike the words of an offer must be to those of the request that may name goods (cosine). Chosen with three in
ten names of the lexicon hidden."""
_AGREED = 0.4
"""Which share of those asked, by their likeness, must be of the same goods."""


def with_guessed_goods(looking: Looking, columns: Columns, gone: Collection[int]) -> RequestProfile:
    """The request of a look with the product that offers in its words are of; as it is where its goods are known, or
    where no offers are alike enough or they do not agree."""
    request = looking.request
    if any("/" not in each for each in request.goods):
        return request  # a family is goods that people know; a shelf of the category tree tells of what they are made
    guessed = _agreed(looking, columns, gone)
    if not guessed:
        return request
    chip = Understood("goods", guessed, "assumed")
    return request.but(goods=(guessed,), understood=(*request.understood, chip))


def _agreed(looking: Looking, columns: Columns, gone: Collection[int]) -> str:
    """The product of most of the offers whose words are most like the request's."""
    import numpy

    lexicon = looking.lexicon
    cosines = looking.cosines(numpy.arange(len(columns)), _is_telling(lexicon))
    cosines[list(gone)] = 0.0
    nearest = numpy.argsort(-cosines, kind="stable")[:_ASKED]
    nearest = nearest[cosines[nearest] >= _ALIKE]
    votes: dict[str, float] = {}
    for row in nearest.tolist():
        for each in columns.goods(row):
            if lexicon.kind(each) == "product":
                votes[each] = votes.get(each, 0.0) + float(cosines[row])
    most = max(votes, key=lambda each: (votes[each], each), default="")
    return most if most and votes[most] >= _AGREED * float(cosines[nearest].sum()) else ""


def _is_telling(lexicon: Lexicon) -> Callable[[str], bool]:
    """Whether a word may be one of goods: no number, no unit, place or quality."""

    def is_telling(word: str) -> bool:
        if word.isdigit():
            return False
        return all(lexicon.kind(each) in ("", "product", "family") for each in lexicon.meanings(word))

    return is_telling
