"""A query as the JSON of a search request. What people type only ever stands in the place of a value."""

from collections.abc import Iterable
from typing import Any

from search import ranking
from search.engines.elastic.columns import PRIOR, SAID, asked_for, counts_all_signals
from search.engines.facets import applying_to, ranges, selected
from search.plan import ANALYSES, Group, Plan
from search.query import CERTIFICATE, CertificateFilter, FacetWanted, Filter, NumberFilter, Query
from search.schema import SPEC_PREFIX, Schema

Json = dict[str, Any]
PART = ":"  # between the name of a facet and one of its counts


def request(query: Query, plan: Plan, *, is_relaxed: bool) -> Json:
    """The search for hits: text and filters, page and order."""
    shared, parted = _split(query)
    body: Json = {
        "query": scored(query, plan, shared, is_relaxed=is_relaxed),
        "from": query.offset,
        "size": query.size,
        "track_total_hits": True,
        "sort": order(query, plan),
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": asked_for(query),
        # hits that stand in the order of their scores have these already: with this they would be worked out again
        "track_scores": bool(query.sort.field),
    }
    if is_looked_at_again(query, plan):  # the first hundred come, for the second look
        body["from"], body["size"] = 0, max(ranking.RERANKED, query.offset + query.size)
    if parted:
        body["post_filter"] = {"bool": {"filter": [clause(each, query) for each in parted]}}
    return body


def counting(query: Query, plan: Plan, schema: Schema, *, is_relaxed: bool) -> Json:
    """The search for facets alone. Counted along with the hits every document would be scored twice as slowly, and the
    server remembers the answer to what asks for no hits."""
    shared, parted = _split(query)
    counts: Json = {}
    for number, each in enumerate(query.facets):
        counts |= facet(f"facet_{number}", each, query, parted, schema)
    held = _held(query, plan, shared, is_relaxed=is_relaxed)
    return {"query": {"bool": {"filter": held}}, "size": 0, "track_total_hits": False, "aggs": counts}


def single(query: Query, plan: Plan, key: int, *, is_relaxed: bool) -> Json:
    """Whether one document is an answer to a query, with its score and signals, and which groups it has."""
    body: Json = {
        "query": {
            "bool": {
                "must": [scored(query, plan, query.all_filters, is_relaxed=is_relaxed)],
                "filter": [{"term": {"key": key}}],
            }
        },
        "size": 1,
        "_source": ["signals"],
    }
    groups = {str(number): {"filter": group_clause(group)} for number, group in enumerate(plan.groups)}
    own = {"filter": {"bool": {"filter": [{"term": {"kind": query.kind}}, {"term": {"key": key}}]}}}
    body["aggs"] = {"all": {"global": {}, "aggs": {"own": own | ({"aggs": groups} if groups else {})}}}
    return body


def is_looked_at_again(query: Query, plan: Plan) -> bool:
    """Whether the page is among the hits that get a second look."""
    asks_words = any(not group.prefix for group in plan.groups)
    return asks_words and not query.sort.field and query.offset < ranking.RERANKED


def _split(query: Query) -> tuple[list[Filter], list[Filter]]:
    """Filters that hold for every facet, and those that some facet must not feel."""
    filters = list(dict.fromkeys(query.all_filters))
    parted = [each for each in filters if any(each not in applying_to(wanted, filters) for wanted in query.facets)]
    return [each for each in filters if each not in parted], parted


