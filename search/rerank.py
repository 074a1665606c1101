"""The second look at the first hundred: what titles and categories say beyond the count of words.

Every feature is a number from 0 to 1, every weight has a name in ``search.ranking``; both engines use this code.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from search import ranking
from search.analysis import concept_closure, fold
from search.plan import Group, Plan, analysis_of, tokens
from search.query import Query
from search.titles import Sought, Title, read, sought

_NEAR = 3
_TRUSTED = 30  # how many of the first results say which categories are meant


_Place = tuple[int, int] | None  # of a group in a title, as ``Title.place`` has it
# Of a title: the place of each group, which groups its document is about, how many stand there as typed, and where its
# core ends, how many words it has and whether the thing comes first.
_Pattern = tuple[tuple[_Place, ...], tuple[bool, ...], int, tuple[int, int, bool]]


class _Shape(NamedTuple):
    """Features of a title, the factor that they make, and the one of those that count in a query."""

    features: Mapping[str, float] = {}
    every: float = 1.0
    counted: float = 1.0


_NO_TITLE = _Shape()
_Ways = tuple[tuple[str, ...], tuple[str, ...]]  # words of which one is enough, and words that are needed together


class Asked:
    """A query for the second look: its groups, which of them names the thing, which name goods, and each as typed.

    What depends on the query and a word of the register alone is worked out once a query, not once a document.
    """

    __slots__ = (
        "_concepts",
        "_kinds",
        "_meant",
        "_none",
        "_registered",
        "_shapes",
        "_switched_off",
        "_ways",
        "goods",
        "groups",
        "head",
        "written",
    )

    def __init__(self, groups: Sequence[Group], thing: Sought, switched_off: Collection[str] = ()) -> None:
        self._switched_off = switched_off
        self.groups = groups
        self.head = thing.head
        self.goods = thing.goods
        self.written = [frozenset(fold(token.text) for token in tokens(group.surface)) for group in groups]
        self._concepts = [group.concepts for group in groups]
        self._none = (False,) * len(groups)
        self._meant: dict[frozenset[str], tuple[bool, ...]] = {}
        self._ways: dict[str, list[_Ways]] = {}
        self._kinds: dict[Sequence[str], float] = {}
        self._shapes: dict[_Pattern, _Shape] = {}
        self._registered: dict[Sequence[str], bool] = {}

    def has(self, title: Title) -> list[bool]:
        """Which groups stand in a title."""
        return [_column(way, [title.places])[0] is not None for way in self._ways_in(title.language)]

    def _ways_in(self, language: str) -> list["_Ways"]:
        ways = self._ways.get(language)
        if ways is None:
            ways = self._ways[language] = [_ways(group, analysis_of(language)) for group in self.groups]
        return ways

    def meant(self, concepts: Collection[str]) -> tuple[bool, ...]:
        """Which groups a document is about by its concepts, whatever words it has."""
        if not concepts:
            return self._none
        name = frozenset(concepts)
        known = self._meant.get(name)
        if known is None:
            known = self._meant[name] = tuple([any(map(name.__contains__, each)) for each in self._concepts])
        return known

    def kind(self, categories: Sequence[str]) -> float:
        """How much of the query the name of the narrowest category says; half of it is the word for the thing."""
        known = self._kinds.get(categories)
        if known is None:
            name = max(categories, key=len).rpartition("/")[2]
            said = self.has(read(name, "en"))
            known = self._kinds[categories] = (said[self.head] + sum(said) / len(said)) / 2
        return known

    def shapes(self, titles: Sequence[Title], concepts: Sequence[Collection[str]]) -> list["_Shape"]:
        """The features of titles in one language, each with what its document is about, and what they lift; many titles
        have what is asked for in the same places. Group by group: a call for each title costs more than the looking."""
        first = titles[0]
        places = [title.places for title in titles]
        columns = [_column(way, places) for way in self._ways_in(first.language)]
        written = [title.written for title in titles]
        said = [[words <= each for each in written] for words in self.written]
        patterns = zip(
            zip(*columns, strict=True),
            map(self.meant, concepts),
            map(sum, zip(*said, strict=True)),
            [(title.core, title.length, first.is_head_first) for title in titles],
            strict=True,
        )
        known, found = self._shapes, list[_Shape]()
        for title, pattern in zip(titles, patterns, strict=True):
            shape = known.get(pattern)
            if shape is None:
                features = _features(self, title, pattern)
                shape = known[pattern] = _Shape(features, lift(features), lift(features, self._switched_off))
            found.append(shape)
        return found

    def is_registered(self, commodities: Sequence[str]) -> bool:
        """Whether a document is registered as the goods that are named, if any are."""
        known = self._registered.get(commodities)
        if known is None:
            goods = [self.groups[place] for place in self.goods]
            known = not goods or any(_is_the_goods(group, commodities) for group in goods)
            self._registered[commodities] = known
        return known


def _ways(group: Group, analysis: str) -> _Ways:
    wanted = group.variants.get(analysis, ())
    joined = group.joined_in(analysis) if group.joined else ()
    return ((*wanted, *joined), ()) if len(wanted) == 1 else (joined, wanted)


def _column(way: _Ways, titles: Iterable[Mapping[str, int]]) -> list[_Place]:
    """Where a group stands in each title, given by the places of its terms; see ``Title.place``."""
    one_of, together = way
    if len(one_of) == 1 and not together:  # most groups are one word
        (word,) = one_of
        return [None if (at := places.get(word)) is None else (at, at + 1) for places in titles]
    return [_place(one_of, together, places) for places in titles]


def _place(one_of: Sequence[str], together: Sequence[str], places: Mapping[str, int]) -> _Place:
    for word in one_of:
        if (at := places.get(word)) is not None:
            return (at, at + 1)
    if together and all(map(places.__contains__, together)):
        every = [places[word] for word in together]
        return (min(every), max(every) + 1)
    return None


class Named(NamedTuple):
    """A title with its language."""

    language: str
    text: str


@dataclass(slots=True)
class Candidate:
    """A found document as the second look sees it; ``score`` is what the first one gave, ``prior`` the part of its own
    signals in that. ``text`` is what the second look makes of the rest."""

    score: float
    titles: Sequence[Named]
    concepts: Collection[str] = ()
    categories: Sequence[str] = ()
    commodities: Sequence[str] = ()
    prior: float = 1.0
    text: float = 0.0
    features: dict[str, float] = field(default_factory=dict)


class Weighed(NamedTuple):
    """What the second look says of each candidate: its new score, the text's part of it, its features."""

    scores: list[float]
    texts: list[float]
    features: list[dict[str, float]]


