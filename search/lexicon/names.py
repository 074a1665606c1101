"""Names squashed into one word each ("coco peat" and "cocopeat" are one), and how long those are that begin alike."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

Meaning = tuple[
    str, ...
]  # language, concept, language, concept ...: a dictionary for each name would be five times that


class Names:
    """Squashed name -> language -> concept. Names are learnt first and looked for afterwards."""

    def __init__(self) -> None:
        self._meanings: dict[str, Meaning] = {}
        self._shared: dict[Meaning, Meaning] = {}  # most names of a concept mean the same in the same language
        self._in_order: list[str] = []
        self._by_concept: dict[str, list[str]] = {}

    def learn(self, name: str, lang: str, concept: str) -> None:
        """Remember what a squashed name means in a language; the first meaning stays."""
        known = self._meanings.get(name, ())
        if lang not in known[::2]:
            longer = (*known, lang, concept)
            self._meanings[name] = self._shared.setdefault(longer, longer)
            self._by_concept = {}

    def __contains__(self, name: str) -> bool:
        return name in self._meanings

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def meaning(self, name: str, languages: Sequence[str]) -> str:
        """The concept that a name means in the first of the languages that has it; empty for no name."""
        known = self._meanings.get(name, ())
        if len(known) == 2:
            return known[1] if known[0] in languages else ""
        return next(iter(self.meanings(name, languages)), "")

    def meanings(self, name: str, languages: Sequence[str]) -> list[str]:
        """The concepts that a name means, in the order of the languages in which it does."""
        known = self._meanings.get(name, ())
        own = known[::2]
        return [known[2 * own.index(each) + 1] for each in languages if each in own]

    def of(self, concept: str) -> Sequence[str]:
        """All names that mean a concept in some language."""
        if not self._by_concept:
            found: dict[str, list[str]] = {}
            for name, known in self._meanings.items():
                for meant in set(known[1::2]):
                    found.setdefault(meant, []).append(name)
            self._by_concept = found  # whole at once: threads share it
        return self._by_concept.get(concept, ())

    def lengths(self, start: str) -> frozenset[int]:
        """How many letters the names have that begin with these: a reader may skip any other, and stop at the last."""
        names = self._in_order
        if len(names) != len(self._meanings):
            names = self._in_order = sorted(self._meanings)
        found: set[int] = set()
        for place in range(bisect_left(names, start), len(names)):
            if not names[place].startswith(start):
                break
            found.add(len(names[place]))
        return frozenset(found)
