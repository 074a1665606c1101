"""Why a search found little, and what its misspelt words may have meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from search import ranking
from search.engines.elastic import body
from search.errors import EngineUnavailable
from search.plan import Group, Plan, broader_goods
from search.query import Query
from search.repair import Repair, doubtful, edits_allowed, may_be_misspelt, nearest, partings, repaired


@dataclass(frozen=True, slots=True)
class Probe:
    """Why a search found little: how many documents have all words (up to the limit), most words, and unknown words."""

    strict: int
    loose: int
    unknown: tuple[Group, ...]

    @property
    def calls_for_more(self) -> bool:
        """Whether documents with most words should follow."""
        return self.strict < ranking.FILL_BELOW and self.loose > self.strict


def probed(client: Elasticsearch, index: str, query: Query, plan: Plan) -> Probe:
    """One round for everything that explains a short answer; counting stops as soon as it is clear."""
    uncertain = doubtful(plan)
    asked = [body.matching(plan, is_relaxed=False), body.matching(plan, is_relaxed=True)]
    limits = [ranking.FILL_BELOW, ranking.FILL_BELOW + 1] + [1] * len(uncertain)
    lines: list[dict[str, Any]] = []
    for clause, limit in zip([*asked, *map(body.group_clause, uncertain)], limits, strict=True):
        held = [clause, {"term": {"kind": query.kind}}] if len(lines) < 4 else [clause]
        lines += [{}, {"query": {"bool": {"filter": held}}, "size": 0, "track_total_hits": limit}]
    answers = client.msearch(index=index, searches=lines)["responses"]
    totals = [_total(answer) for answer in answers]
    unknown = tuple(group for group, total in zip(uncertain, totals[2:], strict=True) if not total)
    return Probe(totals[0], totals[1], unknown)


def concepts_known(client: Elasticsearch, index: str, unknown: Iterable[Group]) -> frozenset[str]:
    """Which of the goods broader than unknown ones documents are about."""
    wanted = list(dict.fromkeys(concept for group in unknown for concept in broader_goods(group)))
    if not wanted:
        return frozenset()
    lines: list[dict[str, Any]] = []
    for concept in wanted:
        lines += [{}, {"query": {"term": {"concepts": {"value": concept}}}, "size": 0, "track_total_hits": 1}]
    answers = client.msearch(index=index, searches=lines)["responses"]
    return frozenset(concept for concept, answer in zip(wanted, answers, strict=True) if _total(answer))


def offered(client: Elasticsearch, index: str, query: Query, unknown: tuple[Group, ...]) -> Repair:
    """Offers from the words of the titles; which offer is best is decided as on every engine."""
    asked: dict[str, Any] = {}
    typos = [group for group in unknown if may_be_misspelt(group)]
    if not typos:
        return repaired(query, unknown, lambda _word: "")
    for number, group in enumerate(typos):
        word = group.surface.lower()
        term = {
            "field": "surface",
            "suggest_mode": "always",
            "max_edits": edits_allowed(word),
            "prefix_length": 0,
            "min_word_length": 3,
            "size": 50,
            "string_distance": "damerau_levenshtein",
        }
        asked[str(number)] = {"text": word, "term": term}
    answer = client.search(index=index, suggest=asked, size=0)
    offers: dict[str, str] = {}
    for number, group in enumerate(typos):
        options = [option for entry in answer["suggest"][str(number)] for option in entry["options"]]
        vocabulary = {option["text"]: option["freq"] for option in options if option["text"].isalpha()}
        offers[group.surface] = nearest(group.surface, vocabulary)
    parted = _parted(client, index, [group.surface for group in typos])
    return repaired(query, unknown, lambda word: offers[word], lambda word: parted[word])


def _parted(client: Elasticsearch, index: str, typed: Sequence[str]) -> dict[str, str]:
    """For each word the two words that most titles have together, of which somebody made this one."""
    ways = [(word, one, other) for word in typed for one, other in partings(word)]
    best = dict.fromkeys(typed, "")
    if not ways:
        return best
    filters = {
        str(number): {"bool": {"filter": [{"term": {"surface": one}}, {"term": {"surface": other}}]}}
        for number, (_, one, other) in enumerate(ways)
    }
    answer = client.search(index=index, size=0, aggs={"ways": {"filters": {"filters": filters}}})
    counted = answer["aggregations"]["ways"]["buckets"]
    most = dict.fromkeys(typed, 0)
    for number, (word, one, other) in enumerate(ways):
        count = counted[str(number)]["doc_count"]
        if count > most[word]:
            best[word], most[word] = f"{one} {other}", count
    return best


def _total(answer: dict[str, Any]) -> int:
    if "error" in answer:
        raise EngineUnavailable("the search engine could not count")
    return int(answer["hits"]["total"]["value"])
