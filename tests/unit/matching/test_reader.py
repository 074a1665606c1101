"""What is read out of a buyer's words, in five ways of writing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.profile import RequestProfile, TargetPrice
from matching.reader.dates import day_in, read_deadline
from matching.reader.numbers import to_number
from matching.reader.prices import read_price
from matching.reader.quantities import read_quantity
from matching.reader.request import read_request
from matching.reader.stance import stance_of

POSTED = date(2026, 11, 22)


def read(text: str, lang: str, **fields: object) -> RequestProfile:
    return read_request(text, lang=lang, posted=POSTED, fields=fields)


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("1,500", "en", 1500),
        ("1.500", "de", 1500),
        ("1.500", "id", 1500),
        ("1.500", "en", 1.5),
        ("2,5", "de", 2.5),
        ("1.234,56", "de", 1234.56),
        ("1,234.56", "en", 1234.56),
        ("12'000", "de", 12000),
        ("1.200.000", "id", 1200000),
        ("two", "en", 2),
        ("halbe", "de", 0.5),
        ("三", "zh", 3),
    ],
)
def test_numbers(text: str, lang: str, value: float) -> None:
    assert to_number(text, lang) == value


@pytest.mark.parametrize("text", ["", "abc", "..", ",", "1" * 40])
def test_what_is_no_number(text: str) -> None:
    assert to_number(text) is None


@pytest.mark.parametrize(
    ("text", "lang", "amount", "unit", "is_monthly"),
    [
        ("about 4 MT of cloves", "en", 4000, "kg", False),
        ("we take 750 kilos", "en", 750, "kg", False),
        ("half a tonne please", "en", 500, "kg", False),
        ("30k pcs plates", "en", 30000, "pcs", False),
        ("12 mt per month", "en", 12000, "kg", True),
        ("2x20' FCL briquettes", "en", 38000, "kg", False),
        ("one 40HC of cocopeat", "en", 24000, "kg", False),
        ("200 bags x 60 kg", "en", 12000, "kg", False),
        ("in 25 kg bags, 3 tonnes", "en", 3000, "kg", False),
        ("3.000 Stück", "de", 3000, "pcs", False),
        ("1,5 Tonnen", "de", 1500, "kg", False),
        ("50 Sack à 60 kg", "de", 3000, "kg", False),
        ("2,5 ton gula", "id", 2500, "kg", False),
        ("5 kodi sarung", "id", 100, "pcs", False),
        ("采购椰糖8吨,20公斤袋装", "zh", 8000, "kg", False),
        ("每月3吨", "zh", 3000, "kg", True),
        ("木碗2000個", "zh", 2000, "pcs", False),
        ("500 L oil", "en", 500, "litre", False),
        ("20k litres", "en", 20000, "litre", False),
    ],
)
def test_quantities(text: str, lang: str, amount: float, unit: str, is_monthly: bool) -> None:
    found = read_quantity(text, lang)
    assert found is not None
    assert (found.amount, found.unit, found.period is not None) == (amount, unit, is_monthly)
    assert text[found.source.start : found.source.end] == found.source.text


@pytest.mark.parametrize(
    "text", ["coffee please", "price per kg", "in 25 kg bags", "0 kg", "grade 1 only", "chips 250 g"]
)
def test_no_quantity_is_made_up(text: str) -> None:
    assert read_quantity(text, "en") is None


@pytest.mark.parametrize(
    ("text", "lang", "price"),
    [
        ("target 2.10 USD/kg", "en", TargetPrice(2.10, "USD", "kg")),
        ("below $6 a kilo", "en", TargetPrice(6, "USD", "kg")),
        ("tgt usd1.80/kg", "en", TargetPrice(1.8, "USD", "kg")),
        ("USD 4,200/MT", "en", TargetPrice(4.2, "USD", "kg")),
        ("max. 7,50 €/kg", "de", TargetPrice(7.5, "EUR", "kg")),
        ("bis 3 Euro je kg", "de", TargetPrice(3, "EUR", "kg")),
        ("95rb/kg", "id", TargetPrice(95000, "IDR", "kg")),
        ("Rp 80.000/kg", "id", TargetPrice(80000, "IDR", "kg")),
        ("每吨900美元", "zh", TargetPrice(0.9, "USD", "kg")),
        ("12元/公斤", "zh", TargetPrice(12, "CNY", "kg")),
        ("0.65 usd each", "en", TargetPrice(0.65, "USD", "pcs")),
        ("5.2 USD per litre", "en", TargetPrice(5.2, "USD", "litre")),
    ],
)
def test_prices(text: str, lang: str, price: TargetPrice) -> None:
    found = read_price(text, lang)
    assert found is not None
    assert found[0].amount == pytest.approx(price.amount)
    assert (found[0].currency, found[0].unit) == (price.currency, price.unit)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("within 60 days", "2027-01-21"),
        ("in 10 weeks", "2027-01-31"),
        ("in three months", "2027-02-20"),
        ("innerhalb von 45 Tagen", "2027-01-06"),
        ("dalam 30 hari", "2026-12-22"),
        ("50天内", "2027-01-11"),
        ("by 5 March", "2027-03-05"),
        ("before March 12, 2027", "2027-03-12"),
        ("bis 14. April 2027", "2027-04-14"),
        ("sebelum 20 Januari 2027", "2027-01-20"),
        ("bis Ende Februar", "2027-02-28"),
        ("mid March", "2027-03-15"),
        ("spätestens 10.03.2027", "2027-03-10"),
        ("2027年3月5日前", "2027-03-05"),
        ("3月底", "2027-03-31"),
        ("latest 2027-02-01", "2027-02-01"),
        ("before Ramadan", "2027-02-08"),
        ("needed for Q1", "2027-03-31"),
    ],
)
def test_deadlines(text: str, day: str) -> None:
    found = read_deadline(text, POSTED)
    assert found is not None
    assert found.day.isoformat() == day
    assert found.source.text in text


@pytest.mark.parametrize(
    "text", ["a must, and soon", "24 months contract", "year 9999", "31 February 2027", "since 2019"]
)
def test_no_deadline_is_made_up(text: str) -> None:
    assert read_deadline(text, POSTED) is None


def test_a_day_in_figures() -> None:
    assert day_in("valid until 2027-03-31)") == date(2027, 3, 31)
    assert day_in("bis 05.11.2027") == date(2027, 11, 5)
    assert day_in("soon") is None


@pytest.mark.parametrize(
    ("text", "word", "stance"),
    [
        ("halal required", "halal", "required"),
        ("halal not needed", "halal", "excluded"),
        ("not from concentrate, organic", "organic", "required"),
        ("without sulphur", "sulphur", "excluded"),
        ("organic if possible", "organic", "preferred"),
        ("ideally grade AA", "grade AA", "preferred"),
        ("gerne fair gehandelt", "fair", "preferred"),
        ("ohne Zucker", "Zucker", "excluded"),
        ("tidak perlu organik", "organik", "excluded"),
        ("kalau bisa organik", "organik", "preferred"),
        ("不需要有机", "有机", "excluded"),
        ("最好有机", "有机", "preferred"),
        ("no brokers. organic", "organic", "required"),
    ],
)
def test_stances(text: str, word: str, stance: str) -> None:
    start = text.index(word)
    assert stance_of(text, start, start + len(word)) == stance


def test_an_english_request_is_read_whole() -> None:
    found = read(
        "Need 2x20' desiccated coconut, fine grade, halal and BRC, CIF Jebel Ali, tgt usd 1.95/kg, within 90 days, "
        "samples first",
        "en",
    )
    assert found.goods == ("coconut-desiccated",)
    assert "cut-fine" in found.attributes
    assert (found.quantity, found.unit) == (38000, "kg")
    assert found.certificates == (("halal",), ("brcgs",))
    assert (found.incoterms, found.destinations) == (("CIF",), ("AE",))
    assert found.price == TargetPrice(1.95, "USD", "kg")
    assert found.deadline == date(2027, 2, 20)
    assert found.wants_sample


def test_a_german_request_is_read_whole() -> None:
    found = read("Suchen Bio-Kokosblütenzucker, 5 t, lose, CIF Bremerhaven, max. 2,80 €/kg, bis 15. März 2027", "de")
    assert found.goods == ("coconut-sugar",)
    assert found.certificates == (("organic-eu",),)
    assert (found.quantity, found.destinations, found.deadline) == (5000, ("DE",), date(2027, 3, 15))
    assert "pack-bulk" in found.attributes


def test_an_indonesian_request_is_read_whole() -> None:
    found = read("cari biji kopi robusta full wash 3 ton, 78rb/kg, kirim ke Penang maks 45 hari, halal", "id")
    assert found.goods == ("coffee-robusta-green",)
    assert found.attributes == ("process-washed",)
    assert (found.quantity, found.destinations) == (3000, ("MY",))
    assert found.price == TargetPrice(78000, "IDR", "kg")


def test_a_chinese_request_is_read_whole() -> None:
    found = read("採購有機薑黃粉2噸，運到上海，每公斤不超過4美元，60天內", "zh_Hant")
    assert found.goods == ("turmeric-powder",)
    assert (found.quantity, found.destinations) == (2000, ("CN",))
    assert found.deadline == date(2027, 1, 21)


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("robusta, roasted, whole bean", "en", ("coffee-robusta-roasted",)),
        ("robusta 10 t FOB", "en", ("coffee-robusta-green",)),
        ("aren sugar blocks", "en", ("palm-sugar-aren-block",)),
        ("shell charcoal for activated carbon plant", "en", ("charcoal-coconut-shell",)),
        ("looking for cocoa butter", "en", ("cocoa-butter",)),
        ("Kurkuma gemahlen", "de", ("turmeric-powder",)),
        ("nutmegg and mase", "en", ("nutmeg",)),
        ("dessicated cocunut", "en", ("coconut-desiccated",)),
    ],
)
def test_goods_are_what_is_bought_not_what_is_mentioned(text: str, lang: str, goods: tuple[str, ...]) -> None:
    assert read(text, lang).goods == goods


def test_refused_goods_and_alternatives() -> None:
    found = read("arenga palm sugar (not coconut sugar) or lontar sugar", "en")
    assert found.goods == ("palm-sugar-aren", "lontar-sugar")
    assert found.excluded_goods == ("coconut-sugar",)


def test_alternatives_of_terms_and_certificates() -> None:
    found = read("cloves FOB or CFR Mumbai, either NOP or EU organic", "en")
    assert found.incoterms == ("FOB", "CFR")
    assert found.certificates == (("organic-nop", "organic-eu"),)


def test_a_bare_organic_means_the_rule_of_the_market() -> None:
    assert read("organic cloves to Chicago", "en").certificates == (("organic-nop",),)
    assert read("organic cloves to Rotterdam", "en").certificates == (("organic-eu",),)
    assert read("Bio-Nelken", "de").certificates == (("organic-eu",),)
    assert len(read("organic cloves", "en").certificates[0]) > 2


def test_pronouns_are_no_places() -> None:
    assert read("contact us about cloves, it is urgent", "en").destinations == ()
    assert read("cloves to the US", "en").destinations == ("US",)


def test_fields_win_over_prose() -> None:
    found = read(
        "5 t cloves to Hamburg at 7 usd/kg",
        "en",
        quantity=800,
        unit="kg",
        destination="GB",
        target_price=9,
        currency="EUR",
        deadline=date(2027, 5, 1),
        certificates=["HALAL"],
    )
    assert (found.quantity, found.destinations, found.deadline) == (800, ("GB",), date(2027, 5, 1))
    assert found.price == TargetPrice(9, "EUR", "kg")
    assert found.certificates == (("halal",),)


def test_each_chip_can_be_taken_away() -> None:
    found = read("2 t organic cloves, FOB, to Hamburg, 60 days, max 8 usd/kg, halal", "en")
    for chip in found.understood:
        smaller = found.without(chip)
        assert chip not in smaller.understood
        assert smaller != found
    bare = found
    for chip in found.understood:
        bare = bare.without(chip)
    assert (bare.goods, bare.certificates, bare.destinations, bare.price, bare.quantity) == ((), (), (), None, None)


def test_chips_carry_the_words_they_came_from() -> None:
    text = "Suche 3 t Kurkumapulver, bio, nach Wien"
    for chip in read(text, "de").understood:
        assert text[chip.source.start : chip.source.end] == chip.source.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "🥥🥥🥥",
        "organic, not organic",
        "-5 t cloves by year 9999",
        "10000000000000 t cloves",
        "x" * 100_000,
        "\x00\x01",
    ],
)
@pytest.mark.parametrize("lang", ["en", "id", "de", "zh_Hans", "zh_Hant", None])
def test_impossible_requests_are_read_without_a_fuss(text: str, lang: str | None) -> None:
    found = read_request(text, lang=lang, posted=POSTED)
    assert found.quantity is None or 0 < found.quantity < 1e12


@given(st.text(max_size=300), st.sampled_from(["en", "id", "de", "zh", None]))
def test_reading_never_raises(text: str, lang: str | None) -> None:
    read_request(text, lang=lang, posted=POSTED)
