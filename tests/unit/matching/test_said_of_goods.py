"""Words about goods that are none of the goods wanted: who asks, what is corrected, refused, explained or left open."""

import pytest

from matching.profile import RequestProfile
from matching.reader.request import read_request
from tests.support.reading import POSTED


def read(text: str, lang: str | None = None) -> RequestProfile:
    return read_request(text, lang=lang, posted=POSTED)


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("We're a kombucha taproom in Calgary. White tea, 60 kg", "en", "tea-white"),
        ("small soap workshop looking for virgin coconut oil", "en", "coconut-oil-virgin"),
        ("Naturkosmetik-Manufaktur: 300 l natives Kokosöl", "de", "coconut-oil-virgin"),
        ("巧克力工厂找碱化可可粉 4吨", "zh_Hans", "cocoa-powder"),
        ("麒麟菜啊不对是江蓠，二十吨", "zh_Hans", "seaweed-gracilaria"),
        ("lada hitam eh maksudnya lada putih 2 ton", "id", "pepper-white"),
        ("cloves, no wait, nutmeg, 2 t", "en", "nutmeg"),
        ("真皮斜挎包？不是，真皮凉鞋150双", "zh_Hans", "leather-sandals"),
        ("kukui (candle) nuts, 900 kg", "en", "candlenut"),
        ("coconut based alternative to soy sauce, 1,500 bottles", "en", "coconut-aminos"),
        ("Ada teh hitam gak? 5 ton", "id", "tea-bulk"),
        ("有没有丁香，2吨", "zh_Hans", "clove"),
        ("reusable drinking straws of bamboo, 12,000 pcs", "en", "bamboo-straws"),
    ],
)
def test_the_goods_are_those_that_are_wanted(text: str, lang: str, goods: str) -> None:
    found = read(text, lang)
    assert found.goods == (goods,)
    assert found.lines == ()


@pytest.mark.parametrize(
    ("text", "lang", "goods"),
    [
        ("We are an importer seeking desiccated coconut and cocoa powder", "en", "coconut-desiccated cocoa-powder"),
        ("we are a buyer of cloves, also interested in white pepper", "en", "clove pepper-white"),
        ("I am a trader buying nutmeg; we also need mace", "en", "nutmeg mace"),
        ("I'm a big fan of vanilla, nutmeg needed", "en", "vanilla-beans nutmeg"),
        ("wir sind ein Käufer von Kokosblütenzucker und brauchen auch Macis", "de", "coconut-sugar mace"),
        ("wir betreiben ein Café und suchen Kaffee und Tee", "de", "food/coffee tea"),
        ("I run a spa and need massage oil and virgin coconut oil", "en", "massage-oil coconut-oil-virgin"),
        ("我们是采购椰糖的公司，另外要丁香2吨", "zh_Hans", "coconut-sugar clove"),
        ("我们是要采购丁香和肉豆蔻", "zh_Hans", "clove nutmeg"),
        ("vanilla 200 kg, sorry, and cinnamon 100 kg", "en", "vanilla-beans cinnamon-group"),
        ("cengkeh 2 ton, salah, 3 ton, dan pala 1 ton", "id", "clove nutmeg"),
        ("vanilla 200 kg - correction 300 kg - and cinnamon 100 kg", "en", "vanilla-beans cinnamon-group"),
        ("cloves 5 t? No problem if 4 t. nutmeg 1 t", "en", "clove nutmeg"),
        ("do you have cloves? no rush. nutmeg too", "en", "clove nutmeg"),
        ("we need cloves, sorry, I forgot nutmeg", "en", "clove nutmeg"),
        ("Nelken, ich meine ganze, und Muskat", "de", "clove"),
        ("咖啡和茶，应该是有机的，可可也要", "zh_Hans", "food/coffee tea food/cocoa"),
        ("not only coffee but also cocoa", "en", "food/coffee food/cocoa"),
        ("nicht nur Kaffee, sondern auch Kakao", "de", "food/coffee food/cocoa"),
        ("bukan hanya kopi tapi juga kakao", "id", "food/coffee food/cocoa"),
        ("tidak hanya kopi tapi juga kakao", "id", "food/coffee food/cocoa"),
        ("not just cloves but nutmeg too", "en", "clove nutmeg"),
        ("no sugar added dried mango", "en", "mango-dried"),
        ("no added sugar dried mango", "en", "mango-dried"),
        ("不要太甜的椰糖", "zh_Hans", "coconut-sugar"),
        ("our customers can't refuse virgin coconut oil", "en", "coconut-oil-virgin"),
        ("取代蔗糖的椰糖", "zh_Hans", "coconut-sugar"),
        ("we want to replace our coconut sugar supplier", "en", "coconut-sugar"),
        ("vanilla bars and nutmeg", "en", "vanilla-beans nutmeg"),
        ("Pfeffer Mühlen und Zimt", "de", "pepper cinnamon-group"),
        ("coconut flour bakery grade and tapioca flour", "en", "coconut-flour tapioca-starch"),
        ("moringa mill grade and mace", "en", "moringa-powder mace"),
        ("coffee deli bags and tea", "en", "food/coffee tea"),
        ("vanilla beans (cloves) 200 kg", "en", "vanilla-beans clove"),
        ("cloves (nutmeg) 2 t", "en", "clove nutmeg"),
    ],
)
def test_no_goods_are_lost_to_words_that_only_look_like_such(text: str, lang: str, goods: str) -> None:
    found = read(text, lang)
    assert {*found.goods, *(each.goods[0] for each in found.lines)} == set(goods.split())
    assert found.excluded_goods == ()


