"""Marks what a query found in a text, as segments; the same code for every engine."""

import re
from collections.abc import Iterable, Mapping, Sequence

from search.analysis import find_concepts, lexicon, remembered, words
from search.chinese import simplify
from search.plan import WORD, Plan, analysis_of, is_han, tokens
from search.results import Highlight, Segment

EXTRACT_LENGTH = 180
_MOST_JUDGED = 1_000

_EDGES = ".,;:!?()\"'"
_CLAUSE = re.compile("[^,;:()\n，；：。（）]+")
_Span = tuple[int, int]
_Mark = tuple[int, int, frozenset[str]]  # where a word stands in its run, and its wanted terms
_Found = tuple[list[_Span], set[str]]  # where a text has wanted words, and their terms
Texts = tuple[str, Mapping[str, str], Mapping[str, str]]
"""Of a document: the language first written in, titles and descriptions by language."""


class Marker:
    """Marks what one plan asks for in many texts: which words it asks for is judged once a word, not once a text."""

    def __init__(self, plan: Plan, language: str) -> None:
        self._plan = plan
        self._language = language
        self._seekers: dict[str, _Seeker] = {}

    def highlights(self, documents: Iterable[Texts]) -> list[tuple[Highlight, ...]]:
        """Of each document the title, and an extract of the description around the first match if it has one, with
        matches marked. The texts are looked through together: a look into each costs more than what it finds."""
        own = self._language
        chosen: list[tuple[str, str, str, str]] = []
        texts: dict[str, list[str]] = {}
        for original, titles, descriptions in documents:
            first = own if titles.get(own) else choose_language(titles, own, original)
            second = own if descriptions.get(own) else choose_language(descriptions, own, original)
            title, description = titles.get(first, ""), descriptions.get(second, "")
            chosen.append((first, title, second, description))
            texts.setdefault(first, []).append(title)
            texts.setdefault(second, []).append(description)
        found = {language: self._seeker(language).found_in(said) for language, said in texts.items() if language}
        return [self._marked(*each, found) for each in chosen]

    def _marked(
        self, language: str, title: str, other: str, description: str, found: Mapping[str, Mapping[str, _Found]]
    ) -> tuple[Highlight, ...]:
        made: list[Highlight] = []
        has_named = False
        if language:
            spans = self._seeker(language).spans(title, *found[language][title])
            made.append(Highlight("title", language, cut(title, spans)))
            has_named = bool(spans)
        if other:
            # names of goods in other words are looked for only where nothing else shows why this was found
            spans = self._seeker(other).spans(description, *found[other][description], with_names=not has_named)
            if spans:
                made.append(Highlight("description", other, _extract(description, spans)))
        return tuple(made)

    def _seeker(self, language: str) -> "_Seeker":
        known = self._seekers.get(language)
        if known is None:
            known = self._seekers[language] = _Seeker(self._plan, language)
        return known


def highlights(
    plan: Plan, language: str, original: str, titles: Mapping[str, str], descriptions: Mapping[str, str]
) -> tuple[Highlight, ...]:
    """The highlights of one document."""
    return Marker(plan, language).highlights([(original, titles, descriptions)])[0]


def choose_language(texts: Mapping[str, str], language: str, original: str) -> str:
    """The reader's language if there is such a text, else the other Chinese script, English, the original, any."""
    if texts.get(language):
        return language
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
            segments.append(Segment(text[position:start], False))
        segments.append(Segment(text[start:end], True))
        position = end
    if position < len(text) or not segments:
        segments.append(Segment(text[position:], False))
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
    if end - start == len(text):
        return cut(text, spans)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    segments = list(cut(text[start:end], inside))
    if start:
        segments.insert(0, Segment("… "))
    if end < len(text):
        segments.append(Segment(" …"))
    return tuple(segments)


class _Runs:
    """What is known of runs of letters: the judged ones, what was found in some, and where names may begin."""

    __slots__ = ("judged", "openings", "telling")

    def __init__(self) -> None:
        self.judged: set[str] = set()
        self.telling: dict[str, tuple[_Mark, ...]] = {}
        self.openings: dict[str, bool] = {}


