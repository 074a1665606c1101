"""Fifty hostile strings in every parameter: an answer or a clear refusal, nothing private, no runaway."""

from __future__ import annotations

from time import process_time

import pytest

from search.engine import Engine
from search.errors import QueryRefused
from search.parser import parse
from search.query import CertificateFilter, FacetWanted, KeywordFilter, NumberFilter, Query, Sort
from tests.contract.search.corpus import TODAY

HOSTILE = [
    "", " ", "\x00", "a\x00b", "\x1b[2J", "\u200b\u200d", "\ud800", "\udfff x", "\ufeff", "\u202eabc",
    "a" * 40_000, "a " * 20_000, "咖" * 40_000, "é" * 40_000, "🙂" * 500, "🙂 coffee", "0" * 300, "9" * 40_000,
    "AND", "OR", "NOT", "NEAR", "AND OR NOT", "coffee AND", "NEAR(coffee, 5)", "coffee*", "*", "?", "^coffee",
    '"', '""', '"coffee', "'", "';--", "' OR 1=1 --", "x'); DROP TABLE search_words; --", "title:coffee",
    "{title} : coffee", "search_words", "-title : x", "(", ")", "((((", "))))(", "[1 TO *]", "_exists_:secret",
    "/.*/", "coffee~9", "a\\", "\\u0000", '{"match_all":{}}', '"}},{"query":{"script":"1"}}', "${jndi:ldap://x}",
    "<script>alert(1)</script>", "{{7*7}}", "%00%0a", "../../etc/passwd", "кофе арабика", "قهوة", "กาแฟ", "커피 원두",
    "ｃｏｆｆｅｅ", "ﬁne", "İstanbul", "ß", "a\u0301\u0301\u0301", "1e999", "NaN", "Infinity", "-1",
    "1/0", "hs", "hs hs hs",
    "under", "under usd/kg", "under 99999999999999999999 usd/kg", "cup score above", "> > >", "<= 0 %",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh_Hant", "xx"])
def test_as_text(filled: Engine, text: str, language: str) -> None:
    query = parse(text, language, day=TODAY)
    results = filled.search(query)
    assert 0 <= results.total <= 7
    assert filled.suggest(text, language) is not None


@pytest.mark.parametrize("text", HOSTILE)
def test_as_value(filled: Engine, text: str) -> None:
    for each in (KeywordFilter("stage", (text,)), KeywordFilter("spec.process", (text,)), CertificateFilter((text,))):
        try:
            query = Query(filters=(each,), facets=(FacetWanted("stage"), FacetWanted("certificate")), day=TODAY)
        except QueryRefused:
            continue
        assert filled.search(query).total == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_as_field(filled: Engine, text: str) -> None:
    for make in (
        lambda: Query(filters=(KeywordFilter(text, ("x",)),)),
        lambda: Query(filters=(NumberFilter(text, low=1),)),
        lambda: Query(facets=(FacetWanted(text),)),
        lambda: Query(sort=Sort(text or "?")),
        lambda: Query(kind=text[:200]),
    ):
        try:
            assert filled.search(make()).total == 0
        except QueryRefused:
            continue


@pytest.mark.parametrize("text", HOSTILE)
def test_as_open_field(filled: Engine, text: str) -> None:
    name = f"spec.{text}"
    try:
        query = Query(filters=(KeywordFilter(name, ("x",)),), facets=(FacetWanted(name[:200]),), sort=Sort(name[:200]))
    except QueryRefused:
        return
    assert filled.search(query).total == 0


@pytest.mark.parametrize("bound", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_none(bound: float) -> None:
    with pytest.raises(QueryRefused):
        Query(filters=(NumberFilter("price_usd_kg", low=bound),))


def test_nothing_costs_much_more_than_a_normal_search(filled: Engine) -> None:
    def cost(text: str) -> float:
        best = 9.9
        for _ in range(3):
            started = process_time()
            filled.search(parse(text, "en", day=TODAY))
            best = min(best, process_time() - started)
        return best

    normal = max(cost("arabica green coffee from ijen"), 0.01)
    worst = max(HOSTILE, key=cost)
    assert cost(worst) <= 5 * normal, worst
