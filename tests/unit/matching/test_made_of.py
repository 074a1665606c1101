"""Goods told by what they are made of, compounds with an unknown head, counts of trades, and buyers named organic."""

from datetime import date

import pytest

from matching.profile import RequestProfile
from matching.reader.request import read_request


def read(text: str, lang: str) -> RequestProfile:
    return read_request(text, lang=lang, posted=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("sweetener made from the sap of the coconut palm, 2 t", "en", "coconut-sugar"),
        ("Süßungsmittel aus dem Nektar der Kokosblüte, 3 t", "de", "coconut-sugar"),
        ("gula semut dr pohon enau 1 ton", "id", "palm-sugar-aren"),
        ("Teak wood bowls 500 pcs", "en", "wooden-tableware"),
        ("satchels of goat leather, 40 pcs", "en", "leather-bag"),
        ("oil pressed from moringa seeds, 20 litres", "en", "moringa-oil"),
        ("Lavasteinmörser 50 Stück", "de", "stone-mortar"),
        ("Bambusduftkerzen 500 Stück", "de", "candles"),
    ],
)
def test_what_goods_are_made_of_names_them(text: str, lang: str, goods: str) -> None:
    assert read(text, lang).goods[:1] == (goods,)


@pytest.mark.parametrize("text", ["sugar without anything from coconut", "sugar or something of coconut"])
def test_refused_and_alternative_parts_are_not_joined(text: str) -> None:
    assert "coconut-sugar" not in read(text, "en").goods


@pytest.mark.parametrize(
    ("text", "lang", "amount", "unit"),
    [
        ("sarongs, 25 dozens", "en", 300, "pcs"),
        ("Rattanstühle 36 St.", "de", 36, "pcs"),
        ("野蜂蜜 3担", "zh", 150, "kg"),
        ("ikan teri 3 kw", "id", 300, "kg"),
        ("sarung 15 kodi", "id", 300, "pcs"),
    ],
)
def test_trades_count_in_their_own_ways(text: str, lang: str, amount: float, unit: str) -> None:
    got = read(text, lang)
    assert (got.quantity, got.unit) == (amount, unit)


@pytest.mark.parametrize("text", ["Kokoschips für Biosupermarkt, 300 kg", "Kokoschips 300 kg, bio oder konventionell"])
def test_an_organic_shop_and_an_alternative_are_no_condition(text: str) -> None:
    assert read(text, "de").certificates == ()


@pytest.mark.parametrize("shop", ["organic garden shop", "organic whole foods store", "organic pet shop"])
def test_what_an_organic_shop_deals_in_may_stand_between(shop: str) -> None:
    assert read(f"coco husk chips 300 kg for our {shop}", "en").certificates == ()
    assert read("organic coco husk chips 300 kg for our garden shop", "en").certificates != ()


def test_organic_stays_a_condition_where_it_is_one() -> None:
    assert read("Bio-Kokoschips 300 kg", "de").certificates == (("organic-eu",),)
