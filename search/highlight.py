"""Marks what a query found in a text, as segments; the same code for every engine."""

import re
from collections.abc import Iterable, Mapping

from search.analysis import find_concepts, remembered, words
from search.chinese import simplify
from search.plan import WORD, Plan, analysis_of, is_han, tokens
from search.results import Highlight, Segment

EXTRACT_LENGTH = 180

_CLAUSE = re.compile("[^,;:()\n，；：。（）]+")
_Span = tuple[int, int]


def highlights(
    plan: Plan, language: str, original: str, titles: Mapping[str, str], descriptions: Mapping[str, str]
) -> tuple[Highlight, ...]:
    """The title, and an extract of the description around the first match if it has one, with matches marked."""
    made: list[Highlight] = []
    has_named = False
    chosen = choose_language(titles, language, original)
    if chosen:
        text = titles[chosen]
        spans = _matches(plan, text, chosen)
        made.append(Highlight("title", chosen, cut(text, spans)))
        has_named = bool(spans)
    chosen = choose_language(descriptions, language, original)
    if chosen:
        text = descriptions[chosen]
        # names of goods in other words are looked for only where nothing else shows why this was found
        spans = _matches(plan, text, chosen, with_names=not has_named)
        if spans:
            made.append(Highlight("description", chosen, _extract(text, spans)))
    return tuple(made)


def choose_language(texts: Mapping[str, str], language: str, original: str) -> str:
    """The reader's language if there is such a text, else the other Chinese script, English, the original, any."""
    wishes = [language, original]
    if language.startswith("zh"):
        wishes[1:1] = ["zh_Hant" if language == "zh_Hans" else "zh_Hans"]
    if "en" not in wishes:
        wishes.insert(len(wishes) - 1, "en")
    return next((wish for wish in wishes if texts.get(wish)), next((each for each in texts if texts[each]), ""))


def cut(text: str, spans: Iterable[_Span]) -> tuple[Segment, ...]:
    """The text as segments; joined again they are the text."""
    segments: list[Segment] = []
    position = 0
    for start, end in spans:
        if start > position:
            segments.append(Segment(text[position:start]))
        segments.append(Segment(text[start:end], is_match=True))
        position = end
    if position < len(text) or not segments:
        segments.append(Segment(text[position:]))
    return tuple(segments)


def _extract(text: str, spans: list[_Span]) -> tuple[Segment, ...]:
    """A stretch of the text that begins a little before the first match, at a word; an ellipsis where it is cut."""
    start = max(0, spans[0][0] - EXTRACT_LENGTH // 4)
    if start:
        space = text.find(" ", start, spans[0][0])
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + EXTRACT_LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + EXTRACT_LENGTH // 2, end)
        end = space if space > 0 else end
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    segments = list(cut(text[start:end], inside))
    if start:
        segments.insert(0, Segment("… "))
    if end < len(text):
        segments.append(Segment(" …"))
    return tuple(segments)


def _matches(plan: Plan, text: str, language: str, *, with_names: bool = True) -> list[_Span]:
    analysis = analysis_of(language)
    wanted = {word for group in plan.groups for word in group.variants.get(analysis, ())}
    if analysis == "zh":
        found, seen = _han_matches(text, language, wanted)
    else:
        found, seen = _word_matches(text, language, wanted)
    if with_names:
        found += _names(plan, text, language, seen)
    return _merged(sorted(found)) if len(found) > 1 else found


def _word_matches(text: str, language: str, wanted: set[str]) -> tuple[list[_Span], set[str]]:
    """Where words of a text have a wanted term, and their terms."""
    found: list[_Span] = []
    seen: set[str] = set()
    for match in WORD.finditer(text):
        terms = _word_stems(match.group(), language)
        if not wanted.isdisjoint(terms):
            found.append(match.span())
            seen |= terms
    return found, seen


def _han_matches(text: str, language: str, wanted: set[str]) -> tuple[list[_Span], set[str]]:
    """The same for Chinese, whose runs are cut into words."""
    places = _word_places(text, language)
    seen = wanted & places.keys()
    return [span for word in seen for span in places[word]], seen


def _names(plan: Plan, text: str, language: str, seen: set[str]) -> list[_Span]:
    """Where goods and the like are named in other words than those asked for; what stands there as asked needs no
    other name."""
    analysis = analysis_of(language)
    concepts: set[str] = set()
    for group in plan.groups:
        if group.concepts and not seen.issuperset(group.variants.get(analysis) or ("",)):
            concepts.update(group.concepts)
    found: list[_Span] = []
    if concepts:
        for clause in _CLAUSE.finditer(text):  # no name goes on behind a comma
            at = clause.start()
            found += [(at + a, at + b) for concept, a, b in _named_in(clause.group(), language) if concept in concepts]
    return found


def _merged(spans: list[_Span]) -> list[_Span]:
    """Sorted spans without overlaps."""
    merged: list[_Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@remembered(2_048)
def _named_in(clause: str, language: str) -> tuple[tuple[str, int, int], ...]:
    """The concepts named in a clause, each with its place."""
    return tuple([(hit.concept, hit.start, hit.end) for hit in find_concepts(clause, language)])


@remembered(512)
def _word_places(text: str, language: str) -> Mapping[str, tuple[_Span, ...]]:
    """Where each index term stands in a Chinese text; its runs are cut as the analysis cuts them."""
    places: dict[str, tuple[_Span, ...]] = {}
    for token in tokens(text):
        if is_han(token.text):
            found = _han_words(token.text, token.start)
        else:
            span = (token.start, token.end)
            found = [(span, term) for term in _word_stems(token.text, language)]
        for span, term in found:
            places[term] = (*places[term], span) if term in places else (span,)
    return places


@remembered(16_384)
def _word_stems(word: str, language: str) -> frozenset[str]:
    return frozenset((word,) if word.isascii() and word.isdigit() else words(word, language))


def _han_words(run: str, offset: int) -> list[tuple[_Span, str]]:
    """Words of a Chinese run with their places; overlapping ones (as a segmenter for search gives them) each."""
    flat = simplify(run)
    found: list[tuple[_Span, str]] = []
    for word in dict.fromkeys(words(run, "zh")):
        at = flat.find(word)
        while at >= 0:
            found.append(((offset + at, offset + at + len(word)), word))
            at = flat.find(word, at + len(word))
    return found