def rerank(plan: Plan, query: Query, candidates: Sequence[Candidate]) -> list[float]:
    """New scores, in the order of ``candidates``; each candidate keeps its features.

    Names in the query's ``signals_off`` switch features off as they do signals.
    """
    found = weighed(plan, query, candidates)
    for each, text, features in zip(candidates, found.texts, found.features, strict=True):
        each.text, each.features = text, features
    return found.scores


def weighed(plan: Plan, query: Query, candidates: Sequence[Candidate]) -> Weighed:
    """The same, and the candidates stay as they are."""
    groups = [group for group in plan.groups if not group.prefix]
    if not groups:
        return Weighed([one.score for one in candidates], [one.text for one in candidates], [{} for _ in candidates])
    texts = _drawn_nearer(candidates)
    switched_off = query.signals_off
    asked = Asked(groups, sought(groups, query.words, query.language), switched_off)
    kind = 0.0 if "kind" in switched_off else ranking.RERANK["kind"]
    kin: dict[_Kin, _Likeness] = {}  # a few titles, categories and registers come again and again
    likenesses: list[_Likeness] = []
    for each, found in zip(candidates, _shapes(asked, candidates), strict=True):
        name = (id(found), tuple(each.categories), tuple(each.commodities))  # ``asked`` holds the shapes
        alike = kin.get(name)
        if alike is None:
            alike = kin[name] = _likeness(asked, found, *name[1:], kind)
        likenesses.append(alike)
    own = [text * each.prior for text, each in zip(texts, candidates, strict=True)]
    if "category" not in switched_off:
        meant = _meant([part * alike.factor for part, alike in zip(own, likenesses, strict=True)], likenesses)
        for alike in kin.values():
            if alike.categories:
                alike.features["category"] = agreement = _agreement(alike.categories, meant)
                alike.factor += ranking.RERANK["category"] * agreement
    scores = [part * alike.factor * alike.left for part, alike in zip(own, likenesses, strict=True)]
    if plan.unwanted:
        for place, (part, alike, each) in enumerate(zip(own, likenesses, candidates, strict=True)):
            if any(_is_about(group, each) for group in plan.unwanted):
                scores[place] = part * alike.factor * (alike.left * ranking.UNWANTED)
    return Weighed(scores, texts, [alike.features for alike in likenesses])


