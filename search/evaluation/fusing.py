"""Words and vectors in one order, by the ranks that each gives: what a dense leg would make of a page.

The site has no such leg (see docs/adr/0028): it wins where words find little, which related goods do as well, and loses
where they find much. It is kept here so that other vectors can be judged against the site's ranking at any time.
"""

from collections import defaultdict
from collections.abc import Sequence

# Reciprocal rank fusion: the constant of those who proposed it (Cormack, Clarke and Büttcher, 2009).
_FAR = 60


def fused(words: Sequence[str], near: Sequence[str], weight: float) -> list[tuple[str, float]]:
    """Documents of both lists, each the best first, with 1 / (60 + rank) of the first and ``weight`` times that of the
    second; equals stand in the order of their names."""
    scores: defaultdict[str, float] = defaultdict(float)
    for share, names in ((1.0, words), (weight, near)):
        for rank, name in enumerate(names, 1):
            scores[name] += share / (_FAR + rank)
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))
