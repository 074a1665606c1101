"""Typo repair from the index's own words; a word that anything knows is never repaired."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from search.analysis import find_concepts, fold, lexicon
from search.chinese_slips import has_han, mend_chinese
from search.lexicon.spelling import common_words
from search.plan import Group, Plan
from search.query import Query
from search.wording import is_asker, is_asking, is_denial

MIN_LENGTH = 4
_SHORTEST_PART = 3
_PARTINGS = 24  # longer words than this allows are no two words of a title


@dataclass(frozen=True, slots=True)
class Repair:
    """The query to ask instead, the text to show for it, and the typed words that nothing knows."""

    query: Query
    text: str
    unknown: tuple[str, ...]

    @property
    def is_any(self) -> bool:
        """Whether some word was repaired."""
        return bool(self.text)


def doubtful(plan: Plan) -> list[Group]:
    """Groups that a search may go without when no document has them; a code that nobody has stays asked for."""
    return [group for group in plan.groups if not group.prefix]


def may_be_misspelt(group: Group) -> bool:
    """Whether a word that no document has can be a typo: letters only, long enough, not in the thesaurus."""
    word = fold(group.surface)
    is_word = len(word) >= MIN_LENGTH and word.isalpha() and not has_han(word)
    return is_word and not group.concepts and not is_known_word(word) and not lexicon().knows(word)


def edits_allowed(word: str) -> int:
    """How many letters may be wrong in a word of this length."""
    return 1 if len(word) < 6 else 2


def is_known_word(folded: str) -> bool:
    """Whether a word is spelt right though no document has it."""
    return folded in common_words() or is_denial(folded) or is_asking(folded) or is_asker(folded)


def nearest(word: str, vocabulary: Mapping[str, int]) -> str:
    """The known word closest to ``word`` (a typo rarely hits the first letter; then the more frequent), or nothing."""
    from rapidfuzz import process  # compiled, loaded when the first typo comes
    from rapidfuzz.distance import OSA

    folded = fold(word)
    found = process.extract(
        folded, vocabulary.keys(), scorer=OSA.distance, score_cutoff=edits_allowed(folded), limit=50, processor=None
    )
    best = min(
        found,
        key=lambda each: (each[1] + (each[0][0] != folded[0]), -vocabulary[each[0]], each[0]),
        default=None,
    )
    return "" if best is None else str(best[0])


def _named(word: str, language: str) -> str:
    """What the thesaurus calls the goods whose misspelt name the word is, or nothing."""
    hits = find_concepts(word, language, repair=True)
    known = lexicon().concepts.get(hits[0].concept) if len(hits) == 1 and hits[0].surface == word else None
    return known.label(language) if known else ""


def _offer(group: Group, language: str, find: Callable[[str], str], part: Callable[[str], str]) -> str:
    return part(group.surface) or find(group.surface) or _named(group.surface, language)


def partings(word: str) -> list[tuple[str, str]]:
    """The ways to read a word as two that somebody wrote as one."""
    folded = fold(word)
    return [(folded[:at], folded[at:]) for at in range(_SHORTEST_PART, len(folded) - _SHORTEST_PART + 1)][:_PARTINGS]


def repaired(
    query: Query, unknown: Iterable[Group], find: Callable[[str], str], part: Callable[[str], str] = lambda _word: ""
) -> Repair:
    """``query`` with each unknown word replaced by the two words that ``part`` makes of it or what ``find`` offers."""
    words, text = query.words, query.text
    typed: list[str] = []
    is_changed = False
    for group in unknown:
        typed.append(group.surface)
        if has_han(group.surface):
            mended = mend_chinese(query.words, group.place, query.language)
            if mended is not None:
                words, text = words.replace(*mended), text.replace(*mended)
                is_changed = True
            continue
        offer = _offer(group, query.language, find, part) if may_be_misspelt(group) else ""
        if offer and offer != fold(group.surface):
            words = words.replace(group.surface, offer)
            text = text.replace(group.surface, offer)
            is_changed = True
    changed = replace(query, words=words[:200], text=text[:200]) if is_changed else query
    return Repair(changed, changed.text if is_changed else "", tuple(typed))