class _Seeker:
    """What a plan asks for in texts of one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        analysis = analysis_of(language)
        self._language = language
        self._is_han = analysis == "zh"
        self._wanted = frozenset([word for group in plan.groups for word in group.variants.get(analysis, ())])
        # where goods are named as asked no other name of theirs is looked for
        self._named = [
            (frozenset(group.variants.get(analysis) or ("",)), group.concepts)
            for group in plan.groups
            if group.concepts
        ]
        self._meant = tuple(sorted({concept for _, concepts in self._named for concept in concepts}))
        kept = _kept_runs(self._wanted, self._meant, language)
        if len(kept[0].judged) > _MOST_JUDGED:
            kept[0] = _Runs()  # another thread may be reading with the old one
        self._runs = kept[0]

    def spans(self, text: str, found: list[_Span], seen: set[str], *, with_names: bool = True) -> list[_Span]:
        """Where the text has what is asked for: in order, none overlapping; ``found`` and ``seen`` are its words."""
        if with_names and (concepts := self._unseen(seen)):
            found = found + self._names(text, concepts)
        return _merged(sorted(found)) if len(found) > 1 else found

    def found_in(self, texts: Sequence[str]) -> dict[str, _Found]:
        """Of each text, where its words have a wanted term, and these terms."""
        if self._is_han:
            return {text: self._han_matches(text) for text in texts}
        return self._word_matches(texts)

    def _word_matches(self, texts: Sequence[str]) -> dict[str, _Found]:
        """All texts as one. What stands between two spaces is judged once."""
        judged, telling = self._runs.judged, self._runs.telling
        together = "\n".join(texts)
        runs = together.split()
        for run in set(runs).difference(judged):
            marks = _judge(run, self._wanted, self._language)
            if marks:
                telling[run] = marks
            if not run.isdigit():  # there is no end of numbers
                judged.add(run)
        said = filter(telling.__contains__, runs)
        run, position = next(said, ""), 0
        at = _place(run, together, position) if run else len(together)
        made: dict[str, _Found] = {}
        start = 0
        for text in texts:
            end = start + len(text)
            found: list[_Span] = []
            seen: set[str] = set()
            while at < end:
                for first, last, terms in telling[run]:
                    found.append((at - start + first, at - start + last))
                    seen |= terms
                position = at + len(run)
                run = next(said, "")
                at = _place(run, together, position) if run else len(together)
            made[text] = found, seen
            start = end + 1
        return made

    def _han_matches(self, text: str) -> _Found:
        """The same for Chinese, whose runs are cut into words."""
        places = _word_places(text, self._language)
        seen = set(self._wanted & places.keys())
        return [span for word in seen for span in places[word]], seen

    def _unseen(self, seen: set[str]) -> set[str]:
        """The concepts asked for whose words were not found."""
        concepts: set[str] = set()
        for words_asked, meant in self._named:
            if not words_asked <= seen:
                concepts.update(meant)
        return concepts

    def _names(self, text: str, concepts: set[str]) -> list[_Span]:
        """Where goods and the like are named in other words than those asked for."""
        found: list[_Span] = []
        for clause in _CLAUSE.finditer(text):  # no name goes on behind a comma
            said = clause.group()
            if any(map(self._may_open, said.split())):
                at, named = clause.start(), _named_in(said, self._language)
                found += [(at + a, at + b) for concept, a, b in named if concept in concepts]
        return found

    def _may_open(self, run: str) -> bool:
        """Whether a name of what is meant may begin in a run; most clauses have none, and reading them is dear."""
        openings = self._runs.openings
        known = openings.get(run)
        if known is None:
            known = openings[run] = lexicon().may_name(run, self._language, self._meant)
        return known


def _judge(run: str, wanted: frozenset[str], language: str) -> tuple[_Mark, ...]:
    """The words of a run that have a wanted term, each with its place in it."""
    core = run.strip(_EDGES)
    if core.isascii() and (core.isalpha() or core.isdigit()):  # by far the most runs are one word or number
        if core.isdigit() and core not in wanted:
            return ()
        terms = wanted & _word_stems(core, language)
        start = run.index(core) if terms else 0
        return ((start, start + len(core), terms),) if terms else ()
    found = []
    for match in WORD.finditer(run):
        terms = wanted & _word_stems(match.group(), language)
        if terms:
            found.append((*match.span(), terms))
    return tuple(found)


def _place(run: str, text: str, position: int) -> int:
    """Where a run stands in a text from a position on: with nothing but spaces around it."""
    while True:
        at = text.index(run, position)
        end = at + len(run)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            return at
        position = at + 1


def _merged(spans: list[_Span]) -> list[_Span]:
    """Sorted spans without overlaps."""
    merged: list[_Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@remembered(32)
def _kept_runs(_wanted: frozenset[str], _meant: tuple[str, ...], _language: str) -> list[_Runs]:
    """What was judged for the same words before: the next pages of a search have the same runs. A list of one, so that
    it can be replaced."""
    return [_Runs()]


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
