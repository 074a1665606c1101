"""Names that look or sound alike lead each to its own goods, and short names to the group that they may mean."""

import pytest

from search.lexicon.lexicon import Lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon()


@pytest.mark.parametrize(
    ("text", "lang", "concept"),
    [
        ("RCN", "en", "cashew-in-shell"),
        ("raw cashew nuts in shell", "en", "cashew-in-shell"),
        ("mete gelondong", "id", "cashew-in-shell"),
        ("cashew kernels", "en", "cashew-kernel"),
        ("Sichuan pepper", "en", "pepper-sichuan"),
        ("花椒", "zh_Hans", "pepper-sichuan"),
        ("andaliman", "id", "pepper-andaliman"),
        ("cardamom", "en", "cardamom-group"),
        ("green cardamom", "en", "cardamom-green"),
        ("kapulaga", "id", "cardamom-java"),
        ("草果", "zh_Hans", "cardamom-black"),
        ("Lorbeerblätter", "de", "bay-leaf-group"),
        ("Laurus nobilis", "en", "bay-leaf-laurel"),
        ("daun salam", "id", "bay-leaf-salam"),
        ("cinnamon", "en", "cinnamon-group"),
        ("Ceylon-Zimtstangen", "de", "cinnamon-ceylon"),
        ("kunyit putih", "id", "white-turmeric"),
        ("temu ireng", "id", "temu-ireng"),
        ("temulawak", "id", "temulawak-dried"),
        ("sandalwood oil", "en", "sandalwood-oil"),
        ("sandalwood", "en", "sandalwood"),
        ("tea tree oil", "en", "tea-tree-oil"),
        ("palm kernel shells", "en", "palm-kernel-shell"),
        ("palm kernel oil", "en", "palm-kernel-oil"),
        ("octopus", "en", "octopus"),
        ("花枝", "zh_Hant", "cuttlefish"),
        ("透抽", "zh_Hant", "squid-frozen"),
        ("panela", "en", "cane-jaggery"),
        ("coconut jaggery", "en", "coconut-sugar-block"),
        ("椰棕糖", "zh_Hant", "coconut-sugar"),
        ("古法黑糖", "zh_Hant", "cane-jaggery"),
        ("普洱茶", "zh_Hant", "tea-dark"),
        ("紅茶", "zh_Hant", "tea-bulk"),
        ("酪梨", "zh_Hant", "avocado"),
        ("rempah adas", "id", "fennel-seed"),
    ],
)
def test_a_name_is_that_of_its_own_goods(lexicon: Lexicon, text: str, lang: str, concept: str) -> None:
    assert concept in [hit.concept for hit in lexicon.find(text, lang, repair=True)]


@pytest.mark.parametrize(
    ("short", "meant"),
    [
        ("cardamom-group", {"cardamom-java", "cardamom-green", "cardamom-black"}),
        ("bay-leaf-group", {"bay-leaf-salam", "bay-leaf-laurel"}),
        ("cinnamon-group", {"cinnamon-cassia", "cinnamon-ceylon"}),
        ("pepper", {"pepper-black", "pepper-white", "pepper-sichuan"}),
    ],
)
def test_a_short_name_means_a_group(lexicon: Lexicon, short: str, meant: set[str]) -> None:
    assert all(short in lexicon.closure(each) for each in meant)


@pytest.mark.parametrize(
    ("text", "lang", "concept"),
    [
        ("cow leather bags", "en", "leather-bag"),
        ("kukui candlenut oil", "en", "candlenut-oil"),
        ("frozen banana leaf", "en", "banana-leaf"),
        ("Ceylon true cinnamon quills", "en", "cinnamon-ceylon"),  # quills of cassia have a name, and are none of these
        ("sand ginger powder", "en", "kencur-dried"),
        ("coconut palm sugar granules", "en", "coconut-sugar"),
        ("Toraja roasted whole beans", "en", "coffee-arabica-roasted"),  # what is broader says less
    ],
)
def test_the_last_word_is_the_thing_where_it_is_made_of_the_first(
    lexicon: Lexicon, text: str, lang: str, concept: str
) -> None:
    goods = [hit.concept for hit in lexicon.find(text, lang) if lexicon.kind(hit.concept) in ("product", "family")]
    assert goods == [concept]


@pytest.mark.parametrize(
    ("text", "concept"),
    [("kerupuknya", "food/snacks/crackers"), ("kepalanya", ""), ("duriannya", "durian"), ("mentahan", "raw")],
)
def test_endings_of_indonesian_names_are_put_aside(lexicon: Lexicon, text: str, concept: str) -> None:
    assert [hit.concept for hit in lexicon.find(text, "id")] == ([concept] if concept else [])


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("BBQ charcoal 10 t to Melbourne", "en"),  # not "TTO"
        ("Salam, kami mencari pemasok", "id"),  # no leaf of salam
        ("from the Hafen of Hamburg", "de"),  # not Hafer
        ("kesan dan saran", "id"),
        ("bagian pembelian", "id"),
    ],
)
def test_words_of_letters_name_no_goods(lexicon: Lexicon, text: str, lang: str) -> None:
    found = {hit.concept for hit in lexicon.find(text, lang, repair=True)}
    assert not found & {"tea-tree-oil", "bay-leaf-salam", "wheat", "rice-glutinous", "saffron", "star-anise"}


def test_goods_and_papers_have_a_name_in_traditional_chinese(lexicon: Lexicon) -> None:
    named = [
        each
        for each in lexicon.concepts.values()
        if each.kind in ("product", "certificate", "registration") and "zh_Hans" in each.names
    ]
    missing = [each.id for each in named if "zh_Hant" not in each.names]
    assert len(missing) * 50 <= len(named), missing
