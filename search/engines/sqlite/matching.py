"""A plan as FTS5 expressions; every word is quoted, so nothing that people type is syntax."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from search import ranking
from search.engines.sqlite.columns import Columns, mask_of
from search.engines.sqlite.tables import Connection
from search.plan import ANALYSES, Group, Plan

_SCORED = (  # the weights are this library's own
    f"SELECT rowid, -bm25(search_words, {ranking.TITLE}, {ranking.BODY}, {ranking.CONCEPT}, {ranking.MENTION},"  # noqa: S608
    f" {ranking.CODE}) FROM search_words WHERE search_words MATCH ?"
)
_FOUND = "SELECT json_group_array(rowid) FROM search_words WHERE search_words MATCH ?"
_KNOWN = "SELECT 1 FROM search_terms WHERE term = ?"


@dataclass(slots=True)
class Matches:
    """Rows that match, as a mask, and the text score of each."""

    mask: int
    scores: dict[int, float] = field(default_factory=dict)
    is_relaxed: bool = False


def quoted(word: str) -> str:
    """A word as an FTS5 string."""
    return '"' + word.replace('"', '""') + '"'


def expression(group: Group) -> str:
    """Documents about one group, whatever field says so."""
    parts = [f"{{title body}} : ({_all(words)})" for words in group.alternatives]
    parts += [f"{{concepts mentions}} : {quoted(concept)}" for concept in group.concepts]
    if group.prefix:
        parts.append(f"codes : {quoted(group.prefix)} *")
    return "(" + " OR ".join(parts) + ")"


def _title_expression(group: Group) -> str:
    parts = [f"title : ({_all(words)})" for words in group.alternatives]
    parts += [f"concepts : {quoted(concept)}" for concept in group.concepts]
    if group.prefix:
        parts.append(f"codes : {quoted(group.prefix)} *")
    return "(" + " OR ".join(parts) + ")"


def _all(words: tuple[str, ...]) -> str:
    return " AND ".join(map(quoted, dict.fromkeys(words)))


def find(on: Connection, plan: Plan, columns: Columns, kind: str) -> Matches:
    """Documents with all groups; when these are few, also those with most groups, behind them."""
    live, length = columns.live.get(kind, 0), columns.length
    groups = [expression(group) for group in plan.groups]
    strict = _shaped(on, plan, dict(on.execute(_SCORED, (" AND ".join(groups),))))
    mask = mask_of(strict, length)
    strict_count = (mask & live).bit_count()
    if strict_count >= ranking.FILL_BELOW or not plan.can_relax:
        return Matches(mask, strict)
    loose, loose_mask = _loose(on, plan, groups, length)
    if (loose_mask & live).bit_count() <= strict_count:
        return Matches(mask, strict)
    lift = max(loose.values(), default=0.0) + 1.0
    loose.update({row: score + lift for row, score in strict.items()})
    return Matches(loose_mask, loose, is_relaxed=True)


def _loose(on: Connection, plan: Plan, groups: list[str], length: int) -> tuple[dict[int, float], int]:
    """Scores of rows with enough groups, lowered by the share of groups they lack."""
    had = bytearray(length)  # by row, how many groups it has
    for group in groups:
        for row in _rows(on, group):
            had[row] += 1
    required = plan.required
    share = [n / len(groups) for n in range(len(groups) + 1)]
    scores = {
        row: score * share[had[row]]
        for row, score in on.execute(_SCORED, (" OR ".join(groups),))
        if had[row] >= required
    }
    return scores, mask_of(scores, length)


def _rows(on: Connection, match: str) -> list[int]:
    """Rows that match; as one JSON array, which is much faster to fetch than rows."""
    found: list[int] = json.loads(on.execute(_FOUND, (match,)).fetchone()[0])
    return found


def _shaped(on: Connection, plan: Plan, scores: dict[int, float]) -> dict[int, float]:
    """Scores lifted where the title alone says it all, and where it says it in these words in this order."""
    if len(plan.groups) < 2 or not scores:
        return scores
    titled = " AND ".join(_title_expression(group) for group in plan.groups)
    _lift(scores, _rows(on, titled), ranking.ALL_IN_TITLE)
    phrases = dict.fromkeys(plan.phrase(analysis) for analysis in ANALYSES)
    wanted = " OR ".join(quoted(" ".join(phrase)) for phrase in phrases if len(phrase) > 1)
    if wanted:
        _lift(scores, _rows(on, f"title : ({wanted})"), ranking.PHRASE_IN_TITLE / (1 + ranking.ALL_IN_TITLE))
    return scores


def _lift(scores: dict[int, float], rows: Iterable[int], share: float) -> None:
    for row in rows:
        if row in scores:
            scores[row] *= 1 + share


def is_known(on: Connection, group: Group) -> bool:
    """Whether documents have the words of any reading, or the concept."""
    readings = (*group.alternatives, *((concept,) for concept in group.concepts))
    return any(all(on.execute(_KNOWN, (word,)).fetchone() for word in words) for words in readings)
