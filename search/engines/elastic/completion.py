"""Completion while typing, from the indexed beginnings of words."""

from typing import Any

from search.engines.elastic.body import lift
from search.engines.elastic.columns import LOOK, look_of
from search.highlight import choose_language
from search.query import MAX_TEXT, MAX_WORD_LENGTH
from search.results import Suggestion
from search.terms import surface_words

_WORDS = 6

Json = dict[str, Any]


def request(prefix: str, language: str, *, limit: int, kind: str) -> Json | None:
    """The search behind a completion; None when there is nothing to complete."""
    wanted = [word[:MAX_WORD_LENGTH] for word in surface_words(prefix[:MAX_TEXT], language)][:_WORDS]
    if not wanted or limit < 1:
        return None
    held: list[Json] = [{"prefix": {"surface": {"value": word}}} for word in wanted]
    if kind:
        held.append({"term": {"kind": kind}})
    return {
        "query": {
            "function_score": {
                "query": {"bool": {"filter": held, "must": [{"match_all": {}}]}},
                "functions": [{"weight": 1.0}, lift()],
                "score_mode": "sum",
                "boost_mode": "replace",
            }
        },
        "size": limit * 4,
        "sort": [{"_score": "desc"}, {"key": "asc"}],
        "track_total_hits": False,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["key", "kind", LOOK],
    }


def completions(answer: Json, language: str, *, limit: int) -> list[Suggestion]:
    """Each title once, in the reader's language where there is one."""
    found: dict[str, Suggestion] = {}
    for each in answer["hits"]["hits"]:
        look, fields = look_of(each), each["fields"]
        chosen = choose_language(look.titles, language, look.original)
        if title := look.titles.get(chosen):  # one of thousands of letters is no suggestion, and left out of the column
            found.setdefault(title, Suggestion(title, fields["kind"][0], int(fields["key"][0])))
    return list(found.values())[:limit]
