"""Figures with their bounds, as trade people write them, and what they do to a ranking."""

from datetime import date

import pytest

from matching.features import likeness
from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import read_offer
from matching.reader.request import read_request
from search.analysis import lexicon


def read(text: str, lang: str = "en") -> RequestProfile:
    return read_request(text, lang=lang, posted=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("text", "lang", "wanted"),
    [
        ("cassava chips, moisture max 12.5 %, 10 t", "en", [("moisture", "most", 12.5)]),
        ("porang chips 15 MT moisture <12, 3.6, Kobe", "en", [("moisture", "most", 12)]),
        ("vanilla pods, moisture 30-35%, 25 kg", "en", [("moisture", "most", 35)]),
        ("rumput laut kadar air maks 35% 20 ton", "id", [("moisture", "most", 35)]),
        ("Robusta, Restfeuchte unter 12,5 %, 5 t", "de", [("moisture", "most", 12.5)]),
        ("麒麟菜 水分38%以内 20吨", "zh", [("moisture", "most", 38)]),
        ("Arabica Rohkaffee 84 Punkte, 600 kg", "de", [("figure/cup-score", "least", 84)]),
        ("clove leaf oil eugenol min 78%", "en", [("figure/eugenol", "least", 78)]),
        ("coconut water brix 5+, 20k litres", "en", [("figure/brix", "least", 5)]),
        ("VCO FFA max 0.1%, 20 t", "en", [("figure/ffa", "most", 0.1)]),
        ("shell charcoal, fixed carbon > 78%", "en", [("figure/fixed-carbon", "least", 78)]),
        ("turmeric powder 2 t curcumin 4 t minimum", "en", []),
        ("moisture analysis needed, 3 t cloves", "en", []),
    ],
)
def test_figures_are_read_with_their_bounds(text: str, lang: str, wanted: list[tuple[str, str, float]]) -> None:
    assert [(each.figure, each.bound, each.value) for each in read(text, lang).limits] == wanted


def test_a_limit_is_no_quantity_and_no_price() -> None:
    got = read("cottonii MC 37% 20 mt CIF Xiamen 1500")
    assert (got.quantity, got.unit) == (20_000, "kg")
    assert got.price is not None
    assert got.price.amount == 1.5


def test_eighty_points_are_specialty() -> None:
    assert "grade-specialty" in read("green arabica cup score 84, 600 kg").attributes
    assert "grade-specialty" not in read("green arabica cup score 76, 600 kg").attributes


def test_a_limit_is_a_chip_that_can_be_taken_away() -> None:
    got = read("porang chips, moisture max 12 %")
    chip = next(each for each in got.understood if each.kind == "limit")
    assert chip.source.text == "moisture max 12 %"
    assert got.without(chip).limits == ()


@pytest.mark.parametrize(("stated", "identity", "kept"), [("11", 3, True), ("14", 2, False)])
def test_an_offer_is_held_against_the_limit(stated: str, identity: int, kept: bool) -> None:
    offer = OfferProfile("o", "s", titles={"en": "Porang chips"}, attributes={"moisture": stated})
    _, reading = read_offer(offer, lexicon())
    like = likeness(read("porang chips, moisture max 12 %"), reading, lexicon())
    assert like.identity == identity
    assert ("moisture" in like.shared) is kept
    assert ("moisture" in like.missing) is not kept


def test_an_offer_silent_on_a_figure_leaves_it_open() -> None:
    _, reading = read_offer(OfferProfile("o", "s", titles={"en": "Porang chips"}), lexicon())
    like = likeness(read("porang chips, moisture max 12 %"), reading, lexicon())
    assert (like.identity, like.open) == (3, ("moisture",))


def test_yes_and_no_speak_by_the_name_of_the_specification() -> None:
    def attributes(**stated: str) -> dict[str, frozenset[str]]:
        return read_offer(OfferProfile("o", "s", titles={"en": "Cocoa powder"}, attributes=stated), lexicon())[
            1
        ].attributes

    assert attributes(alkalised="yes")["cocoa-type"] == {"alkalized"}
    assert attributes(alkalised="no")["cocoa-type"] == {"non-alkalized"}
    assert attributes(sugar_added="no")["sugar"] == {"sugar-free"}
