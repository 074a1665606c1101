"""Names squashed into one word each ("coco peat" and "cocopeat" are one), and how long those are that begin alike."""

from bisect import bisect_left
from collections.abc import Mapping


class Names:
    """Squashed name -> language -> concept. Names are learnt first and looked for afterwards."""

    def __init__(self) -> None:
        self._concepts: dict[str, dict[str, str]] = {}
        self._in_order: list[str] = []

    def learn(self, name: str, lang: str, concept: str) -> None:
        """Remember what a squashed name means in a language; the first meaning stays."""
        self._concepts.setdefault(name, {}).setdefault(lang, concept)

    def __contains__(self, name: str) -> bool:
        return name in self._concepts

    def get(self, name: str) -> Mapping[str, str] | None:
        """Language to concept, or None for no name."""
        return self._concepts.get(name)

    def lengths(self, start: str) -> frozenset[int]:
        """How many letters the names have that begin with these: a reader may skip any other, and stop at the last."""
        names = self._in_order
        if len(names) != len(self._concepts):
            names = self._in_order = sorted(self._concepts)
        found: set[int] = set()
        for place in range(bisect_left(names, start), len(names)):
            if not names[place].startswith(start):
                break
            found.add(len(names[place]))
        return frozenset(found)
