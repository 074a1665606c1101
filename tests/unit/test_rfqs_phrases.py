"""The phrase bank holds what it promises, and a file that does not is refused with the place."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from marketplace.i18n.locales import LOCALES
from marketplace.kernel.datafiles import DataFault, load_yaml
from marketplace.kernel.errors import DomainError
from marketplace.rfqs.phrases.bank import FILE, Blank, Group, in_order, phrase_bank, read_bank, sentences_for
from marketplace.rfqs.phrases.blanks import PARTS, checked_value, spoken
from marketplace.rfqs.phrases.parts import MOST_SENTENCES, as_text, checked_parts, put_together, read_parts
from marketplace.rfqs.rules import Side

GIVEN: dict[Blank, dict[str, str]] = {
    Blank.PRODUCT: {"words": "Gula aren"},
    Blank.QUANTITY: {"amount": "1250,5", "unit": "kg"},
    Blank.PRICE: {"currency": "USD", "amount": "6.2", "unit": "kg"},
    Blank.AMOUNT: {"currency": "EUR", "amount": "45"},
    Blank.PERCENT: {"amount": "12,5 %"},
    Blank.DATE: {"day": "2026-12-05"},
    Blank.DURATION: {"amount": "14", "span": "day"},
    Blank.INCOTERM: {"term": "FOB", "place": "Surabaya"},
    Blank.PLACE: {"words": "Malang"},
    Blank.COUNTRY: {"country": "DE"},
    Blank.CERTIFICATE: {"certificate": "organic-eu"},
    Blank.TEXT: {"words": "MSKU 1234567"},
}
READ = {
    "de": {
        Blank.PRODUCT: "Palmzucker",
        Blank.QUANTITY: "1.250,5\xa0kg",
        Blank.PRICE: "6,20\xa0US$ / kg",
        Blank.AMOUNT: "45,00\xa0€",
        Blank.PERCENT: "12,5\xa0%",
        Blank.DATE: "05.12.2026",
        Blank.DURATION: "14 Tage",
        Blank.INCOTERM: "FOB Tanjung Perak",
        Blank.COUNTRY: "Deutschland",
        Blank.CERTIFICATE: "EU-Bio",
    },
    "zh_Hans": {
        Blank.QUANTITY: "1,250.5\xa0公斤",
        Blank.PRICE: "US$6.20 / 公斤",
        Blank.DATE: "2026年12月5日",
        Blank.DURATION: "14天",
        Blank.COUNTRY: "德国",
    },
}


def test_there_are_sentences_for_every_part_of_a_letter() -> None:
    seller = sentences_for(Side.SELLER)
    assert sum(map(len, seller.values())) >= 60
    assert set(seller) == set(Group)
    assert min(map(len, seller.values())) >= 4
    assert sum(map(len, sentences_for(Side.BUYER).values())) >= 15


@pytest.mark.parametrize("code", sorted(phrase_bank()))
def test_a_sentence_reads_well_in_each_language(code: str) -> None:
    """Every blank is filled, the scripts are the right ones, and no end is missing."""
    sentence = phrase_bank()[code]
    side = Side.SELLER if Side.SELLER in sentence.writers else Side.BUYER
    values = {name: GIVEN[kind] for name, kind in sentence.blanks.items()}
    kept = checked_parts([{"phrase": code, "values": values}], side, {"7": "Gula aren"})
    texts = {locale: as_text(kept, locale, {"7": "Palm sugar"}) for locale in LOCALES}
    for locale, text in texts.items():
        assert "{" not in text
        assert "…" not in text
        assert bool(re.search(r"[\u4e00-\u9fff]", text)) is locale.startswith("zh"), text
        assert "!" not in text
        assert "！" not in text
        assert text[-1] in ".?。？:" or code.startswith("closing."), text
    assert texts["zh_Hans"] != texts["zh_Hant"] or "。" not in texts["zh_Hans"] or len(texts["zh_Hans"]) < 12
    assert not re.search(r"[們這與為後來請關對時會業產質]", texts["zh_Hans"])
    assert not re.search(r"[们这与为后来请关对时会业产质]", texts["zh_Hant"].replace("后", "")), texts["zh_Hant"]


@pytest.mark.parametrize("locale", sorted(READ))
def test_a_value_is_read_in_the_readers_manner(locale: str) -> None:
    for blank, expected in READ[locale].items():
        value = checked_value(blank, GIVEN[blank], {"7": "Gula aren"})
        assert spoken(blank, value, locale, {"7": "Palmzucker"}) == expected


@pytest.mark.parametrize(
    ("blank", "given"),
    [
        (Blank.PRODUCT, {"words": "  "}),
        (Blank.PRODUCT, {"words": "x" * 81}),
        (Blank.QUANTITY, {"amount": "5", "unit": "elephant"}),
        (Blank.QUANTITY, {"amount": "1.250", "unit": "kg"}),  # a thousand, or one and a quarter
        (Blank.QUANTITY, {"amount": "0", "unit": "kg"}),
        (Blank.QUANTITY, {"amount": "-5", "unit": "kg"}),
        (Blank.QUANTITY, {"amount": "1e5", "unit": "kg"}),
        (Blank.QUANTITY, {"amount": "9" * 14, "unit": "kg"}),
        (Blank.PRICE, {"currency": "USD", "amount": "0.1234567", "unit": "kg"}),
        (Blank.PRICE, {"currency": "XXX", "amount": "5", "unit": "kg"}),
        (Blank.AMOUNT, {"currency": "USD", "amount": "5.123"}),
        (Blank.PERCENT, {"amount": "101"}),
        (Blank.DATE, {"day": "05/12/2026"}),
        (Blank.DATE, {"day": "2026-02-30"}),
        (Blank.DURATION, {"amount": "1.5", "span": "day"}),
        (Blank.DURATION, {"amount": "401", "span": "day"}),
        (Blank.DURATION, {"amount": "5", "span": "year"}),
        (Blank.INCOTERM, {"term": "FOB", "place": "Malang"}),
        (Blank.INCOTERM, {"term": "FOB", "place": ""}),
        (Blank.INCOTERM, {"term": "FOX", "place": "Surabaya"}),
        (Blank.COUNTRY, {"country": "XX"}),
        (Blank.CERTIFICATE, {"certificate": "best-quality"}),
        (Blank.TEXT, {}),
    ],
)
def test_a_wrong_value_is_refused(app: Any, blank: Blank, given: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refused:
        checked_value(blank, given)
    assert str(refused.value.sentence)


def test_every_type_of_blank_can_be_filled() -> None:
    assert set(PARTS) == set(Blank) == set(GIVEN)


def test_only_ones_own_sentences_and_known_parts_are_kept(app: Any) -> None:
    for code in ("price.ask_price", "price.none", "", "__class__"):
        with pytest.raises(DomainError):
            checked_parts([{"phrase": code, "values": {}}], Side.SELLER)
    with pytest.raises(DomainError):
        checked_parts([{"phrase": "closing.regards", "values": {}}] * (MOST_SENTENCES + 1), Side.SELLER)
    kept = checked_parts([{"phrase": "closing.regards", "values": {"evil": {"words": "x"}}, "more": 1}], Side.SELLER)
    assert kept == [{"phrase": "closing.regards", "values": {}}]
    assert checked_parts([{"words": "  "}], Side.BUYER) == []


def test_own_words_stand_before_the_closing() -> None:
    greeting, closing = {"phrase": "greeting.thanks", "values": {}}, {"phrase": "closing.regards", "values": {}}
    assert put_together([greeting, closing], "Hello") == [greeting, {"words": "Hello"}, closing]
    assert put_together([greeting], "Hello") == [greeting, {"words": "Hello"}]
    assert put_together([greeting], " ") == [greeting]
    assert in_order(["closing.regards", "price.per_unit", "greeting.thanks"]) == [2, 1, 0]


@pytest.mark.parametrize(
    "parts",
    [
        [{"phrase": "gone.for_good", "values": {}}],
        [{"phrase": "price.valid_until", "values": {}}],
        [{"phrase": "price.valid_until", "values": {"date": {"day": "never"}}}],
        [{"phrase": "lead_time.from_deposit", "values": {"duration": {"amount": "x", "span": "day"}}}],
        ["rubbish"],
        [{"words": None}, 5],
    ],
)
def test_what_cannot_be_read_any_more_falls_back_to_the_writers_words(parts: list[Any]) -> None:
    assert read_parts(parts, "de", {}) is None or parts[0] == {"words": None}


def spoilt(change: Any) -> Any:
    tree = deepcopy(load_yaml(FILE))
    change(tree)
    return tree


def _drop_language(tree: Any) -> None:
    del tree["price"]["valid_until"]["de"]


def _other_blank(tree: Any) -> None:
    tree["price"]["valid_until"]["de"] = "Dieser Preis gilt bis {day}."


def _missing_blank(tree: Any) -> None:
    tree["price"]["valid_until"]["zh_Hans"] = "此价格有效。"


def _twice(tree: Any) -> None:
    tree["price"]["valid_until"]["en"] = "This price is valid from {date} until {date}."


def _unknown_type(tree: Any) -> None:
    for locale in LOCALES:
        tree["price"]["valid_until"][locale] = "x {colour} y"


def _open_brace(tree: Any) -> None:
    tree["price"]["valid_until"]["id"] = "Harga ini berlaku sampai {date} {."


def _writer(tree: Any) -> None:
    tree["price"]["valid_until"]["by"] = "anybody"


def _group(tree: Any) -> None:
    tree["weather"] = tree.pop("closing")


def _same_words(tree: Any) -> None:
    tree["closing"]["questions"]["de"] = tree["closing"]["regards"]["de"]


def _code(tree: Any) -> None:
    tree["price"]["Valid-Until"] = tree["price"].pop("valid_until")


def _empty(tree: Any) -> None:
    tree["price"]["valid_until"]["en"] = ""


def _more(tree: Any) -> None:
    tree["price"]["valid_until"]["fr"] = "Bonjour"


@pytest.mark.parametrize(
    "change",
    [_drop_language, _other_blank, _missing_blank, _twice, _unknown_type, _open_brace, _writer, _group, _same_words,
     _code, _empty, _more],
)  # fmt: skip
def test_a_spoilt_file_is_refused(change: Any) -> None:
    with pytest.raises(DataFault):
        read_bank(spoilt(change), "phrases.yaml")


def test_the_file_itself_is_read() -> None:
    assert len(read_bank(load_yaml(FILE), "phrases.yaml")) == len(phrase_bank())
