"""Reading accuracy on mails, chats and tables that were labelled before any of them was read."""

from pathlib import Path

import pytest

from matching.reader.request import read_request
from tests.support.reading import POSTED, fewest, labelled, right_with_rhythm, shares_read, weak

MAILS = labelled(Path(__file__).with_name("mail_requests.yaml"))
# A mail in twelve is a twelfth: two of a language may go wrong in one field, of all mails one in ten.
FLOOR = 0.83
OVERALL = 0.9


def test_there_are_sixty_mails_in_five_languages() -> None:
    assert len(MAILS) >= 60
    assert fewest(MAILS) >= 12


def test_every_field_of_a_mail_is_read_in_every_language() -> None:
    assert weak(shares_read(MAILS, right_with_rhythm), FLOOR, OVERALL) == {}


@pytest.mark.parametrize(
    "greeting",
    [
        "Good morning",
        "Good evening sir",
        "Guten Morgen",
        "Moin",
        "Selamat pagi",
        "Season's greetings",
        "Hearing from you",
    ],
)
def test_a_greeting_is_no_goods(greeting: str) -> None:
    read = read_request(f"{greeting}, 5 t of coconut sugar", posted=POSTED)
    assert (read.goods, read.lines) == (("coconut-sugar",), ())


def test_a_price_in_a_table_goes_with_its_row() -> None:
    read = read_request("1 | cloves | 8 MT | USD 7.40/kg\n2 | nutmeg | 5 MT | USD 8.20/kg", lang="en", posted=POSTED)
    assert [(each.goods[0], each.price.amount if each.price else None) for each in read.lines] == [
        ("clove", 7.4),
        ("nutmeg", 8.2),
    ]


@pytest.mark.parametrize(
    ("text", "lang", "amount", "unit"),
    [
        ("moringa powder 25kg x 20 bags", "en", 500, "kg"),
        ("5 Bigbags à 500 kg Aktivkohle", "de", 2500, "kg"),
        ("Nelkenöl 2 Fässer zu je 200 kg", "de", 400, "kg"),
        ("40 Gartentische aus Teak", "de", 40, "pcs"),
        ("cocopeat in 5 kg blocks, two containers", "en", 38_000, "kg"),
        ("椰糠砖5公斤 一个高柜", "zh_Hans", 24_000, "kg"),
        ("cocopeat 60 t in 3 containers", "en", 60_000, "kg"),
    ],
)
def test_packs_that_are_counted_make_an_amount(text: str, lang: str, amount: float, unit: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.unit) == (amount, unit)


@pytest.mark.parametrize(
    ("text", "lang", "attribute", "stance"),
    [
        ("未烘焙的阿拉比卡咖啡豆", "zh_Hans", "roasted", "excluded"),
        ("阿拉比卡咖啡豆，水洗不要，20吨", "zh_Hans", "process-washed", "excluded"),
        ("kopi arabika, yang natural tidak usah", "id", "process-natural", "excluded"),
        ("kakaobohnen, fermentiert waer gut", "de", "fermented", "preferred"),
        ("coffee, washed if you have it", "en", "process-washed", "preferred"),
    ],
)
def test_what_is_refused_or_welcome_in_the_words_of_chats(text: str, lang: str, attribute: str, stance: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    stances = {each.value: each.stance for each in read.understood if each.kind == "attribute"}
    assert stances[attribute] == stance


def test_what_only_coffee_can_be_is_read_of_no_other_goods() -> None:
    assert read_request("dark coffee, 5 t", lang="en", posted=POSTED).attributes == ("roast-dark",)
    assert read_request("dark soy sauce, kecap manis, 5 t", lang="en", posted=POSTED).attributes == ()
    assert "process-honey" not in read_request("raw forest honey", lang="en", posted=POSTED).attributes
    assert "process-washed" in read_request("cocopeat, washed", lang="en", posted=POSTED).attributes
