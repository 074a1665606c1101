"""The score of one document taken apart."""

from collections.abc import Sequence
from typing import Any

from search import ranking
from search.engines.elastic.columns import look_of
from search.engines.elastic.reading import Made, candidate_of, page_of
from search.explanation import Explanation
from search.related import Near, related_place
from search.rerank import Candidate, rerank
from search.titles import read


def explained(made: Made, own: dict[str, Any], near: Sequence[Near], key: int) -> Explanation:
    """The place of a document among the first hundred hits, and what made it, or its place among what is related;
    ``own`` is the answer about it alone."""
    query = made.repair.query
    counted = own["aggregations"]["all"]["own"]
    names = [group.surface for group in made.plan.groups]
    words = {name: "text" if counted[str(place)]["doc_count"] else "nowhere" for place, name in enumerate(names)}
    if not own["hits"]["hits"]:
        return Explanation(key, words=words, related=related_place(near, key))
    hit = own["hits"]["hits"][0]
    signals = {name: float(value) for name, value in hit["_source"].get("signals", {}).items()}
    lifted = 1.0 + sum(
        weight * signals.get(name, 0.0) for name, weight in ranking.SIGNALS.items() if name not in query.signals_off
    )
    page = page_of(made.answer, query, made.plan)
    place = next((place for place, each in enumerate(page, 1) if each.key == key), 0)
    score = page[place - 1].score if place else float(hit["_score"])
    features: dict[str, float] = {}
    text = float(hit["_score"]) / lifted
    if made.plan.groups:
        first = made.answer["hits"]["hits"][: ranking.RERANKED]
        looked = [candidate_of(each, look_of(each), query) for each in first]
        rerank(made.plan, query, looked)
        for each, candidate in zip(first, looked, strict=True):
            if int(each["fields"]["key"][0]) == key:
                features, text = candidate.features, candidate.text
                words |= _titled(made, candidate)
    return Explanation(key, True, place, score, text, words, signals, features, query.signals_off)


def _titled(made: Made, candidate: Candidate) -> dict[str, str]:
    """The groups that the title names, or the data by their concept."""
    titles = [read(each.text, each.language) for each in candidate.titles]
    return {
        group.surface: "title"
        for group in made.plan.groups
        if any(title.place(group) for title in titles) or any(each in candidate.concepts for each in group.concepts)
    }
