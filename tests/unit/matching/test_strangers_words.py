"""What requests and titles of strangers showed: packs in Chinese, refusals behind, purposes, regions."""

from datetime import date

import pytest

from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import read_offer
from matching.reader.request import read_request
from search.analysis import lexicon


def _read(text: str, lang: str) -> RequestProfile:
    return read_request(text, lang=lang, posted=date(2026, 11, 24))


@pytest.mark.parametrize("text", ["公丁香500包(每包50公斤) 上海 最高65元一公斤", "公丁香25吨 上海 最高65元一公斤"])
def test_the_unit_of_a_price_is_no_amount(text: str) -> None:
    read = _read(text, "zh")
    assert (read.quantity, read.unit) == (25_000, "kg")
    assert read.price is not None
    assert (read.price.amount, read.price.unit) == (65, "kg")


def test_biodegradable_is_not_organic() -> None:
    assert _read("Biologisch abbaubare Anzuchttöpfe aus Kokosfaser, 30.000 Stück", "de").certificates == ()
    assert _read("Biologische Anzuchttöpfe aus Kokosfaser, 30.000 Stück", "de").certificates != ()


@pytest.mark.parametrize(
    ("text", "lang", "refused"),
    [
        ("Macis in ganzen Blättern, 250 kg. Bruch bitte nicht anbieten.", "de", "form-broken"),
        ("Black pepper 1 t. Whole corns not useful to us.", "en", "form-whole"),
    ],
)
def test_refusals_stand_behind(text: str, lang: str, refused: str) -> None:
    read = _read(text, lang)
    assert refused in read.excluded_attributes
    assert refused not in read.attributes


def test_a_paper_if_at_all_possible_is_a_wish() -> None:
    read = _read("Fermented cocoa beans 2 t, Fair trade if at all possible", "en")
    assert read.certificates == ()
    assert read.preferred_certificates == ("fair-trade",)


@pytest.mark.parametrize(
    ("text", "country"),
    [("Coconut chips 4 t, organic to EU rules, Antwerp", "BE"), ("Coconut chips 4 t into the Gulf, Dubai", "AE")],
)
def test_a_country_counts_before_its_region(text: str, country: str) -> None:
    assert _read(text, "en").destinations == (country,)


@pytest.mark.parametrize(
    ("title", "lang", "goods"),
    [
        ("Cashew kernels, pieces for butter & granola", "en", ("cashew-kernel",)),
        ("椰果 奶茶用", "zh_Hans", ("nata-de-coco",)),
        ("Cocoa butter and chocolate", "en", ("cocoa-butter", "chocolate-bar")),
    ],
)
def test_titles_say_what_goods_are_for(title: str, lang: str, goods: tuple[str, ...]) -> None:
    assert read_offer(OfferProfile("1", "s", titles={lang: title}), lexicon())[1].goods == goods


def test_a_purpose_is_better_than_nothing() -> None:
    assert read_offer(OfferProfile("1", "s", titles={"en": "zzqq for granola"}), lexicon())[1].goods == ("granola",)
