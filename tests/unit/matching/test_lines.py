"""Requests of several lines: who serves all of them comes first, every line is explained, nothing is mixed up."""

import json
from datetime import date
from pathlib import Path

import pytest

from matching.explain import obstacles, strengths
from matching.files import rank_files
from matching.matcher import SupplierMatcher
from matching.profile import OfferProfile, Understood
from matching.reader.request import read_request

TODAY = date(2026, 11, 22)
BOTH = "We need 5 t coconut sugar and 2 t virgin coconut oil, to Hamburg"


def offer(seller: str, title: str, capacity: float = 20_000) -> OfferProfile:
    return OfferProfile(
        key=f"{seller}-{title}", seller=seller, titles={"en": title}, minimum=100, monthly_capacity=capacity
    )


OFFERS = [
    offer("both", "Coconut sugar", 9000),
    offer("both", "Virgin coconut oil", 9000),
    offer("oil", "Virgin coconut oil"),
    offer("small", "Coconut sugar"),
    offer("small", "Virgin coconut oil", 50),
    offer("aren", "Arenga palm sugar"),
]


@pytest.fixture(scope="module")
def matcher() -> SupplierMatcher:
    return SupplierMatcher().fit(OFFERS)


def test_who_serves_all_lines_comes_first_then_each_lines_best(matcher: SupplierMatcher) -> None:
    found = matcher.recommend(read_request(BOTH, lang="en", posted=TODAY))
    assert found.matches[0].seller == "both"
    assert {each.seller for each in found.matches[1:3]} == {"oil", "small"}
    assert found.matches[-1].seller == "aren"
    assert [each.score for each in found.matches] == sorted((each.score for each in found.matches), reverse=True)
    assert len({each.seller for each in found.matches}) == len(found.matches)
    assert len(found.lines) == 2
    assert found.confidence == max(found.lines)


def test_every_line_is_explained(matcher: SupplierMatcher) -> None:
    found = {each.seller: each for each in matcher.recommend(read_request(BOTH, lang="en", posted=TODAY)).matches}
    told = strengths(found["both"])
    assert told[0] == {"code": "lines", "stance": "for", "values": {"served": 2, "lines": 2}}
    assert {each["values"]["goods"] for each in told[1:3]} == {"coconut-sugar", "coconut-oil-virgin"}
    assert obstacles(found["both"]) == []
    hindered = obstacles(found["small"])
    assert [(each["code"], each["stance"], each["values"]["of_goods"]) for each in hindered] == [
        ("capacity", "against", "coconut-oil-virgin")
    ]
    assert (found["small"].served, found["both"].served) == (1, 2)
    alike = strengths(found["aren"])
    assert "lines" not in {each["code"] for each in alike}  # goods of the same group serve no line


def test_one_line_is_answered_as_before(matcher: SupplierMatcher) -> None:
    one = matcher.recommend(read_request("5 t coconut sugar to Hamburg", lang="en", posted=TODAY))
    assert all(each.lines == 1 and not each.further for each in one.matches)
    assert one.lines == ()


@pytest.mark.parametrize(
    "text",
    [
        "5 t coconut sugar or 2 t virgin coconut oil",
        "coconut sugar and palm sugar, 5 t",
        "5 t cashew kernels W240 and 3 t cashew kernels W320",
        "coconut oil maker needs 5 t copra, 3 months",
        "",
        "5 t 2 t 3 t",
    ],
)
def test_alternatives_and_single_goods_are_no_lines(text: str) -> None:
    assert read_request(text, lang="en", posted=TODAY).lines == ()


