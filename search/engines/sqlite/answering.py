"""One question answered on one state of the index: what is found, in which order, and what facets count.

An answer without its page is remembered for the state: the next page and the next visitor share it.
"""

from array import array
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from search import ranking
from search.analysis import lexicon
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.counting import Counter
from search.engines.sqlite.expressions import quoted
from search.engines.sqlite.looking import Texts, looked_again
from search.engines.sqlite.matching import Finder
from search.engines.sqlite.ordering import by_number, by_prior, by_score
from search.engines.sqlite.remembered import Ranked
from search.engines.sqlite.tables import Connection
from search.plan import Group, Plan, make_plan
from search.query import Query
from search.repair import Repair, doubtful, nearest, partings, repaired
from search.results import Facet


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything about a question but the page: ``rows`` and ``scores`` are in order of relevance, as deep as pages
    go; without a text they are empty. ``first_rows`` and ``first_scores`` are the first hundred before the second
    look."""

    plan: Plan
    repair: Repair
    found: int
    total: int
    has_text: bool
    is_relaxed: bool
    rows: "array[int]"
    scores: "array[float]"
    first_rows: "array[int]"
    first_scores: "array[float]"
    facets: tuple[Facet, ...]


def answer_of(on: Connection, columns: Columns, query: Query, texts: Texts | None = None) -> Answer:
    """The answer to a query, made now or remembered; texts that had to be read for it stand in ``texts`` then."""
    answers, name = columns.remembered.answers, _name(query)
    known = answers.get((name, query.facets))
    if isinstance(known, Answer):
        return known
    made = answers[name, query.facets] = _answered(on, columns, query, texts)
    if query.facets:  # whoever knows the counts asks for the next page without them
        answers[name, ()] = replace(made, facets=())
    return made


def _name(query: Query) -> Hashable:
    """What an answer depends on but facets: what words mean now, and all of the query besides page, order and
    highlights."""
    return (
        lexicon().version, query.words, query.text, query.language, query.day, query.kind, query.codes,
        query.all_filters, query.repair, query.signals_off,
    )  # fmt: skip


def _answered(on: Connection, columns: Columns, query: Query, texts: Texts | None) -> Answer:
    counter = Counter(columns, query)
    finder = Finder(on, columns, counter.found, is_filtered=bool(query.all_filters))
    plan = make_plan(query)
    unknown = [group for group in doubtful(plan) if not finder.is_known(group)]
    repair = Repair(query, "", tuple(group.surface for group in unknown))
    if unknown and query.repair:
        repair = _repaired(on, columns, query, unknown)
    asked = make_plan(repair.query) if repair.is_any else plan
    plan = _broadened(asked, finder).without(unknown) if unknown else asked
    scored = ordered = Ranked(array("I"), array("d"))
    is_relaxed = len(plan.groups) < len(asked.groups)
    has_text = bool(plan.groups) or bool(query.words.strip())
    if plan.groups:
        matches = finder.find(plan)
        counter.narrow(matches.mask)
        scored = by_score(columns, counter.found, matches, query.signals_off)
        ordered = looked_again(on, columns, plan, repair.query, scored, texts)
        is_relaxed = is_relaxed or matches.is_relaxed
    elif has_text:  # nothing that could be asked for is left of the words
        counter.narrow(0)
    found = counter.found
    return Answer(
        plan=plan,
        repair=repair,
        found=found,
        total=found.bit_count(),
        has_text=has_text,
        is_relaxed=is_relaxed,
        rows=ordered.rows,
        scores=ordered.scores,
        first_rows=scored.rows[: ranking.RERANKED],
        first_scores=scored.scores[: ranking.RERANKED],
        facets=counter.facets(),
    )


def page(columns: Columns, query: Query, answer: Answer) -> list[tuple[int, float]]:
    """Row and score of each hit on the query's page. Equals stand in order of key."""
    start, end = query.offset, query.offset + query.size
    if answer.has_text and not query.sort.field:
        return list(zip(answer.rows[start:end], answer.scores[start:end], strict=True))
    if query.sort.field:
        rows: Iterable[int] = by_number(columns, answer.found, query.sort.field, is_descending=query.sort.is_descending)
        return [(row, 0.0) for row in islice(rows, start, end)]
    prior = columns.prior(query.signals_off)
    return [(row, prior[row]) for row in islice(by_prior(columns, answer.found, query.signals_off), start, end)]


_TOGETHER = "SELECT count(*) FROM search_surface WHERE search_surface MATCH ?"


def _broadened(plan: Plan, finder: Finder) -> Plan:
    return plan.broadened([group for group in doubtful(plan) if not finder.is_known(group)], finder.has_concept)


def _repaired(on: Connection, columns: Columns, query: Query, unknown: list[Group]) -> Repair:
    vocabulary = columns.remembered.vocabulary
    if vocabulary is None:
        rows = on.execute("SELECT term, doc FROM search_vocabulary WHERE length(term) > 2")
        vocabulary = columns.remembered.vocabulary = {term: count for term, count in rows if term.isalpha()}
    return repaired(query, unknown, lambda word: nearest(word, vocabulary), lambda word: _parted(on, word, vocabulary))


def _parted(on: Connection, word: str, vocabulary: Mapping[str, int]) -> str:
    """The two words that most titles have together, of which somebody made this one."""
    best, most = "", 0
    for one, other in partings(word):
        if one in vocabulary and other in vocabulary:
            count = on.execute(_TOGETHER, (f"{quoted(one)} AND {quoted(other)}",)).fetchone()[0]
            best, most = (f"{one} {other}", count) if count > most else (best, most)
    return best
