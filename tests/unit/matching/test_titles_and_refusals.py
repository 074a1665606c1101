"""What a title refuses or lists, what a request refuses behind the goods, and papers of which one will do."""

import pytest

from matching.features import GENERIC, SAME, SIBLING, goods_likeness
from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import OfferReading, read_offer
from matching.reader.request import read_request
from search.analysis import lexicon
from tests.support.reading import POSTED


def read(text: str, lang: str) -> RequestProfile:
    return read_request(text, lang=lang, posted=POSTED)


def offered(title: str, lang: str) -> OfferReading:
    return read_offer(OfferProfile(key="1", seller="1", titles={lang: title}), lexicon())[1]


@pytest.mark.parametrize(
    ("title", "lang", "goods"),
    [
        ("Coconut sugar granules, no cane added", "en", "coconut-sugar"),
        ("bubuk kopi robusta tanpa campuran jagung", "id", "coffee-ground"),
        ("Kintamani arabica, fully washed, ready to roast, NOT roasted", "en", "coffee-arabica-green"),
        ("Coco nectar sugar, fine crystals", "en", "coconut-sugar"),
        ("Freeze dried soluble arabica", "en", "coffee-soluble"),
        ("Fine Robusta Pagaralam petik merah", "id", "coffee-robusta-green"),
        ("Activated charcoal face soap", "en", "soap-herbal"),
        ("Milk chocolate bar w/ sea salt cashew", "en", "chocolate-bar"),
        ("Gartenbank Teak 150 cm", "de", "furniture-garden"),
    ],
)
def test_a_title_offers_what_it_is_and_not_what_it_refuses(title: str, lang: str, goods: str) -> None:
    assert offered(title, lang).goods == (goods,)


@pytest.mark.parametrize(
    ("text", "lang", "wanted", "refused"),
    [
        ("Coconut briquettes for BBQ, 8 t. Shisha cubes are not of interest.", "en", "briquette-bbq", "shape-cube"),
        ("gula semut kelapa 3 ton. Gula cetak tidak dulu.", "id", "coconut-sugar", "form-block"),
    ],
)
def test_a_refusal_may_stand_behind(text: str, lang: str, wanted: str, refused: str) -> None:
    found = read(text, lang)
    assert found.goods == (wanted,)
    assert refused in found.excluded_attributes


def test_if_there_is_none_refuses_nothing() -> None:
    assert read("Tasbih kayu 1000 biji, batok boleh kalau tidak ada kayu", "id").excluded_goods == ()


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("teak bowls 800 pcs, legal wood (SVLK/FSC)", (("svlk", "fsc"),)),
        ("cloves 2 t, Halal/HACCP", (("halal",), ("haccp",))),
        ("black tea 2 t, Fairtrade or Rainforest", (("fair-trade", "rainforest-alliance"),)),
        ("cloves 2 t, Fairtrade certified, honey of the rainforest as well", (("fair-trade",),)),
        ("organic moringa powder 300 kg to Bristol", (("organic-eu", "organic-nop"),)),
        ("organic moringa powder 300 kg to Bremen", (("organic-eu",),)),
    ],
)
def test_of_papers_of_one_kind_either_will_do(text: str, papers: tuple[tuple[str, ...], ...]) -> None:
    assert read(text, "en").certificates == papers


def test_thousands_of_pieces_are_no_price_and_no_form() -> None:
    found = read("kelapa tua jambul 50rb butir utk pabrik santan di Selangor", "id")
    assert (found.quantity, found.unit, found.price, found.attributes) == (50_000, "pcs", None, ())


def test_german_halves_are_numbers() -> None:
    found = read("Cashewkerne WW320, anderthalb Tonnen", "de")
    assert (found.quantity, found.unit, found.attributes) == (1_500, "kg", ("cashew-w320",))


def test_who_makes_chocolate_wants_none() -> None:
    assert read("Chocolatier aus Köln braucht 8 Ztr. Kakaobohnen", "de").goods == ("cocoa-beans",)


def test_what_is_special_is_no_answer_to_a_plain_wish() -> None:
    known = lexicon()
    assert goods_likeness("coffee-soluble", "coffee-mix-3in1", known) == SIBLING
    assert goods_likeness("coconut-milk", "coconut-cream-powder", known) == SIBLING
    assert goods_likeness("coconut-milk", "coconut-milk-liquid", known) == SAME
    assert goods_likeness("coconut-cream-powder", "coconut-milk", known) == GENERIC