@pytest.mark.parametrize(
    ("lang", "text", "organic"),
    [
        ("en", "organic coconut sugar 5 t, virgin coconut oil 2 t", [True, False]),
        ("en", "5 t coconut sugar and 2 t organic virgin coconut oil", [False, True]),
        ("en", "5 t coconut sugar, 2 t virgin coconut oil, both organic", [True, True]),
        ("de", "5 t Kokosblütenzucker und 2 t natives Kokosöl, alles bio", [True, True]),
        ("id", "5 ton gula kelapa organik dan 2 ton VCO", [True, False]),
        ("zh_Hans", "有机椰子糖5吨，初榨椰子油2吨", [True, False]),
    ],
)
def test_what_is_said_of_one_line_is_not_asked_of_another(lang: str, text: str, organic: list[bool]) -> None:
    lines = read_request(text, lang=lang, posted=TODAY).lines
    assert [
        any(name.startswith("organic") for group in each.certificates for name in group) for each in lines
    ] == organic


def test_places_of_chips_stay_true_to_the_whole_text() -> None:
    got = read_request(BOTH, lang="en", posted=TODAY)
    assert got.text == BOTH
    assert all(BOTH[each.source.start : each.source.end] == each.source.text for each in got.understood)
    assert all(each.destinations == ("DE",) for each in got.lines)


def test_taking_the_goods_of_a_line_away_takes_the_line() -> None:
    got = read_request(BOTH, lang="en", posted=TODAY)
    chip = next(each for each in got.understood if each.value == "coconut-oil-virgin")
    left = got.without(chip)
    assert (left.goods, left.lines) == (("coconut-sugar",), ())
    assert got.without(Understood("goods", "never-read")) == got


def test_a_form_with_lines_is_ranked_from_files(tmp_path: Path) -> None:
    lines = [
        {"product": "coconut sugar", "quantity": 5000, "unit": "kg"},
        {"product": "VCO", "quantity": 2000, "unit": "kg"},
    ]
    entries = [
        {"offer_id": f"O{place}", "supplier_id": each.seller, "title": each.titles["en"], "moq": 100}
        for place, each in enumerate(OFFERS)
    ]
    (tmp_path / "offers.jsonl").write_text("\n".join(map(json.dumps, entries)), "utf-8")
    requests = [
        {"request_id": "R1", "text": "to Hamburg", "fields": {"lines": lines}},
        {"request_id": "R2", "text": "x", "fields": {"lines": ["?", None, {}]}},
        {"request_id": "R3", "text": "5 t coconut sugar", "fields": {"lines": "nonsense"}},
    ]
    (tmp_path / "requests.jsonl").write_text("\n".join(map(json.dumps, requests)), "utf-8")
    assert rank_files(tmp_path / "offers.jsonl", tmp_path / "requests.jsonl", tmp_path / "run.jsonl") == 3
    run = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text("utf-8").splitlines()]
    sellers = {entry["offer_id"]: entry["supplier_id"] for entry in entries}
    assert {sellers[each["id"]] for each in run[0]["ranking"][:2]} == {"both", "small"}
    assert all(each["id"] == each["offer_id"] for each in run[0]["ranking"])
    assert set(run[0]["ranking"][0]) == {"id", "offer_id", "score", "reasons"}
    assert run[1]["ranking"] == []
    assert run[2]["ranking"]


def test_a_variety_tells_goods_with_less_certainty() -> None:
    greens = [OfferProfile(key=f"g{n}", seller=f"g{n}", titles={"en": "Arabica green coffee beans"}) for n in range(3)]
    matcher = SupplierMatcher().fit(greens)
    named = matcher.recommend(read_request("arabica green beans, Caturra, 2 t", lang="en", posted=TODAY))
    told = matcher.recommend(read_request("Caturra, 2 t", lang="en", posted=TODAY))
    assert len(told.matches) == 3
    assert told.confidence < named.confidence


def test_a_range_meets_a_minimum_with_its_upper_end_and_a_capacity_with_its_lower() -> None:
    def asked(minimum: float, capacity: float) -> int:
        offer = OfferProfile(
            key="o", seller="s", titles={"en": "coconut sugar"}, minimum=minimum, monthly_capacity=capacity
        )
        request = read_request("coconut sugar 5-10 t each month", lang="en", posted=TODAY)
        return SupplierMatcher().fit([offer]).recommend(request).matches[0].grade

    assert asked(9000, 20_000) == 3
    assert asked(1000, 5500) == 3
    assert asked(12_000, 20_000) == 2
