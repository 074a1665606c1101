"""Eight markets and their requests, written without sight of lexicon and reader, ranked by the path of the site."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from matching.evaluate import auroc, hit_at_one, mean, ndcg, recall
from matching.files import offer_from, rank, request_from

_FOLDER = Path(__file__).parent
_SETS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
# A little below what is measured now; at first sight nDCG@10 was 0.855, 0.811, 0.811, 0.880, 0.862, 0.839,
# 0.897 and 0.875.
_NDCG = {
    "first": 0.94,
    "second": 0.95,
    "third": 0.89,
    "fourth": 0.93,
    "fifth": 0.93,
    "sixth": 0.9,
    "seventh": 0.94,
    "eighth": 0.9,
}
_RECALL = {
    "first": 0.95,
    "second": 0.95,
    "third": 0.9,
    "fourth": 0.93,
    "fifth": 0.93,
    "sixth": 0.92,
    "seventh": 0.94,
    "eighth": 0.91,
}
_IN_EACH_LANGUAGE = 0.86
_LARGE = ("seventh", "eighth")


def _lines(name: str, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_FOLDER / name / f"{kind}.jsonl").read_text("utf-8").splitlines()]


@cache
def _answers(name: str) -> list[tuple[str, list[str], dict[str, int], float]]:
    """Language, sellers as ranked, grades by seller, and confidence of every request."""
    sellers = {each["offer_id"]: each["supplier_id"] for each in _lines(name, "offers")}
    grades: dict[str, dict[str, int]] = {}
    for pair in _lines(name, "judgements"):
        of_request = grades.setdefault(pair["request_id"], {})
        of_request[pair["supplier_id"]] = max(of_request.get(pair["supplier_id"], 0), pair["grade"])
    asked = _lines(name, "requests")
    ranked = rank([offer_from(each) for each in _lines(name, "offers")], [request_from(each) for each in asked])
    return [
        (
            request["lang"],
            [sellers[each["offer_id"]] for each in line["ranking"]],
            grades.get(request["request_id"], {}),
            line["confidence"],
        )
        for request, line in zip(asked, ranked, strict=True)
    ]


@pytest.mark.parametrize("name", _SETS)
def test_a_set_is_whole(name: str) -> None:
    requests, offers = _lines(name, "requests"), {each["offer_id"] for each in _lines(name, "offers")}
    assert len({each["text"] for each in requests}) == (110 if name in _LARGE else 80)
    assert len(offers) >= 450
    assert [pair for pair in _lines(name, "judgements") if pair["offer_id"] not in offers] == []
    unserved = {each["request_id"] for each in requests} - {
        pair["request_id"] for pair in _lines(name, "judgements") if pair["grade"] > 0
    }
    assert len(unserved) == (9 if name in _LARGE else 7)


@pytest.mark.parametrize("name", _SETS)
def test_requests_of_strangers_find_who_can_serve_them(name: str) -> None:
    found = _answers(name)
    assert (mean([ndcg(ranking, grades) for _, ranking, grades, _ in found]) or 0) >= _NDCG[name]
    assert (mean([recall(ranking, grades) for _, ranking, grades, _ in found]) or 0) >= _RECALL[name]
    assert (mean([hit_at_one(ranking, grades) for _, ranking, grades, _ in found]) or 0) >= 0.88


@pytest.mark.parametrize("name", _SETS)
def test_no_language_is_left_behind(name: str) -> None:
    for language in ("en", "id", "de", "zh"):
        own = [each for each in _answers(name) if each[0][:2] == language]
        assert len(own) >= 16
        assert (mean([ndcg(ranking, grades) for _, ranking, grades, _ in own]) or 0) >= _IN_EACH_LANGUAGE, language


@pytest.mark.parametrize("name", _SETS)
def test_what_nobody_can_serve_is_told(name: str) -> None:
    found = _answers(name)
    served = [confidence for *_, grades, confidence in found if any(grades.values())]
    unserved = [confidence for *_, grades, confidence in found if not any(grades.values())]
    assert (auroc(served, unserved) or 0) >= 0.95
