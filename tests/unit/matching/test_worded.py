"""Numbers in words and amounts in two cells are read; what was written stays what chips show."""

from random import Random

import pytest

from matching.reader.cells import amounts_together
from matching.reader.request import read_request
from matching.reader.worded import in_figures
from tests.support.reading import LANGUAGES, POSTED


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("three hundred kilos", "300 kilos"),
        ("two thousand five hundred and twelve", "2512"),
        ("a hundred and five bags", "105 bags"),
        ("twenty-five", "25"),
        ("forty foot", "40 foot"),
        ("empat ratus lima puluh", "450"),
        ("dua ratus ribu", "200000"),
        ("seribu dua ratus", "1200"),
        ("lima belas", "15"),
        ("achthundert Kilo", "800 Kilo"),
        ("zweitausendfünfhundert", "2500"),
        ("fünfundzwanzig Sack", "25 Sack"),
        ("einhundertzwanzig", "120"),
        ("elf Tonnen", "11 Tonnen"),
        ("大概二十吨", "大概20吨"),
        ("三百五十公斤", "350公斤"),
        ("一千零五十件", "1050件"),
    ],
)
def test_numbers_in_words_become_figures_of_the_same_length(words: str, figures: str) -> None:
    text, spans = in_figures(words)
    assert (text.split(), len(text)) == (figures.split(), len(words))
    assert len(spans) == 1


@pytest.mark.parametrize(
    "words",
    ["two or three", "half a dozen", "one, two, three", "nineteen eighty-four", "a thousandfold", "dua tiga ton", "zwei oder drei", "Hundertwasser", "hundrednine", "duaratus", "fünfhundertneunundneunzigundtausend",
     "十三香", "二三十吨", "两千件", "第十二批", "ribuan", "several hundred kilos"],
)  # fmt: skip
def test_what_is_no_number_or_has_no_room_stays_as_it_is(words: str) -> None:
    assert in_figures(words) == (words, [])


@pytest.mark.parametrize(
    ("row", "together"),
    [
        ("Cloves\tMT\t18\tSweden", "Cloves\t18 MT\tSweden"),
        ("Ingwer;kg;2500;ohne", "Ingwer;2500 kg;ohne"),
        ("Mukena;200;pcs;Malaysia", "Mukena;200 pcs;Malaysia"),
        ("Pepper | 8 | MT | 7.40", "Pepper | 8   MT | 7.40"),
        ("kg;2500", "2500 kg"),
    ],
)
def test_an_amount_and_its_unit_in_two_cells_stand_together(row: str, together: str) -> None:
    text, _spans = amounts_together(row)
    assert (text.split(), len(text)) == (together.split(), len(row))


@pytest.mark.parametrize("row", ["we buy; sell | trade", "1;2;3", "pepper | black", "item\t10442\tcloves"])
def test_rows_without_such_cells_stay_as_they_are(row: str) -> None:
    assert amounts_together(row) == (row, [])


@pytest.mark.parametrize(
    ("text", "lang", "quantity", "unit"),
    [
        ("we want about three hundred kilos of cloves", "en", 300, "kg"),
        ("butuh dua ratus lima puluh kilo cengkeh", "id", 250, "kg"),
        ("ich bräuchte achthundert Kilo Nelken", "de", 800, "kg"),
        ("丁香大概二十吨", "zh_Hans", 20_000, "kg"),
        ("椰果一噸半", "zh_Hant", 1500, "kg"),
        ("蝦片400包", "zh_Hant", 400, "pcs"),
        ("500 to 600 kg cloves", "en", 600, "kg"),
        ("five hundred to six hundred kg cloves", "en", 600, "kg"),
        ("two to three tons of cloves", "en", 3000, "kg"),
        ("twenty to thirty boxes of tea", "en", 30, "pcs"),
        ("fifty to sixty bags of 25 kg cloves", "en", 1500, "kg"),
        ("2 to Nelken", "de", 2000, "kg"),
        ("two hundred a month, cloves in kg", "en", None, None),
        ("nineteen eighty-four bottles of sambal", "en", None, None),
        ("咖啡生豆五包（每包60公斤）", "zh_Hans", 300, "kg"),
        ("sambal 600 btl", "id", 600, "pcs"),
        ("Nelken;kg;2500;ganz", "de", 2500, "kg"),
    ],
)
def test_such_amounts_are_read(text: str, lang: str, quantity: float | None, unit: str | None) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.unit) == (quantity, unit)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("we want three hundred kilos of cloves", "three hundred kilos"),
        ("丁香二十吨", "二十吨"),
        ("cloves\tMT\t18\tSweden", "MT\t18"),
    ],
)
def test_the_chip_shows_the_words_of_the_buyer(text: str, words: str) -> None:
    read = read_request(text, posted=POSTED)
    [chip] = [each for each in read.understood if each.kind == "quantity"]
    assert chip.source.text == words == text[chip.source.start : chip.source.end]
    assert read.text == text


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("丁香 元月15号前到天津港", "zh_Hans", "2027-01-15"),
        ("丁香2吨 一星期内到", "zh_Hans", "2026-11-29"),
        ("cloves within fifteen days", "en", "2026-12-07"),
    ],
)
def test_days_in_such_words_are_read(text: str, lang: str, day: str) -> None:
    assert str(read_request(text, lang=lang, posted=POSTED).deadline) == day


def test_a_price_for_a_pack_in_cantonese_words() -> None:
    price = read_request("蝦片400包，每包唔好貴過12蚊", lang="zh_Hant", posted=POSTED).price
    assert price is not None
    assert (price.amount, price.currency, price.unit) == (12, "HKD", "pcs")


_PIECES = (
    "three hundred|nine|and|zweitausendfünfhundert|hundert|tausend|und|dua puluh|ratus|ribu|belas|seratus|二十|三百五十|千|"
    "十|半|噸|kg|MT|;|\t|\n|18|2,5|1.200|各|each|jeweils|cloves|cengkeh|丁香|Nelken|not|不是|？|no wait|啊不对|代替|raw material|"
    "is fine|egal|(|)|we're a|dari Jeddah|ini|toko|每包|12蚊|nine dollars|元月|15号|一星期內|😀|-5 kg|10^12 t|year 9999"
).split("|")


def test_no_mixture_of_such_words_ends_in_an_error() -> None:
    dice = Random(7)
    for _ in range(400):
        text = dice.choice(("", " ")).join(dice.choice(_PIECES) for _ in range(dice.randrange(1, 30)))
        read = read_request(text, lang=dice.choice((*LANGUAGES, None)), posted=POSTED)
        assert read.text == text
        assert all(each.source.end <= len(text) for each in read.understood)
