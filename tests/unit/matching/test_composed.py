"""Goods named in parts."""

from datetime import date

import pytest

from matching.profile import OfferProfile
from matching.reader.offer import read_offer
from matching.reader.quantities import read_quantity
from matching.reader.request import read_request
from search.analysis import lexicon


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("solid coconut sap sugar in moulds", "en", "coconut-sugar-block"),
        ("sugar from coconut", "en", "coconut-sugar"),
        ("six-sided coconut charcoal", "en", "briquette-bbq"),
        ("Shisha-Briketts aus Kokosschalen", "de", "briquette-shisha"),
        ("briket BBQ tempurung kelapa", "id", "briquette-bbq"),
    ],
)
def test_parts_side_by_side_make_one_name(text: str, lang: str, goods: str) -> None:
    assert read_request(text, lang=lang, posted=date(2026, 11, 22)).goods == (goods,)
    offered = OfferProfile(key="o", seller="s", titles={lang: text})
    assert read_offer(offered, lexicon())[1].goods == (goods,)


@pytest.mark.parametrize("text", ["coconut, sugar", "coconut or sugar", "sugar without coconut"])
def test_a_comma_an_or_and_a_refusal_part_them(text: str) -> None:
    assert "coconut-sugar" not in read_request(text, lang="en").goods


@pytest.mark.parametrize(
    ("text", "lang", "amount"),
    [
        ("2个货柜椰糖", "zh", 38000),
        ("两个20尺柜", "zh", 38000),
        ("40尺高柜3个", "zh", 72000),
        ("Two containers of cashew", "en", 38000),
        ("cashew W320, 2 t", "en", 2000),
        ("2 kontainer 20 kaki", "id", 38000),
        ("1 Container (20 Fuß)", "de", 19000),
        ("香茅油2桶,每桶180公斤", "zh", 360),
        ("2 Paletten à 400 kg", "de", 800),
    ],
)
def test_containers_and_packs(text: str, lang: str, amount: float) -> None:
    found = read_quantity(text, lang)
    assert found is not None
    assert (found.amount, found.unit) == (amount, "kg")


def test_a_number_before_piece_goods_is_a_quantity() -> None:
    assert (read := read_request("2,000 coir doormats to Hamburg", lang="en")).quantity == 2000
    assert read.unit == "pcs"
    assert read_request("200 cloves", lang="en").quantity is None


def test_right_words_are_not_repaired_into_names() -> None:
    assert read_request("5,000 pairs of leather sandals to Spain", lang="en").destinations == ("ES",)
