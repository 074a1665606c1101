"""The lexicon at work: finds concepts in texts and knows how they relate."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, repeat

from search.folding import fold
from search.lexicon import derived
from search.lexicon.compounds import LONGEST_WORD, common_parts, ends_ordinarily, split_compound
from search.lexicon.kinship import Kinship
from search.lexicon.loader import LexiconFault, faults, registered_goods
from search.lexicon.model import KINDS, Concept, ConceptHit
from search.lexicon.names import Names
from search.lexicon.numbers import Numbers
from search.lexicon.spelling import Speller
from search.lexicon.stored import Readings
from search.lexicon.stored import shipped as stored
from search.lexicon.tokens import Token, is_han, tokens
from search.stemming import stem

_STEMMED = ("en", "de", "id")
_HEAD_LAST = ("en", "de")
"""Where the last word is the thing. Indonesian begins with it, and Chinese names run into one another."""
_GOODS = ("product", "family")
_ORDER = ("en", "id", "de", "zh_Hans", "zh_Hant", "")
_SHORTEST_FOREIGN_STEM = 5
_SHORTEST_HEAD = 5
_SHORTEST_STEM = 3
_REMEMBERED = 8_192
"""Words of texts whose reading is remembered: a catalogue says the same words again and again."""
_READ_AGAIN = 256
"""Texts whose hits are remembered: a title is read for its goods, then for figures; a name for what is part of it."""
_LONG_READ_AGAIN = 8
"""Descriptions are read anew at once, if at all: of more of them the tokens fill tens of megabytes."""
_LONGEST_TITLE = 200
_LONGEST_REMEMBERED = 2_000


def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(tokens(text))


_cut_short, _cut_long = lru_cache(_READ_AGAIN)(_tokens), lru_cache(_LONG_READ_AGAIN)(_tokens)


def _cut(text: str) -> tuple[Token, ...]:
    if len(text) <= _LONGEST_TITLE:
        return _cut_short(text)
    return _cut_long(text) if len(text) <= _LONGEST_REMEMBERED else _tokens(text)


@lru_cache(maxsize=64)
def _languages(lang: str | None) -> tuple[str, ...]:
    """The language asked for first, then the others in a fixed order."""
    if not lang:
        return _ORDER
    own = ("zh_Hans", "zh_Hant") if lang.startswith("zh") else (lang,)
    return (*own, *(each for each in _ORDER if each not in own))


# Goods whose Chinese names end in their form.
_FORMED = frozenset({"food/spices", "food/coconut/sugar", "biomass/coir"})


class Lexicon:
    """Concepts with their names. ``overlay`` holds concepts that replace shipped ones of the same id or join them."""

    def __init__(self, overlay: Iterable[Concept] = (), *, shipped: Iterable[Concept] | None = None) -> None:
        own = stored() if shipped is None else None
        readings = own.readings if own else Readings()
        self.concepts: Mapping[str, Concept] = self._combine(own.concepts if own else shipped or (), overlay)
        self._exact = Names()
        self._stemmed = {lang: Names() for lang in _STEMMED}
        self._longest = self._longest_han = 1
        self._words: set[str] = set()
        self._misspelt: set[str] = set()
        self._repairable: set[str] = set()
        self._german: set[str] = set(common_parts())
        for concept in self.concepts.values():
            for lang, names in concept.names.items():
                for name in names:
                    # Towns and initials are not inflected: stems of "Hull" and "GOTS" would find "hulled" and "got".
                    is_inflected = concept.kind != "place" and not (name.isascii() and name.isupper())
                    self._learn(name, lang, concept.id, is_inflected, readings)
            for name in concept.misspellings:
                self._learn(name, "", concept.id, False, readings)
        self._closures: dict[str, tuple[str, ...]] = {}
        self._speller = Speller(self._repairable)
        self._openings = lru_cache(_REMEMBERED)(self._openings_of)
        self._ways = lru_cache(_REMEMBERED)(self._ways_on)
        self._found = lru_cache(_READ_AGAIN)(self._found_in)
        self._found_long = lru_cache(_LONG_READ_AGAIN)(self._found_in)
        self._inner = lru_cache(_REMEMBERED)(self._inner_of)
        self._continued = lru_cache(_REMEMBERED)(self._continued_by)
        self._parts = lru_cache(_REMEMBERED)(self._parts_of)
        self._head = lru_cache(_REMEMBERED)(self._head_of)
        self._written = lru_cache(_REMEMBERED)(self._written_in)
        self._begun = lru_cache(_REMEMBERED // 4)(self._begun_by)
        self._german_parts = lru_cache(_REMEMBERED)(self._german_parts_of)

    @staticmethod
    def _combine(shipped: Iterable[Concept], overlay: Iterable[Concept]) -> dict[str, Concept]:
        concepts = {concept.id: concept for concept in shipped}
        added = list(overlay)
        concepts.update({concept.id: concept for concept in added})
        if added and (wrong := faults(concepts.values())):
            raise LexiconFault("; ".join(wrong))
        return concepts

    @cached_property
    def version(self) -> str:
        """A short hash of everything the lexicon says, for model cards and stale marks."""
        text = "\n".join(repr(self.concepts[key]) for key in sorted(self.concepts))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @cached_property
    def shaped(self) -> frozenset[str]:
        """Goods whose form is part of what they are: sugar and sugar blocks, turmeric and turmeric powder."""
        return derived.shaped(self.concepts)

    @cached_property
    def forms(self) -> Mapping[str, frozenset[str]]:
        """Goods to what else they are in another form: sugar and its blocks and syrup."""
        return derived.forms(self.concepts)

    @cached_property
    def _kinship(self) -> Kinship:
        return Kinship(self.concepts, registered_goods())

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """How lists of certificates abbreviate them, in capitals, to the concept."""
        return derived.codes(self.concepts)

    @cached_property
    def implied(self) -> Mapping[str, frozenset[str]]:
        """Goods to the purposes that made them what they are: shisha briquettes are for shisha."""
        return derived.implied(self.concepts)

    @cached_property
    def compositions(self) -> Mapping[frozenset[str], str]:
        """Two concepts to the goods they name together: facts.parts says "coconut+sugar" of coconut sugar."""
        return derived.compositions(self.concepts)

    def _learn(self, name: str, lang: str, concept: str, is_inflected: bool, readings: Readings) -> None:
        pieces = readings.forms_of(name)
        if not pieces:
            raise LexiconFault(f"{concept}: the name {name!r} has no letters")
        if not name.isascii() and any(map(is_han, pieces)):
            self._longest_han = max(self._longest_han, len(pieces))
        else:
            self._longest = max(self._longest, len(pieces))
            words = [piece for piece in pieces if piece.isalpha()]
            # A word known only from a misspelt name is still put right elsewhere: "tumeric powder", "tumeric fingers".
            (self._words if lang else self._misspelt).update(words)
            if is_inflected:
                self._repairable.update(words)
            if lang == "de" and is_inflected:
                self._german.update(word for word in words if len(word) > 4)
        self._exact.learn("".join(pieces), lang, concept)
        if lang in self._stemmed and is_inflected:
            stems = readings.stems_of(pieces, lang)
            if len(stems) > _SHORTEST_STEM or len(stems) + 2 >= sum(map(len, pieces)):  # not Demeter by "dem"
                self._stemmed[lang].learn(stems, lang, concept)

    # -- finding ------------------------------------------------------------------------------------------------

    def find(
        self, text: str, lang: str | None = None, *, repair: bool = False, kinds: Collection[str] = KINDS
    ) -> list[ConceptHit]:
        """Concepts named in a text, longest name first, none overlapping; ``repair`` also reads misspelt words.

        ``kinds`` limits what is looked for: attributes inside a name of goods, say.
        """
        pieces = tuple(self._pieces(text, lang, repair))
        long = self._found_long if len(text) <= _LONGEST_REMEMBERED else self._found_in
        find = self._found if len(text) <= _LONGEST_TITLE else long
        return list(find(text, pieces, _languages(lang), frozenset(kinds)))

    def _found_in(
        self, text: str, pieces: tuple[Token, ...], languages: tuple[str, ...], kinds: frozenset[str]
    ) -> tuple[ConceptHit, ...]:
        hits: list[ConceptHit] = []
        position = 0
        while position < len(pieces):
            length, concept = self._longest_at(pieces, position, languages, kinds)
            if length > 1 and languages[0] in _HEAD_LAST and self.kind(concept) in _GOODS:
                length, concept = self._with_its_head(pieces, position, (length, concept), languages)
            if concept:
                start, end = pieces[position].start, pieces[position + length - 1].end
                hits.append(ConceptHit(concept, start, end, text[start:end]))
            position += length
        return tuple(hits)

    def _with_its_head(
        self, pieces: Sequence[Token], position: int, found: tuple[int, str], languages: tuple[str, ...]
    ) -> tuple[int, str]:
        """What a name is part of when other goods begin inside it, end behind it and are made of it or are of its kind:
        "cow leather | bag" is a bag. Look-alikes are left alone: "coconut palm | sugar" is no sugar of another palm."""
        length, concept = found
        for later in range(position + 1, position + length):
            reach, other = self._longest_at(pieces, later, languages, _GOODS)
            if other and later + reach > position + length:
                is_head = other != concept and derived.is_of(self.concepts[other], concept, self.closure)
                return (later + reach - position, other) if is_head else found
        return found

    def _longest_at(
        self, pieces: Sequence[Token], position: int, languages: tuple[str, ...], kinds: Collection[str]
    ) -> tuple[int, str]:
        """How many tokens the longest name at a position takes, and its concept; (1, "") when there is none.

        Of equally long readings a name as written goes before stems, and stems go by ``languages``.
        """
        first = pieces[position].form
        ways = self._ways(first, languages)
        if not ways:
            return 1, ""
        end = min(len(pieces), position + (self._longest_han if is_han(first) else self._longest))
        best, found = 0, ""
        for lang, names, opening in ways:
            read, lengths = "", opening
            for index in range(position, end):
                piece = pieces[index]
                if read and not piece.is_joined:
                    break
                read += stem(piece.form, lang) if lang else piece.form
                if index == position + 1:  # two words say almost always whether a name goes on
                    lengths = self._continued(lang, read)
                    if not lengths:
                        break
                if lang and lang != languages[0] and len(read) < _SHORTEST_FOREIGN_STEM:
                    continue  # "must" is no German sample (Muster)
                if index - position >= best and len(read) in lengths:
                    concept = names.meaning(read, (lang,) if lang else languages)
                    if concept and self.kind(concept) in kinds:
                        best, found = index - position + 1, concept
        return best or 1, found

    def _openings_of(self, form: str) -> dict[str, frozenset[int]]:
        """How long the names are that may begin with this word: as written ("") or by its stem."""
        ways = {lang: names.lengths(stem(form, lang)) for lang, names in self._stemmed.items()}
        ways[""] = self._exact.lengths(form)
        return {lang: lengths for lang, lengths in ways.items() if lengths}

    def _ways_on(self, form: str, languages: tuple[str, ...]) -> tuple[tuple[str, Names, frozenset[int]], ...]:
        """Which names to try for a text that goes on with this word, in order: as written, then by stems."""
        openings = self._openings(form)
        order = [lang for lang in ("", *languages) if lang in openings]
        return tuple((lang, self._stemmed[lang] if lang else self._exact, openings[lang]) for lang in order)

    def _continued_by(self, lang: str, start: str) -> frozenset[int]:
        return (self._stemmed[lang] if lang else self._exact).lengths(start)

    def without_numbers(self, text: str) -> str:
        """The text with a mark for every number that is part of no name: ``find`` finds the same concepts in it, and
        texts that differ by a weight, a date or a lot become one text to read."""
        return self._numbers.without(text)

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(chain(self._exact, *self._stemmed.values()))

    def find_within(self, hit: ConceptHit, lang: str | None = None) -> list[ConceptHit]:
        """Attributes and certificates that are part of a name: "fine grade" in "desiccated coconut fine grade"."""
        if len(hit.surface) < (3 if is_han(hit.surface[-1:]) else 4) or self.kind(hit.concept) not in _GOODS:
            return []
        found = self._inner(hit.surface, lang)
        return [
            each._replace(start=hit.start + each.start, end=hit.start + each.end)
            for each in found
            if each.surface != hit.surface and (len(each.surface) > 1 or self._tells_form(each, hit))
        ]

    def _inner_of(self, surface: str, lang: str | None) -> tuple[ConceptHit, ...]:
        return tuple(self.find(surface, lang, kinds=("attribute", "certificate")))

    def _tells_form(self, inner: ConceptHit, hit: ConceptHit) -> bool:
        """Whether one Chinese sign is the form: the last of 姜片 (slices), not of 虾片 (crackers)."""
        return inner.end == len(hit.surface) and bool(_FORMED & set(self.closure(hit.concept)))

    def _pieces(self, text: str, lang: str | None, repair: bool) -> list[Token]:
        """The tokens of a text, German compounds taken apart and, if asked for, misspelt words put right."""
        pieces: list[Token] = []
        is_german = lang in (None, "de")
        for token in _cut(text):
            parts = self._parts(token.form)
            if parts is None:
                pieces.append(token)
            elif parts and is_german:
                whole = token.end - token.start == len(token.form)
                for index, (start, end) in enumerate(parts):
                    # A folded form of another length (ß) leaves no true positions inside: the parts take the whole.
                    span = (token.start + start, token.start + end) if whole else (token.start, token.end)
                    pieces.append(Token(token.form[start:end], *span, token.is_joined if index == 0 else True))
            else:
                form = self._speller.repair(token.form) if repair else token.form
                start = self._head(form) if repair and is_german and form == token.form else 0
                if start and token.end - token.start == len(form):
                    pieces.append(Token(form[:start], token.start, token.start + start, token.is_joined))
                    pieces.append(Token(form[start:], token.start + start, token.end, True))
                else:
                    pieces.append(token._replace(form=form))
        return pieces

    def _head_of(self, form: str) -> int:
        """Where the goods begin at the end of a German compound whose first part is unknown: Press|kohle; else 0."""
        if len(form) > LONGEST_WORD or is_han(form) or not form.isalpha() or ends_ordinarily(form):
            return 0
        for start in range(3, len(form) - _SHORTEST_HEAD + 1):
            for key, names in ((form[start:], self._exact), (stem(form[start:], "de"), self._stemmed["de"])):
                if self.kind(names.meaning(key, ("de",))) in _GOODS:
                    return start
        return 0

    def may_name(self, run: str, lang: str | None, concepts: Iterable[str]) -> bool:
        """Whether a name of one of the concepts may begin in a run of letters without spaces; if not, ``find`` finds
        none that begins there."""
        names = [self._written(concept) for concept in concepts]
        for key, form in (self._begun if len(run) <= LONGEST_WORD else self._begun_by)(run, lang):
            for each in names:
                if any(map(str.startswith, each.get(key, ()), repeat(form))):
                    return True
        return False

    def _begun_by(self, run: str, lang: str | None) -> tuple[tuple[tuple[str, str], str], ...]:
        """How names that begin in a run are written: where ``_written`` has them, and what they begin with."""
        found = dict[tuple[tuple[str, str], str], None]()
        for piece in self._pieces(run, lang, repair=False):
            form = piece.form
            found[("", form[0]), form] = None
            for language in _STEMMED if form.isalpha() else ():
                stemmed = stem(form, language)
                found[(language, stemmed[0]), stemmed] = None
        return tuple(found)

    def _written_in(self, concept: str) -> dict[tuple[str, str], list[str]]:
        """The names of a concept squashed: as they are written ("") and by their stems with the language of these, each
        by its first letter. They were learnt so: stemming them again takes longer than a whole search."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for lang, names in (("", self._exact), *self._stemmed.items()):
            for name in names.of(concept):
                found[lang, name[0]].append(name)
        return dict(found)

    def _parts_of(self, form: str) -> tuple[tuple[int, int], ...] | None:
        """Where the parts of a German compound stand, none for an unknown word; None for what is read as it is."""
        if form in self._exact or not form.isalpha() or is_han(form) or self._is_word(form):
            return None
        return self._german_parts(form)

    def _is_word(self, form: str) -> bool:
        return form in self._words or any(stem(form, lang) in names for lang, names in self._stemmed.items())

    def split_german(self, word: str) -> list[tuple[int, int]]:
        """Where the parts of a folded German compound start and end; empty if it is none the lexicon can read."""
        return list(self._german_parts(word))

    def _german_parts_of(self, word: str) -> tuple[tuple[int, int], ...]:
        return tuple(split_compound(word, self._german))

    def knows(self, word: str) -> bool:
        """Whether a word occurs in any name (drift is measured by the words for which this is false)."""
        folded = fold(word)
        return self._is_word(folded) or folded in self._misspelt

    # -- relations ----------------------------------------------------------------------------------------------

    def closure(self, concept: str) -> tuple[str, ...]:
        """The concept and all broader ones, nearest first; an unknown id is its own closure."""
        if concept not in self._closures:
            found = [concept]
            for current in found:
                known = self.concepts.get(current)
                found += [each for each in (known.broader if known else ()) if each not in found]
            self._closures[concept] = tuple(found)
        return self._closures[concept]

    def kind(self, concept: str) -> str:
        """The kind of a concept, empty for an unknown id."""
        known = self.concepts.get(concept)
        return known.kind if known else ""

    def meanings(self, name: str) -> tuple[str, ...]:
        """What a name as it is written means, in any language."""
        return tuple(dict.fromkeys(self._exact.meanings("".join(token.form for token in tokens(name)), _ORDER)))

    def wider(self, concept: str) -> tuple[str, ...]:
        """Broader goods as which a catalogue may hold goods that it does not register by this name."""
        return self._kinship.wider(concept)

    def fallbacks(self, concept: str) -> tuple[str, ...]:
        """Ever broader goods, nearest first, for goods that nobody has."""
        return self._kinship.fallbacks(concept)

    def called(self, concept: str, word: str) -> tuple[str, ...]:
        """Goods narrower than a concept whose names have a word: of coffee "instant" calls instant coffee."""
        return self._kinship.called(concept, word)
