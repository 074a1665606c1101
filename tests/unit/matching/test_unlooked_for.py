"""What requests and titles written without sight of the lexicon showed: each case stands for a way of saying things."""

from datetime import date

import pytest

from matching.files import offer_from
from matching.reader.offer import read_offer
from matching.reader.request import read_request
from search.analysis import lexicon

POSTED = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "lang", "amount", "currency", "unit"),
    [
        ("棕榈糖 1吨 高雄 每公斤美金3.5以下", "zh", 3.5, "USD", "kg"),
        ("生豆30包 每公斤唔好貴過16美金", "zh", 16, "USD", "kg"),
        ("rumput laut 14 ton, harga pasar 1,75 USD", "id", 1.75, "USD", "kg"),
        ("丁香2吨,每公斤2.5美元,12月31日之前交货", "zh", 2.5, "USD", "kg"),
        ("去年是每公斤7美元,目标价每公斤8美元", "zh", 8, "USD", "kg"),
        ("Nelken: bisher zahlten wir 8,90 €/kg, Ziel 8,20 €/kg", "de", 8.2, "EUR", "kg"),
        ("藤椅 100张 每张新币45以内", "zh", 45, "SGD", "pcs"),
        ("batik by the metre, 300 metres, max EUR 4.00/m", "en", 4, "EUR", "metre"),
        ("Terrassendielen 20 m³, max. 1.450 €/m³", "de", 1450, "EUR", "m3"),
    ],
)
def test_prices_are_read_with_currency_and_measure(
    text: str, lang: str, amount: float, currency: str, unit: str
) -> None:
    price = read_request(text, lang=lang, posted=POSTED).price
    assert price is not None
    assert (price.amount, price.currency, price.unit) == (pytest.approx(amount), currency, unit)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("coconut charcoal cubes 26 mm, 16 tonnes. We had 1.35 USD/kg last time.", "en"),
        ("Kokosblütenzucker 3 t. Bisher zahlen wir 3,10 EUR/kg.", "de"),
        ("椰糖3吨,上次是每公斤20元", "zh"),
    ],
)
def test_a_price_of_another_time_is_no_bound(text: str, lang: str) -> None:
    assert read_request(text, lang=lang, posted=POSTED).price is None


@pytest.mark.parametrize(
    ("text", "lang", "amount", "unit"),
    [
        ("20 bags (60 kg) of Gayo arabica green", "en", 1200, "kg"),
        ("batik cotton fabric, 450 metres", "en", 450, "metre"),
        ("蜡染布200米", "zh", 200, "metre"),
        ("decking 20 m3 FOB Surabaya", "en", 20, "m3"),
        ("藤篮三件一套,600个", "zh", 600, "pcs"),
        ("蝶豆花48公斤,一個半月", "zh", 48, "kg"),
        ("a table 3 metres long in teak, 40 pcs", "en", 40, "pcs"),
        ("600 pcs of songkok, packed 20 pcs a carton", "en", 600, "pcs"),
        ("Need 1000 bags (25 MT) desiccated coconut", "en", 25_000, "kg"),
        ("40 Säcke (1 t) Kokosraspel", "de", 1000, "kg"),
        ("200 drums (190 kg each) virgin coconut oil", "en", 38_000, "kg"),
        ("皮拖鞋36-44码500双", "zh", 500, "pcs"),
        ("tasbih 33 biji, pesan 3.000 untai", "id", 3000, "pcs"),
    ],
)
def test_amounts_in_other_measures(text: str, lang: str, amount: float, unit: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.unit, len(read.lines)) == (amount, unit, 0)