def test_amounts_stay_with_their_goods_where_nothing_is_taken_back() -> None:
    lines = read("vanilla 200 kg - correction 300 kg - and cinnamon 100 kg", "en").lines
    assert [(each.goods[0], each.quantity) for each in lines] == [("vanilla-beans", 300), ("cinnamon-group", 100)]


@pytest.mark.parametrize(
    ("text", "lang", "wanted", "refused"),
    [
        ("coconut oil to replace palm oil", "en", "food/coconut/oil", "palm-oil"),
        ("we are replacing our palm oil with coconut oil", "en", "food/coconut/oil", "palm-oil"),
        ("soap free from palm oil", "en", "care/soap", "palm-oil"),
        ("statt Palmöl Kokosöl", "de", "food/coconut/oil", "palm-oil"),
        ("代替棕榈油的椰子油", "zh_Hans", "food/coconut/oil", "palm-oil"),
        ("cloves, not nutmeg", "en", "clove", "nutmeg"),
    ],
)
def test_one_is_wanted_for_the_other(text: str, lang: str, wanted: str, refused: str) -> None:
    found = read(text, lang)
    assert (found.goods, found.excluded_goods) == ((wanted,), (refused,))


@pytest.mark.parametrize(
    "text",
    [
        "buyer wants coffee from Vietnam",
        "kunden wollen Kaffee aus Vietnam",
        "kami cari kopi dari Vietnam",
        "our clients love coffee from Ethiopia",
        "this is for tea from China",
        "Customer Wants Coffee From Vietnam",
    ],
)
def test_where_goods_come_from_is_not_where_they_go(text: str) -> None:
    assert not {"VN", "ET", "CN"} & set(read(text, "en").destinations)


@pytest.mark.parametrize(
    "text", ["this is Maria Lopez from Oslo, cloves 2 t", "we are a small tea company from Oslo, cloves 2 t"]
)
def test_who_is_from_a_place_wants_the_goods_there(text: str) -> None:
    assert read(text, "en").destinations == ("NO",)


def test_a_compound_listed_after_goods_is_taken_whole() -> None:
    assert read("Nelken und Windmühle, dazu Macis", "de").goods == ("clove", "mace")


