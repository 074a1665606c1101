"""Mails, tenders and lists: what is quoted, signed or turned round is read as a person reads it."""

from datetime import date

import pytest

from matching.reader.request import read_request

POSTED = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("We go on with patchouli oil, 50 kg.\n> we also have clove oil", "en", ("patchouli-oil",)),
        ("Patchouli oil, 50 kg.\nBest regards,\nClove Street Trading", "en", ("patchouli-oil",)),
        ("Patchouliöl, 50 kg\nMit freundlichen Grüßen\nNelken-Kontor Contoh", "de", ("patchouli-oil",)),
        ("FW:\n> patchouli oil 50 kg to Grasse\nplease quote", "en", ("patchouli-oil",)),
        ("--\nJayBee\nclove oil, 20 kg", "en", ("clove-oil",)),
    ],
)
def test_what_is_quoted_or_signed_is_no_request(text: str, lang: str, goods: tuple[str, ...]) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert read.goods == goods
    assert read.text == text
    assert all(text[each.source.start : each.source.end] == each.source.text for each in read.understood)


def test_the_address_of_a_signature_is_no_destination() -> None:
    text = "Turmeric, 2 t, delivered Vienna\nKind regards\nJo Contoh\nHamburg, Germany"
    assert read_request(text, lang="en", posted=POSTED).destinations == ("AT",)


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("Item: Pepper, black, whole", "pepper-black"),
        ("Tea, green; 500 kg", "tea-green"),
        ("Coconut, desiccated, 2 t", "coconut-desiccated"),
        ("nutmeg, cloves", "nutmeg"),
    ],
)
def test_goods_as_a_tariff_names_them(text: str, goods: str) -> None:
    assert read_request(text, lang="en", posted=POSTED).goods[0] == goods


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("Cloves 1 t. Validity of offer: 30 days", "en", None),
        ("Nelken 1 t, Zahlungsziel 30 Tage", "de", None),
        ("cloves 1 t within 30 days", "en", date(2026, 12, 23)),
        ("cengkeh 1 ton bln depan", "id", date(2026, 12, 31)),
    ],
)
def test_days_of_an_offer_or_a_payment_are_no_deadline(text: str, lang: str, day: date | None) -> None:
    assert read_request(text, lang=lang, posted=POSTED).deadline == day
