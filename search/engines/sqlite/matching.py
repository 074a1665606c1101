"""Which rows match a plan, and how well their text does.

What one full-text query can score quickly is scored by FTS5. Words that tens of thousands of documents have are
looked at through masks of rows instead: who has how many of them, and who in the title.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import nlargest
from math import log
from operator import and_

from search import ranking
from search.engines.sqlite.bits import at_least, mask_of, rows_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.expressions import ANYWHERE, TITLED, expression
from search.engines.sqlite.remembered import Scores
from search.engines.sqlite.rows import frequency, is_remembered, rows_with
from search.engines.sqlite.tables import Connection
from search.plan import Group, Plan
from search.query import MAX_DEPTH

_SCORED = (  # the weights are this library's own
    f"SELECT rowid, -bm25(search_words, {ranking.TITLE}, {ranking.BODY}, {ranking.CONCEPT}, {ranking.MENTION},"  # noqa: S608 - our own numbers
    f" {ranking.CODE}) AS score FROM search_words WHERE search_words MATCH ?"
)
_BEST = f"{_SCORED} ORDER BY score DESC LIMIT {2 * MAX_DEPTH}"

# Documents that FTS5 may score for one search without a look at how many there are, after such a look, and where no
# filter asks for more than the best of them.
_FEW, _SCORABLE, _SORTABLE = 3_000, 10_000, 25_000
# Of so many groups every combination is weighed.
_COMBINED = 6
# What bm25 gives a word in a title (weight 5) and elsewhere, at average length, in units of the word's rarity.
_IN_TITLE, _ELSEWHERE = 1.77, 1.0


@dataclass(slots=True)
class Matches:
    """All rows that match, as a mask, and those that a page can reach with their text scores.

    ``name`` is the question that FTS5 answered with just these; empty where they come from several.
    """

    mask: int
    rows: Sequence[int]
    scores: Sequence[float]
    is_relaxed: bool = False
    name: str = ""


class Finder:
    """Finds rows on one state of the index; ``within`` are the rows that filters leave."""

    def __init__(self, on: Connection, columns: Columns, within: int, *, is_filtered: bool) -> None:
        self._on = on
        self._columns = columns
        self._within = within
        self._is_filtered = is_filtered
        self._expressions: dict[tuple[int, tuple[str, str]], tuple[Group, str]] = {}

    def is_known(self, group: Group) -> bool:
        """Whether documents have the words of any reading, or the concept."""
        return any(all(map(self._frequency, words)) for words in group.readings)

    def has_concept(self, concept: str) -> bool:
        """Whether documents are about it."""
        return self._frequency(concept) > 0

    def about(self, group: Group) -> int:
        """All rows that are about a group."""
        return self._mask(self._expression(group))

    def find(self, plan: Plan) -> Matches:
        """Documents with all groups; when these are few, also those with most groups."""
        strict = self._strict(plan)
        if not plan.can_relax:
            return strict
        count = (strict.mask & self._within).bit_count()
        if count >= ranking.FILL_BELOW:
            return strict
        masks = [self._mask(self._expression(group)) for group in plan.groups]
        mask = at_least(masks, plan.required)
        for group, each in zip(plan.groups, masks, strict=True):
            mask |= each if group.is_goods else 0
        if (mask & self._within).bit_count() <= count:
            return strict
        return _summed_up(mask, self._loose(plan, masks, mask), is_relaxed=True)

    def _strict(self, plan: Plan) -> Matches:
        # in one order, whichever words came first
        match = " AND ".join(sorted(map(self._expression, plan.groups)))
        if min(map(self._at_most, plan.groups)) <= _FEW:
            found = self._scored(match)
            return Matches(found.mask, found.rows, found.scores, name=match)
        mask = self._together(list(map(self._expression, plan.groups)), match)
        count = mask.bit_count()
        if _FEW < count <= _SORTABLE and not self._is_filtered:
            return _summed_up(mask, dict(self._on.execute(_BEST, (match,))))
        if count <= _SCORABLE:
            found = self._scored(match)
            return Matches(mask, found.rows, found.scores, name=match)
        titled = reduce(and_, (self._mask(self._expression(group, TITLED)) for group in plan.groups))
        return _summed_up(mask, self._summed(plan, self._reachable(mask & self._within, titled)))

    def _loose(self, plan: Plan, masks: list[int], enough: int) -> dict[int, float]:
        """Scores of rows with some of the groups, lifted where they have them all; where there are too many rows, those
        whose groups tell most together are looked at."""
        enough &= self._within
        rows = rows_of(enough) if enough.bit_count() <= _FEW else self._telling(masks, enough)
        scores = self._summed(plan, rows)
        for row in rows_of(reduce(and_, masks) & mask_of(scores, self._columns.length)):
            scores[row] *= 1.0 + ranking.ALL_WORDS
        return scores

    def _telling(self, masks: list[int], enough: int) -> list[int]:
        """As many rows as may be scored one by one: having two rare words comes before having three common ones."""
        length = self._columns.length
        told = sorted(((_rarity(mask.bit_count(), length), mask & enough) for mask in masks), reverse=True)[:_COMBINED]
        having = [(0.0, enough)]  # for some groups: how much they tell together, and the rows with all of them
        for rarity, mask in told:
            having += [(telling + rarity, rows & mask) for telling, rows in having]
        parts, taken = [], 0
        for _, rows in sorted(having, key=lambda each: each[0], reverse=True):
            parts.append(rows & ~taken)
            taken |= rows
            if taken.bit_count() >= MAX_DEPTH:
                break
        return self._first(parts)

    def _reachable(self, rows: int, titled: int) -> list[int]:
        """As many rows as may be scored one by one: those whose title says it all first, then the best signals."""
        return rows_of(rows) if rows.bit_count() <= _FEW else self._first([rows & titled, rows & ~titled])

    def _first(self, parts: Iterable[int]) -> list[int]:
        prior = self._columns.prior(frozenset())
        found: list[int] = []
        for part in parts:
            found += nlargest(_FEW - len(found), rows_of(part), key=prior.__getitem__)
        return found

    def _summed(self, plan: Plan, rows: list[int]) -> dict[int, float]:
        """Text scores of some rows: exact for rare words; common ones count by rarity and by being in the title."""
        scores = dict.fromkeys(rows, 0.0)
        chosen = mask_of(rows, self._columns.length)
        for group in plan.groups:
            if self._at_most(group) <= _FEW:
                found = self._scored(self._expression(group))
                for row, score in zip(found.rows, found.scores, strict=True):
                    if row in scores:
                        scores[row] += score
                continue
            everywhere, titled = self._mask(self._expression(group)), self._mask(self._expression(group, TITLED))
            rarity = _rarity(everywhere.bit_count(), self._columns.length)
            _add(scores, rows_of(everywhere & ~titled & chosen), rarity * _ELSEWHERE)
            _add(scores, rows_of(titled & chosen), rarity * _IN_TITLE)
        return scores

    def _scored(self, match: str) -> Scores:
        """The rows of an expression with their text scores: the same things are often asked for in other words."""
        kept = self._columns.remembered.scores
        known = kept.get(match)
        if known is not None:
            return known
        found: list[tuple[int, float]] = self._on.execute(_SCORED, (match,)).fetchall()
        rows = array("I", [row for row, _ in found])
        scores = Scores(rows, array("d", [score for _, score in found]), mask_of(rows, self._columns.length))
        if len(rows) <= _FEW:
            kept[match] = scores
        return scores

    def _together(self, groups: list[str], match: str) -> int:
        """Rows with all groups: one question goes through the rarest of them, masks at hand need none."""
        if len(groups) > 1 and all(is_remembered(self._columns, each) for each in groups):
            return reduce(and_, map(self._mask, groups))
        return self._mask(match)

    def _expression(self, group: Group, columns: tuple[str, str] = ANYWHERE) -> str:
        name = (id(group), columns)
        known = self._expressions.get(name)
        if known is None or known[0] is not group:
            known = self._expressions[name] = group, expression(group, columns, self._has_word)
        return known[1]

    def _has_word(self, word: str) -> bool:
        return self._frequency(word) > 0

    def _mask(self, match: str) -> int:
        return rows_with(self._on, self._columns, match)

    def _at_most(self, group: Group) -> int:
        """No more documents than this are about a group."""
        if group.prefix:
            return self._mask(self._expression(group)).bit_count()
        return sum([min(map(self._frequency, words)) for words in group.readings])

    def _frequency(self, word: str) -> int:
        return frequency(self._on, self._columns, word)


def _summed_up(mask: int, scores: Mapping[int, float], *, is_relaxed: bool = False) -> Matches:
    return Matches(mask, list(scores), list(scores.values()), is_relaxed)


def _rarity(count: int, documents: int) -> float:
    """How much a word tells, as bm25 reckons it."""
    return max(1e-6, log((documents - count + 0.5) / (count + 0.5)))


def _add(scores: dict[int, float], rows: Iterable[int], amount: float) -> None:
    for row in rows:
        scores[row] += amount
