"""What a tariff code says of goods that a title leaves open, and where it has nothing to say."""

import pytest

from matching.profile import OfferProfile
from matching.reader.offer import read_offer
from search.analysis import lexicon


def _read(title: str, code: str | None, lang: str = "en", commodity: str | None = None) -> tuple[str, ...]:
    offer = OfferProfile("1", "s", titles={lang: title}, hs=code, commodity=commodity)
    return read_offer(offer, lexicon())[1].goods


@pytest.mark.parametrize(
    ("title", "code", "goods"),
    [
        ("Pressed zzkoko blocks of coconut", "110630", ("coconut-flour",)),  # the only coconut goods of the code
        ("Kaliandra zzgold", "040900", ("honey",)),  # a title that names nothing
    ],
)
def test_a_code_tells_the_goods_of_a_title_that_names_none_or_a_family(
    title: str, code: str, goods: tuple[str, ...]
) -> None:
    assert _read(title, code) == goods
    assert _read(title, None) != goods


def test_a_code_tells_the_form_that_nobody_told() -> None:
    assert _read("Robusta Dampit", None) == ("coffee-robusta-green",)
    assert _read("Robusta Dampit", "090121") == ("coffee-robusta-roasted",)
    assert _read("Robusta Dampit green beans", "090121") == ("coffee-robusta-green",)


@pytest.mark.parametrize("code", ["620520", "090611", "440220"])
def test_a_mistaken_code_refutes_no_title(code: str) -> None:
    assert _read("Kakaobutter", code, "de") == ("cocoa-butter",)


def test_a_code_of_many_goods_tells_nothing() -> None:
    assert len(_read("zzqq wwxx", "210690")) == 0


def test_what_the_seller_picked_is_not_doubted() -> None:
    assert _read("Kaliandra zzgold", "040900", commodity="cocoa-butter") == ("cocoa-butter",)