def scored(query: Query, plan: Plan, filters: Iterable[Filter], *, is_relaxed: bool) -> Json:
    """Text, filters and the document's own signals."""
    bool_query: Json = {"filter": _held(query, plan, filters, is_relaxed=is_relaxed)}
    all_words: list[Json] = []
    if is_relaxed:
        all_words.append({"filter": matching(plan, is_relaxed=False), "weight": ranking.ALL_WORDS})
    if plan.groups:
        bool_query["should"] = _text_scores(plan)
    else:
        bool_query["must"] = [{"match_all": {}}]
    return {
        "function_score": {
            "query": {"bool": bool_query},
            "functions": [{"weight": 1.0}, *all_words, *_signals(query)],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def _held(query: Query, plan: Plan, filters: Iterable[Filter], *, is_relaxed: bool) -> list[Json]:
    """What every document has that is found."""
    held = filters_of(query, filters)
    if plan.groups:
        held.append(matching(plan, is_relaxed=is_relaxed))
    elif query.words.strip():
        held.append({"match_none": {}})
    return held


def filters_of(query: Query, filters: Iterable[Filter]) -> list[Json]:
    """The kind of documents, and some of the query's filters."""
    return [{"term": {"kind": query.kind}}, *(clause(each, query) for each in filters)]


def matching(plan: Plan, *, is_relaxed: bool) -> Json:
    """Documents with every group, or with enough of them, or with one that names goods."""
    groups = [group_clause(group) for group in plan.groups]
    if not is_relaxed:
        return {"bool": {"filter": groups}}
    enough = {"bool": {"should": groups, "minimum_should_match": plan.required}}
    goods = [clause for clause, group in zip(groups, plan.groups, strict=True) if group.is_goods]
    return {"bool": {"should": [enough, *goods], "minimum_should_match": 1}}


def group_clause(group: Group) -> Json:
    """Documents about one group: its words in one language, its concept, or its code."""
    ways = [_words(analysis, text, "and") for analysis, text in _readings(group)]
    for concept in group.concepts:
        ways.append({"term": {"concepts": {"value": concept}}})
        ways.append({"term": {"mentions": {"value": concept}}})
    if group.prefix:
        ways.append({"prefix": {"codes": {"value": group.prefix}}})
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _readings(group: Group) -> list[tuple[str, str]]:
    """The text of a group for each analyzer; Chinese is cut by us, the rest by the server."""
    found = []
    for analysis in ANALYSES:
        variant = group.variants.get(analysis, ())
        if variant:
            found.append((analysis, " ".join(variant) if analysis == "zh" else group.surface))
            found += [(analysis, text) for text in group.joined if analysis != "zh"]
    return found


def _words(analysis: str, text: str, operator: str) -> Json:
    return {"match": {f"{SAID}.{analysis}": {"query": text, "operator": operator}}}


def _text_scores(plan: Plan) -> list[Json]:
    """The best language's words, and the meaning that no language holds alone."""
    by_language = []
    for analysis in ANALYSES:
        text = " ".join(text for group in plan.groups for name, text in _readings(group) if name == analysis)
        if text:
            by_language.append(_words(analysis, text, "or"))
    scores: list[Json] = [{"dis_max": {"queries": by_language, "tie_breaker": 0.1}}] if by_language else []
    for group in plan.groups:
        for concept in group.concepts:
            scores.append({"term": {"concepts": {"value": concept, "boost": ranking.CONCEPT}}})
            scores.append({"term": {"mentions": {"value": concept, "boost": ranking.MENTION}}})
        if group.prefix:
            scores.append({"prefix": {"codes": {"value": group.prefix, "boost": ranking.CODE}}})
    return scores


def _signals(query: Query) -> list[Json]:
    """What the signals add to a weight of 1. All together they are one column: five are read thrice as long, of every
    document that is found."""
    if counts_all_signals(query):
        return [lift()]
    return [
        {"field_value_factor": {"field": f"signals.{name}", "factor": weight, "missing": 0}}
        for name, weight in sorted(ranking.SIGNALS.items())
        if name not in query.signals_off
    ]


def lift() -> Json:
    """The part of a score that all signals together give."""
    return {"field_value_factor": {"field": PRIOR, "missing": 0}}


def order(query: Query, plan: Plan) -> list[Json]:
    """Equals stand in order of key, so that pages never overlap."""
    if query.sort.field:
        direction = "desc" if query.sort.is_descending else "asc"
        return [_by_number(query.sort.field, direction), {"key": "asc"}]
    if plan.groups:
        return [{"_score": "desc"}, {"key": "asc"}]
    return [{"_score": "desc"}, _by_number("listed_at", "desc"), {"key": "asc"}]


def _by_number(field: str, direction: str) -> Json:
    if field.startswith(SPEC_PREFIX):
        nested = {"path": "specs", "filter": {"term": {"specs.name": field}}}
        return {"specs.number": {"order": direction, "missing": "_last", "nested": nested}}
    return {f"numbers.{field}": {"order": direction, "missing": "_last", "unmapped_type": "double"}}


def clause(each: Filter, query: Query) -> Json:
    """One filter."""
    if isinstance(each, NumberFilter):
        bounds = {name: value for name, value in (("gte", each.low), ("lte", each.high)) if value is not None}
        if not each.field.startswith(SPEC_PREFIX):
            return {"range": {f"numbers.{each.field}": bounds}}
        return _spec(each.field, {"range": {"specs.number": bounds}})
    if isinstance(each, CertificateFilter):
        single = [_certificate([code], query) for code in each.codes]
        return {"bool": {"filter": single}} if each.all_required else _certificate(list(each.codes), query)
    single = [_value(each.field, [value]) for value in each.values]
    return {"bool": {"filter": single}} if each.all_required and single else _value(each.field, list(each.values))


def _value(field: str, values: list[str]) -> Json:
    if field.startswith(SPEC_PREFIX):
        return _spec(field, {"terms": {"specs.value": values}})
    return {"terms": {f"keywords.{field}": values}}


def _spec(name: str, condition: Json) -> Json:
    inside = {"bool": {"filter": [{"term": {"specs.name": name}}, condition]}}
    return {"nested": {"path": "specs", "query": inside}}


def _certificate(codes: list[str], query: Query) -> Json:
    inside = {"bool": {"filter": [{"terms": {"certificates.code": codes}}, _valid(query)]}}
    return {"nested": {"path": "certificates", "query": inside}}


def _valid(query: Query) -> Json:
    if query.day is None:
        return {"match_all": {}}
    return {"range": {"certificates.last_day": {"gte": query.day.isoformat()}}}


def facet(name: str, wanted: FacetWanted, query: Query, parted: list[Filter], schema: Schema) -> Json:
    """Counts of one field under every filter of the others; without any they stand alone, which is counted faster."""
    filters = [clause(each, query) for each in applying_to(wanted, parted)]
    counts = _counts(wanted, query, schema)
    if not filters:
        return {f"{name}{PART}{part}": count for part, count in counts.items()}
    return {name: {"filter": {"bool": {"filter": filters}}, "aggs": counts}}


def _counts(wanted: FacetWanted, query: Query, schema: Schema) -> Json:
    chosen = selected(wanted.field, query.all_filters)
    if wanted.field == CERTIFICATE:
        inner = {"valid": {"filter": _valid(query), "aggs": _terms("certificates.code", wanted, chosen)}}
        return {"nested": {"nested": {"path": "certificates"}, "aggs": inner}}
    if wanted.field.startswith(SPEC_PREFIX):
        counts = _numbers("specs.number", wanted)
        if not wanted.edges:
            counts |= _terms("specs.value", wanted, chosen)
        inner = {"named": {"filter": {"term": {"specs.name": wanted.field}}, "aggs": counts}}
        return {"nested": {"nested": {"path": "specs"}, "aggs": inner}}
    counts = _numbers(f"numbers.{wanted.field}", wanted) if schema.knows_number(wanted.field) else {}
    if wanted.edges or not schema.knows_keyword(wanted.field):
        return counts
    return counts | _terms(f"keywords.{wanted.field}", wanted, chosen)


def _terms(field: str, wanted: FacetWanted, chosen: tuple[str, ...]) -> Json:
    counts: Json = {
        "values": {"terms": {"field": field, "size": wanted.size, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
    }
    if chosen:
        counts["chosen"] = {"terms": {"field": field, "size": len(chosen), "include": list(chosen)}}
    return counts


def _numbers(field: str, wanted: FacetWanted) -> Json:
    counts: Json = {"span": {"stats": {"field": field}}}
    if wanted.edges:
        spans = [
            {name: value for name, value in (("from", low), ("to", high)) if value is not None}
            for low, high in ranges(wanted.edges)
        ]
        counts["ranges"] = {"range": {"field": field, "ranges": spans}}
    return counts