@pytest.mark.parametrize(
    ("text", "lang", "wanted", "unwanted"),
    [
        ("black pepper 5 tons, Dammam. white pepper maybe later", "en", "pepper-black", "pepper-white"),
        ("Sarongs we already get from Gresik, what we are after is prayer mats, 600 pcs", "en", "prayer-mat", "sarong"),
        ("Kubebenpfeffer 60 kg. Langer Pfeffer erst nächstes Jahr", "de", "pepper-cubeb", "pepper-long-java"),
        ("gula kelapa 3 ton. vanili nanti menyusul", "id", "coconut-sugar", "vanilla-beans"),
        ("We make raw chocolate and balms; want 300 kg cocoa butter", "en", "cocoa-butter", "chocolate-bar"),
        ("干辣椒和干姜片,这次只要辣椒1吨", "zh", "chilli-dried", "ginger-dried"),
        ("Vetiveröl oder Patchouliöl? Nein: nur Vetiver, 10 kg", "de", "vetiver-oil", "patchouli-oil"),
    ],
)
def test_goods_of_another_time_are_not_wanted(text: str, lang: str, wanted: str, unwanted: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    words = lexicon()
    assert any(wanted in words.closure(each) or each in words.closure(wanted) for each in read.goods)
    assert unwanted not in read.goods


def test_goods_named_in_a_quality_are_wanted() -> None:
    read = read_request("washed Arabica, Java or Bali, 20 bags of 60 kg", lang="en", posted=POSTED)
    assert read.goods == ("coffee-arabica-green",)
    assert "process-washed" in read.attributes


def test_what_is_wanted_later_does_not_take_the_goods_before_it_along() -> None:
    read = read_request("cassia sticks and maybe powder later, 6 t", lang="en", posted=POSTED)
    assert read.goods == ("cinnamon-cassia",)


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("coconut sugar already certified organic 2 t, cocoa powder 1 t", "en", {"coconut-sugar", "cocoa-powder"}),
        ("cloves 2 t delivery later in March, nutmeg 1 t", "en", {"clove", "nutmeg"}),
        ("gula aren yang sudah ada sertifikat halal 1 ton, dan madu 1 ton", "id", {"palm-sugar-aren"}),
    ],
)
def test_words_of_time_do_not_put_wanted_goods_off(text: str, lang: str, goods: set[str]) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert goods <= {*read.goods, *(each for line in read.lines for each in line.goods)}


def test_letters_of_a_text_in_capitals_are_no_countries() -> None:
    assert read_request("ALL GOODS TO BE PACKED IN 25 KG BAGS", lang="en", posted=POSTED).destinations == ()


def test_who_refuses_one_salt_may_want_another() -> None:
    read = read_request("Pyramidensalz aus Bali, 3 t. Kein feines Jodsalz.", lang="de", posted=POSTED)
    assert not set(read.excluded_goods) & {above for each in read.goods for above in lexicon().closure(each)}


def test_a_comma_between_chinese_words_ends_a_refusal() -> None:
    read = read_request("要棕榈糖,甘蔗黑糖不要,椰糖也可以", lang="zh", posted=POSTED)
    assert "coconut-sugar" not in read.excluded_goods


def test_whose_shop_it_is_says_nothing_of_the_goods() -> None:
    assert "roasted" not in read_request("我们是烘焙店,要椰蓉200公斤", lang="zh", posted=POSTED).attributes


@pytest.mark.parametrize(("text", "country"), [("150 kg, für Läden in AT", "AT"), ("2 t vanilla to UK", "GB")])
def test_countries_as_letters(text: str, country: str) -> None:
    lang = "de" if "Läden" in text else "en"
    assert read_request(text, lang=lang, posted=POSTED).destinations == (country,)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Temple supplies wholesaler, sticks by the metre", "en"),
        ("a bunch of bland and ample things for the bedroom", "en"),
        ("praktische Anwendungen und dreifache Preise der Hersteller", "de"),
        ("leistungsstarke Automaten, Zertifikate und Oberflächen", "de"),
        ("bangsa yang bangun dengan bangga", "id"),
    ],
)
def test_ordinary_words_are_no_misspelt_goods(text: str, lang: str) -> None:
    words = lexicon()
    found = words.find(text, lang, repair=True)
    assert [each for each in found if words.kind(each.concept) in ("product", "family")] == []


@pytest.mark.parametrize(
    ("title", "lang", "goods"),
    [
        ("Virgin cocount oil bulk drums", "en", "coconut-oil-virgin"),
        ("Toasted coconut chips with sea salt", "en", "coconut-chips"),
        ("lip balm madu stik", "id", "lip-balm"),
        ("Roasted Gayo beans 1kg", "en", "coffee-arabica-roasted"),
        ("Gayo, triple pick", "en", "coffee-arabica-green"),
        ("rumput laut kering cottonii Sumba", "id", "seaweed-cottonii"),
        ("green bean robusta Tanggamus", "id", "coffee-robusta-green"),
        ("Nata de coco cubes low sugar", "en", "nata-de-coco"),
    ],
)
def test_titles_tell_the_goods_that_are_for_sale(title: str, lang: str, goods: str) -> None:
    words = lexicon()
    _offer, reading = read_offer(offer_from({"offer_id": "O1", "title": title, "lang": lang}), words)
    assert [each for each in reading.goods if each not in words.closure(goods)] == []
    assert goods in reading.goods


def test_what_is_counted_in_another_unit_is_compared_with_no_amount() -> None:
    offer = offer_from({"offer_id": "O1", "title": "Tiles", "unit": "sheet", "moq": 5})
    assert offer.unit not in ("kg", "litre", "pcs")
