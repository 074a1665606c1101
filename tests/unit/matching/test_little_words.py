"""Little words that turn a request: a bound in brackets, "ohne", "or not", a head said once, packs counted apart."""

from datetime import date
from typing import Any

import pytest

from matching.matcher import SupplierMatcher
from matching.profile import Held, OfferProfile
from matching.reader.offer import OfferReading, read_offer
from matching.reader.request import read_request
from search.analysis import lexicon

POSTED = date(2026, 11, 22)


def offered(title: str, description: str = "", lang: str = "en", **more: Any) -> OfferReading:
    offer = OfferProfile("1", "s", titles={lang: title}, descriptions={lang: description}, **more)
    return read_offer(offer, lexicon())[1]


@pytest.mark.parametrize(
    ("lang", "text", "price"),
    [
        ("zh", "椰壳烧烤炭18吨,700美元/吨左右(最高850),仁川", 0.85),
        ("en", "coconut sugar 5 t, target 3.20 usd/kg, max 3.50", 3.5),
        ("de", "Kokosblütenzucker 5 t, Ziel 3,20 EUR/kg (höchstens 3,40)", 3.4),
        ("en", "coconut sugar 5 t, 3.20 usd/kg, max 10 days", 3.2),
        ("en", "coconut sugar, 3.20 usd/kg, max 25 kg bags, 5 t", 3.2),
    ],
)
def test_the_bound_of_a_price_counts(lang: str, text: str, price: float) -> None:
    read = read_request(text, lang=lang, posted=POSTED).price
    assert read is not None
    assert read.amount == pytest.approx(price)


def test_a_grade_after_what_is_refused_is_wanted() -> None:
    read = read_request("Muskatnüsse ohne Schale ABCD, 4 t", lang="de")
    assert set(read.attributes) == {"hull-shelled", "nutmeg-abcd"}
    assert read.excluded_attributes == ()
    assert read_request("VCO 500 liter, jangan yang RBD", lang="id").excluded_goods == ("coconut-oil-rbd",)


def test_a_refusal_reaches_over_a_slash() -> None:
    read = read_request("well fermented cocoa beans, 2 t, no FAQ / unfermented please", lang="en")
    assert (read.attributes, read.excluded_attributes) == (("fermented",), ("unfermented",))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "冷冻香兰叶200箱(每箱10公斤),清真不清真都行"),
        ("en", "frozen pandan leaves 2 t, halal or not"),
        ("id", "daun pandan beku 2 ton, halal atau tidak"),
    ],
)
def test_a_paper_that_may_be_or_not_is_no_condition(lang: str, text: str) -> None:
    assert read_request(text, lang=lang).certificates == ()


@pytest.mark.parametrize(
    ("lang", "text", "goods"),
    [
        ("en", "crisps made of cassava or banana, 500 kg", {"cassava-chips-snack", "banana-chips"}),
        ("en", "banana or cassava chips 500 kg", {"cassava-chips-snack", "banana-chips"}),
        ("de", "Bananen- oder Maniokchips 300 kg", {"cassava-chips-snack", "banana-chips"}),
        ("id", "keripik pisang atau singkong 300 kg", {"cassava-chips-snack", "banana-chips"}),
        ("en", "banana chips or vanilla beans, 300 kg", {"banana-chips", "vanilla-beans"}),
    ],
)
def test_a_head_said_once_is_of_all_goods_side_by_side(lang: str, text: str, goods: set[str]) -> None:
    assert set(read_request(text, lang=lang).goods) == goods


def test_packs_counted_apart_from_their_size_are_an_amount() -> None:
    read = read_request("pandan leaves frozen, 20kg ctns, 150 ctn. Utrecht", lang="en")
    assert (read.quantity, read.unit) == (3000, "kg")
    assert read_request("coconut sugar in 25kg bags", lang="en").quantity is None
    assert read_request("20 bags or 30 bags of coconut sugar, 25kg bags", lang="en").unit != "kg"


@pytest.mark.parametrize(
    ("lang", "text", "quantity", "unit"),
    [
        ("de", "Holzlöffel aus Teak, 3 Gros", 432, "pcs"),
        ("en", "prayer beads 33 pcs wooden, 3000 strings, Istanbul", 3000, "pcs"),
        ("zh", "大米 100米袋装", None, None),
        ("zh", "蜡染布 200米", 200, "metre"),
    ],
)
def test_counts_are_what_they_count(lang: str, text: str, quantity: float | None, unit: str | None) -> None:
    read = read_request(text, lang=lang)
    assert (read.quantity, read.unit, read.lines) == (quantity, unit, ())


def test_words_that_only_look_like_others() -> None:
    assert read_request("we sell out in NO time; 500 kg cloves", lang="en").destinations == ()
    assert read_request("500 kg cloves to NO", lang="en").destinations == ("NO",)
    assert read_request("300 Bambusfächer", lang="de").goods == ("umbrella-fan",)
    assert read_request("300 Schubfächer", lang="de").goods == ()
    assert read_request("can't go above 1.4 usd/kg for coconut sugar", lang="en").attributes == ()
    assert read_request("catappa leafs 50 kg", lang="en").goods == ("ketapang-leaf",)


def test_other_goods_named_in_a_description_are_not_offered() -> None:
    read = offered("carved panel Allah Muhammad", "Made to order. Other item: cascara tea.")
    assert "coffee-cascara" not in read.goods
    held = offered(
        "Java green tea", "bulk certified: Rainforest Alliance (valid until 2029-04-13) Other item: beeswax."
    )
    assert set(held.certificates) == {"rainforest-alliance"}


def test_a_form_leaves_a_closer_word_of_the_title_as_it_is() -> None:
    read = offered("shisha briquettes 25 mm", attributes={"shape": "cube"})
    assert read.attributes["shape"] == {"shape-cube", "shape-cube-25"}
    other = offered("shisha briquettes cubes 25 mm", attributes={"shape": "flat"})
    assert other.attributes["shape"] == {"shape-flat"}


def seller_of_nutmeg(key: str, *papers: str) -> OfferProfile:
    return OfferProfile(key, key, titles={"en": "Nutmeg ABCD"}, certificates=tuple(Held(each) for each in papers))


def test_a_paper_of_each_lot_rules_nobody_out_where_nobody_states_one() -> None:
    asked = read_request("nutmeg ABCD, 2 t, aflatoxin analysis, halal", lang="en")
    matcher = SupplierMatcher().fit([seller_of_nutmeg("1", "HALAL"), seller_of_nutmeg("2")])
    answer = matcher.recommend(asked, today=POSTED)
    assert [each.offer for each in answer.matches] == ["1"]  # halal is of the seller, not of the lot
    assert answer.matches[0].verdict.unknown.count("paper") == 1
    matcher.update(seller_of_nutmeg("3", "HALAL", "AFLA"))
    assert [each.offer for each in matcher.recommend(asked, today=POSTED).matches] == ["3"]