@pytest.mark.parametrize(
    ("text", "lang", "refused"),
    [
        ("a substitute for palm oil, coconut butter 2 t", "en", "palm-oil"),
        ("椰子糖，唔係砂糖", "zh_Hant", "cane-sugar"),
        ("cloves 2 t; we refuse clove stems", "en", "clove-stems"),
        ("没有丁香梗的丁香", "zh_Hans", "clove-stems"),
    ],
)
def test_what_is_refused_is_excluded(text: str, lang: str, refused: str) -> None:
    assert refused in read(text, lang).excluded_goods


@pytest.mark.parametrize(
    "text",
    [
        "raw material for a konjac plant: porang chips",
        "bulk buyer of cloves",
        "cloves, organic, NOP is fine",
        "Los 3: Nelken, 2 t",
        "Hibiskusblüten, geschnitten egal, 120 kg",
        "丁香，整的碎的都可以",
    ],
)
def test_words_that_are_no_quality_there_ask_for_nothing(text: str) -> None:
    found = read(text)
    asked = {*found.attributes, *found.excluded_attributes}
    assert asked & {"raw", "pack-bulk", "cut-fine", "form-slices", "form-broken"} == set()


def test_the_same_words_are_qualities_elsewhere() -> None:
    assert "raw" in read("raw prawn crackers and raw honey", "en").attributes
    assert "cut-fine" in read("desiccated coconut, fine", "en").attributes
    assert "pack-bulk" in read("coconut sugar, bulk", "en").attributes
    assert "pack-bulk" in read("lose 5 t Tee", "de").attributes


@pytest.mark.parametrize(
    ("text", "lang", "lines"),
    [
        ("黑胡椒粒和白胡椒粒各800公斤", "zh_Hans", [("pepper-black", 800), ("pepper-white", 800)]),
        ("cloves and mace, 2 t each", "en", [("clove", 2000), ("mace", 2000)]),
        ("cengkeh dan pala masing-masing 3 ton", "id", [("clove", 3000), ("nutmeg", 3000)]),
        ("Nelken und Muskatnüsse, jeweils 500 kg", "de", [("clove", 500), ("nutmeg", 500)]),
    ],
)
def test_one_amount_for_each_of_several(text: str, lang: str, lines: list[tuple[str, float]]) -> None:
    assert [(each.goods[0], each.quantity) for each in read(text, lang).lines] == lines


@pytest.mark.parametrize(
    ("text", "lang", "countries"),
    [
        ("halo pak ini Yanti dari Jeddah, mau pesan gamis 400 potong", "id", ("SA",)),
        ("buyer Amsterdam (toko Suriname): kelapa parut 3 ton", "id", ("NL",)),
        ("We buy cashews from Vietnam today, want yours to Oslo", "en", ("NO",)),
        ("kirim ke Perancis, cengkeh 1 ton", "id", ("FR",)),
    ],
)
def test_where_the_goods_go(text: str, lang: str, countries: tuple[str, ...]) -> None:
    assert read(text, lang).destinations == countries


def test_a_paper_that_would_be_nice_is_no_must() -> None:
    found = read("bamboo straws to Auckland, 12,000 pcs, LFGB. FSC nice to have", "en")
    assert found.certificates == (("lfgb",),)
    assert "fsc" in found.preferred_certificates


@pytest.mark.parametrize(
    ("text", "lang", "amount"),
    [("ground coffee, ceiling nine dollars a kilo", "en", 9), ("Nelken, höchstens acht Euro je kg", "de", 8)],
)
def test_sums_of_money_in_words(text: str, lang: str, amount: float) -> None:
    price = read(text, lang).price
    assert price is not None
    assert price.amount == amount


@pytest.mark.parametrize("word", ["Basar", "Perlen", "Kisten", "jawab", "costs", "schreiben", "kapan", "settings"])
def test_everyday_words_are_no_misspelt_goods(word: str) -> None:
    assert read(f"{word}: 2 t cloves").goods == ("clove",)
    assert read(word).goods == ()
    assert read(word).attributes == ()