_Kin = tuple[int, tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class _Likeness:
    """What candidates share whose titles have the same shape, of the same categories and register."""

    features: dict[str, float]
    factor: float
    left: float
    categories: tuple[str, ...]


def _likeness(
    asked: Asked, found: _Shape, categories: tuple[str, ...], commodities: tuple[str, ...], kind: float
) -> _Likeness:
    features, factor = dict(found.features), found.counted
    if categories:
        features["kind"] = named = asked.kind(categories)
        factor += kind * named
    is_named = features.get("head") or features.get("kind") or not categories
    left = 1.0 if is_named else ranking.OTHER_THING
    if not asked.is_registered(commodities):
        left *= ranking.OTHER_GOODS
    return _Likeness(features, factor, left, categories)


def _drawn_nearer(candidates: Sequence[Candidate]) -> list[float]:
    """The text's part of every score lifted towards the best, signals as much as words, so that these weigh no more
    than before: none falls, so that what gets no second look stays behind. A score that is no number above 0 is taken
    for 0, a boundless one for the best."""
    scores = [each.score for each in candidates]
    best = max(filter(isfinite, scores), default=0.0)
    if best <= 0.0:
        return [0.0 / each.prior for each in candidates]
    shares = [max(0.0, min(score / best, 1.0)) for score in scores]
    return [best * share**ranking.NEARER / each.prior for share, each in zip(shares, candidates, strict=True)]


def _is_about(group: Group, candidate: Candidate) -> bool:
    is_meant = any(concept in candidate.concepts for concept in group.concepts)
    return is_meant or any(read(text, language).place(group) for language, text in candidate.titles)


def lift(features: Mapping[str, float], switched_off: Collection[str] = ()) -> float:
    """The factor of one or more that features make."""
    weights = ranking.RERANK
    if not switched_off:
        return 1.0 + sum([weights[name] * value for name, value in features.items()])
    return 1.0 + sum([weights[name] * value for name, value in features.items() if name not in switched_off])


def _shapes(asked: Asked, candidates: Sequence[Candidate]) -> list[_Shape]:
    """Of each candidate, the features of the title in which most of the query is found."""
    titles: dict[str, list[tuple[int, int, Title]]] = {}
    found: list[list[_Shape]] = []
    for place, each in enumerate(candidates):
        found.append([_NO_TITLE] * len(each.titles))
        for number, (language, text) in enumerate(each.titles):
            titles.setdefault(language, []).append((place, number, read(text, language)))
    for said in titles.values():
        concepts = [candidates[place].concepts for place, _, _ in said]
        shapes = asked.shapes([title for _, _, title in said], concepts)
        for (place, number, _), shape in zip(said, shapes, strict=True):
            found[place][number] = shape
    return [own[0] if len(own) == 1 else max(own, key=lambda shape: shape.every, default=_NO_TITLE) for own in found]


def _features(asked: Asked, title: Title, pattern: _Pattern) -> dict[str, float]:
    """A document that is about a group by its concept says so in other words, maybe of another language: it misses
    nothing, and no place is asked of it."""
    places, meant, said, (core, words, _) = pattern
    size, covered, before, length = len(places), 0, 0, 0
    for place, means in zip(places, meant, strict=True):  # one pass: lists for each cost more
        if place is not None:
            covered += 1
            length += place[1] - place[0]
            before += place[1] <= core
        elif means:
            covered += 1
            before += 1
    found = {"title_words": covered / size, "core": before / size, "written": said / size}
    if covered == size:
        found["all_in_title"] = 1.0
    if length:
        found["brevity"] = min(1.0, length / words)
    if size > 1:
        found |= _together(places, size - 1)
    head = places[asked.head]
    if meant[asked.head] or (head is not None and title.is_head(head)):
        found["head"] = 1.0
    elif head is not None and head[1] <= core:
        found["head"] = 0.5
    for number in asked.goods:
        if meant[number] or places[number] is not None:
            found["goods"] = 1.0
            break
    return found


def _is_the_goods(group: Group, commodities: Sequence[str]) -> bool:
    """Whether a document is registered as the goods (a narrower or a broader name of them too), not only named after
    them; without a register its title counts."""
    return not commodities or any(
        concept in concept_closure(commodity) or commodity in concept_closure(concept)
        for commodity in commodities
        for concept in group.concepts
    )


def _together(places: Sequence[_Place], pairs: int) -> dict[str, float]:
    """How many neighbours of the query are neighbours in the title, in the same order or at least close by."""
    in_order = near = 0
    for one, other in pairwise(places):
        if one is None or other is None:
            continue
        in_order += one[1] == other[0]
        near += max(one[0], other[0]) - min(one[1], other[1]) < _NEAR
    return {"phrase": in_order / pairs, "near": near / pairs}


def _meant(scores: Sequence[float], likenesses: Sequence[_Likeness]) -> dict[str, float]:
    """The share of each category among the best results, by score."""
    best = sorted(zip(scores, range(len(scores)), strict=True), reverse=True)[:_TRUSTED]
    total = sum([score for score, _ in best]) or 1.0
    meant: dict[str, float] = defaultdict(float)
    for score, place in best:
        for category in likenesses[place].categories:
            meant[category] += score / total
    return meant


def _agreement(categories: Sequence[str], meant: Mapping[str, float]) -> float:
    return sum(meant.get(each, 0.0) for each in categories) / len(categories) if categories else 0.0
