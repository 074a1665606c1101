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
    "text",
    [
        "Inquiry for coconut sugar\n---\nQuantity: 10 t\nDestination: Germany\nEU organic",
        "Inquiry for coconut sugar\n--- Details ---\nQuantity: 10 t\nDestination: Germany\nEU organic",
        "Inquiry for coconut sugar\n_____\nQuantity: 10 t\nDestination: Germany\nEU organic",
        "Inquiry for coconut sugar\n— 10 t\n— EU organic\n— Hamburg",
        "Inquiry for coconut sugar\n-- 10 t\n-- EU organic\n-- Hamburg",
        "We need coconut sugar\n> 10 t\n> EU organic\n> to Germany",
        "Subject: coconut sugar enquiry\n\n> 10 t to Hamburg, EU organic",
        "Coconut sugar, EU organic\nRegards quantity: 10 t\nto Germany",
        "Coconut sugar\nThanks and regards\nAli\n\nPS: 10 t, EU organic, to Germany",
    ],
)
def test_what_a_ruler_a_dash_or_a_greeting_stands_before_is_read(text: str) -> None:
    read = read_request(text, lang="en", posted=POSTED)
    assert (read.goods, read.quantity) == (("coconut-sugar",), 10_000)
    assert (read.destinations, read.certificates) == (("DE",), (("organic-eu",),))
    assert all(text[each.source.start : each.source.end] == each.source.text for each in read.understood)


@pytest.mark.parametrize(
    "text",
    [
        "We need coconut products:\n-- 2 t VCO\n-- 5 t coconut sugar",
        "Please quote as below:\n| item | qty |\n|---|---|\n| VCO | 2 t |\n| coconut sugar | 5 t |",
    ],
)
def test_each_row_of_a_list_or_table_is_a_line(text: str) -> None:
    read = read_request(text, lang="en", posted=POSTED)
    assert [(each.goods[0], each.quantity) for each in read.lines] == [
        ("coconut-oil-virgin", 2000),
        ("coconut-sugar", 5000),
    ]


def test_a_figure_after_a_sign_of_more_is_no_quoted_line() -> None:
    text = "We look for arabica green coffee, 5 t\ncup score\n> 84 points"
    read = read_request(text, lang="en", posted=POSTED)
    assert read.quantity == 5000
    assert [(each.bound, each.value) for each in read.limits] == [("least", 84)]


@pytest.mark.parametrize("sign_off", ["--", "-- ", "Best regards", "Kind regards,", "Sincerely"])
def test_an_amount_of_the_signature_is_no_wish_where_the_request_tells_its_own(sign_off: str) -> None:
    text = f"Turmeric, 2 t, delivered Vienna\n{sign_off}\nJo Contoh, 900 t of cloves a year\nHamburg, Germany"
    read = read_request(text, lang="en", posted=POSTED)
    assert (read.goods, read.quantity, read.destinations) == (("turmeric-group",), 2000, ("AT",))
    assert read.period == ""


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
