"""Goods that nobody carries: neighbours of the same group stay below the line and never count as suitable."""

from datetime import date

import pytest

from matching.matcher import SupplierMatcher
from matching.profile import OfferProfile
from matching.reader.request import read_request

POSTED = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "lang", "offered"),
    [
        ("almonds, blanched, 3 t, Rotterdam", "en", ("cashew-kernel",)),
        ("Mandeln 3 t nach Hamburg", "de", ("cashew-kernel",)),
        ("杏仁 3吨 到上海", "zh_Hans", ("cashew-kernel",)),
        ("black pepper 2 t to Dubai", "en", ("pepper-white", "chilli-dried")),
        ("lada hitam 2 ton ke Malaysia", "id", ("pepper-white",)),
        ("cane sugar 12 t to Lagos", "en", ("coconut-sugar", "palm-sugar-aren")),
        ("RBD coconut oil 5 t", "en", ("coconut-oil-virgin",)),
        ("arabica green coffee 10 t", "en", ("coffee-robusta-green",)),
        ("true Ceylon cinnamon 300 kg", "en", ("cinnamon-cassia",)),
    ],
)
def test_akin_goods_are_never_suitable(text: str, lang: str, offered: tuple[str, ...]) -> None:
    offers = [
        OfferProfile(key=f"{goods}-{number}", seller=f"{goods}-{number}", titles={"en": goods}, commodity=goods)
        for goods in offered
        for number in range(6)
    ]
    found = SupplierMatcher().fit(offers).recommend(read_request(text, lang=lang, posted=POSTED), 10, today=POSTED)
    assert not found.is_served
    assert found.band == "none"
    assert [each for each in found.matches if each.grade >= 2] == []


def test_a_neighbour_comes_after_the_goods_themselves() -> None:
    offers = [
        OfferProfile(key=f"{goods}-{number}", seller=f"{goods}-{number}", titles={"en": goods}, commodity=goods)
        for goods in ("pepper-white", "pepper-black")
        for number in range(2)
    ]
    read = read_request("black pepper 2 t to Dubai", lang="en", posted=POSTED)
    found = SupplierMatcher().fit(offers).recommend(read, 10, today=POSTED)
    assert found.is_served
    assert [each.offer[:-2] for each in found.matches[:2]] == ["pepper-black"] * 2
