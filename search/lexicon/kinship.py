"""Narrower and broader goods: what a name means to a catalogue that registers only some of them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from search.folding import fold
from search.lexicon.model import Concept
from search.lexicon.tokens import is_han, tokens
from search.stemming import stem

_GOODS = frozenset({"product", "family"})
_CLOSE = 2  # a family of so few registered goods is as good as their name
_OUTSIDE = "outside"
_BEGINNING = 3  # letters that a stem and what it is the stem of have in common
_UN = frozenset("未非无不")  # 未精炼 is not 精炼


class Kinship:
    """Who is narrower than whom, over all concepts; ``registered`` are goods that a catalogue lists by their own id."""

    def __init__(self, concepts: Mapping[str, Concept], registered: frozenset[str]) -> None:
        self._concepts = concepts
        self._registered = registered
        self._narrower: dict[str, list[str]] = {}
        self._wider: dict[str, tuple[str, ...]] = {}  # of every name that was asked for: every search asks
        for concept in concepts.values():
            for each in concept.broader:
                self._narrower.setdefault(each, []).append(concept.id)

    def narrower(self, concept: str) -> tuple[str, ...]:
        """The concept and all narrower ones."""
        found = {concept: None}
        queue = [concept]
        while queue:
            for each in self._narrower.get(queue.pop(), ()):
                if each not in found:
                    found[each] = None
                    queue.append(each)
        return tuple(found)

    def wider(self, concept: str) -> tuple[str, ...]:
        """Broader goods as which a catalogue may hold goods that it does not register by this name."""
        if concept in self._registered or concept not in self._concepts:
            return ()
        found = self._wider.get(concept)
        if found is None:
            found = self._wider[concept] = tuple(filter(self._is_close, self._concepts[concept].broader))
        return found

    def fallbacks(self, concept: str) -> tuple[str, ...]:
        """Ever broader goods, nearest first, for goods that nobody has; the whole of a trade is no answer."""
        found = [concept]
        for current in found:
            known = self._concepts.get(current)
            found += [each for each in (known.broader if known else ()) if each not in found]
        return tuple(each for each in found[1:] if self._concepts[each].broader and not self._is_outside(each))

    def called(self, concept: str, word: str) -> tuple[str, ...]:
        """Goods narrower than a concept whose names have a word: of coffee "instant" calls instant coffee."""
        found = []
        for each in self.narrower(concept)[1:]:
            known = self._concepts[each]
            if known.kind in _GOODS and any(
                _has(name, word, lang) for lang in known.names for name in known.names[lang]
            ):
                found.append(each)
        return tuple(found)

    def _is_close(self, concept: str) -> bool:
        known = self._concepts[concept]
        if known.kind == "product":
            return True
        members = sum(each in self._registered for each in self.narrower(concept))
        return bool(known.broader) and not self._is_outside(concept) and 1 <= members <= _CLOSE

    def _is_outside(self, concept: str) -> bool:
        return _OUTSIDE in concept


def _has(name: str, word: str, lang: str) -> bool:
    wanted = _forms(word, lang)
    if not wanted or wanted[0][:_BEGINNING] not in fold(name):  # quick for nearly every name
        return False
    given = _forms(name, lang)
    if len(wanted) >= len(given):
        return False
    for start in range(len(given) - len(wanted) + 1):
        if given[start : start + len(wanted)] == wanted and not (start and given[start - 1] in _UN):
            return True
    return False


@lru_cache(maxsize=4_096)
def _forms(text: str, lang: str) -> Sequence[str]:
    return [each.form if is_han(each.form) else stem(each.form, lang) for each in tokens(text)]
