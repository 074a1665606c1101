"""Words and concepts: what both search engines and matching read out of a text."""

import itertools
import threading
import time

import pytest

from search.analysis import concept_closure, find_concepts, fold, words
from search.analysis import lexicon as current_lexicon


def concepts(text: str, lang: str | None = None, *, repair: bool = False) -> list[str]:
    return [hit.concept for hit in find_concepts(text, lang, repair=repair)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Röstkaffee", "rostkaffee"), ("ＶＣＯ", "vco"), ("椰子糖", "椰子糖"), ("傢俬", "家私"), ("Größe", "GROSSE")],
)
def test_folding_makes_spellings_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Desiccated coconuts", "en", {"desicc", "coconut"}),
        ("kelapa parut kering", "id", {"kelapa", "kering"}),
        ("Kokosblütenzucker", "de", {"kokosblut", "zuck"}),
        ("Kokosbluetenzucker", "de", {"kokosblutenzuck"}),
        ("脫水椰蓉", "zh_Hant", {"脱水", "椰蓉"}),
        ("VCO 25kg", "zh_Hans", {"vco", "25", "kg"}),
    ],
)
def test_words_are_index_terms(text: str, lang: str, expected: set[str]) -> None:
    assert expected <= set(words(text, lang))


def test_words_without_weight_are_dropped_unless_they_are_all() -> None:
    assert words("the honey of the forest", "en") == ["honey", "forest"]
    assert words("the", "en") == ["the"]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("20 t of Desiccated Coconut, fine", "en", "coconut-desiccated"),
        ("Bio-Kokosraspeln aus Java", "de", "coconut-desiccated"),
        ("采购椰蓉20吨", "zh_Hans", "coconut-desiccated"),
        ("採購椰蓉20噸", "zh_Hant", "coconut-desiccated"),
        ("cari kelapa parut kering halus", "id", "coconut-desiccated"),
        ("we need coco-sugar", "en", "coconut-sugar"),
        ("EK1 robusta", "en", "coffee-robusta-green"),
        ("Moringablattpulver", "de", "moringa-powder"),
    ],
)
def test_goods_are_found_in_every_language(text: str, lang: str, expected: str) -> None:
    assert expected in concepts(text, lang)
    assert expected in concepts(text)


def test_the_longest_name_wins_and_none_overlap() -> None:
    hits = find_concepts("virgin coconut oil and coconut water", "en")
    assert [hit.concept for hit in hits] == ["coconut-oil-virgin", "coconut-water"]
    assert all(left.end <= right.start for left, right in itertools.pairwise(hits))


def test_a_hit_points_at_the_words_as_written() -> None:
    text = "Wir suchen ﬁne „Größte“ KOKOSBLÜTENZUCKER, 印尼椰糖"
    for hit in find_concepts(text, "de"):
        assert text[hit.start : hit.end] == hit.surface
    assert {"KOKOSBLÜTENZUCKER", "印尼椰糖"} <= {hit.surface for hit in find_concepts(text, "de")}


def test_a_comma_ends_a_name() -> None:
    assert "coconut-oil-virgin" not in concepts("virgin, coconut oil", "en")


def test_misspelt_words_are_read_only_when_asked() -> None:
    assert concepts("desicated cocconut", "en") == []
    assert concepts("desicated cocconut", "en", repair=True) == ["coconut-desiccated"]


def test_closure_climbs_to_the_family() -> None:
    assert concept_closure("coffee-arabica-green")[0] == "coffee-arabica-green"
    assert {"food/coffee/green", "food/coffee", "food"} <= set(concept_closure("coffee-arabica-green"))
    assert concept_closure("no-such-thing") == ("no-such-thing",)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\ud83d", "🥥" * 50, "((((", "a" * 5000, "椰" * 3000, "ß" * 300, "1" * 400]
)
@pytest.mark.parametrize("lang", ["en", "id", "de", "zh_Hans", "zh_Hant", "xx"])
def test_hostile_texts_are_answered(text: str, lang: str) -> None:
    assert isinstance(words(text, lang), list)
    for hit in find_concepts(text, lang, repair=True):
        assert text[hit.start : hit.end] == hit.surface


def test_many_threads_agree() -> None:
    text = "Kokosblütenzucker und geröstete Kaffeebohnen, gula aren, 椰子糖"
    expected = (words(text, "de"), find_concepts(text))
    found: list[object] = []

    def read() -> None:
        found.extend((words(text, "de"), find_concepts(text)) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    assert all(each == expected for each in found)


def test_a_request_is_read_quickly() -> None:
    text = "2x20' desiccated coconut fine grade, low SO2, Halal + BRC, CIF Jebel Ali, pls quote asap, tgt 1.95/kg"
    find_concepts(text, "en")
    start = time.process_time()
    for _ in range(50):
        find_concepts(text, "en")
    assert (time.process_time() - start) / 50 < 0.1  # a runaway shows; the figure itself is for the bench


def test_what_a_long_name_swallows_can_be_asked_for() -> None:
    lexicon = current_lexicon()
    [hit] = lexicon.find("organic coconut sugar block", "en")[-1:]
    inner = [each.concept for each in lexicon.find_within(hit, "en")]
    assert hit.concept == "coconut-sugar-block"
    assert "form-block" in inner
