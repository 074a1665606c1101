"""What was read once is remembered: the same hits come, whatever a caller did with the last ones."""

from search.lexicon import lexicon
from search.lexicon.lexicon import Lexicon

TEXT = "Kokosblütenzucker aus Banyumas, virgin coconut oil, 椰子糖, moisture 2%"


def test_hits_that_a_caller_took_apart_come_whole_again() -> None:
    known = Lexicon()
    first = known.find(TEXT, "de")
    assert first
    kept = list(first)
    first.clear()
    assert known.find(TEXT, "de") == kept


def test_each_language_kind_and_repair_is_read_for_itself() -> None:
    known = Lexicon()
    ways = [
        (lang, repair, kinds)
        for lang in (None, "en", "de", "id", "zh")
        for repair in (False, True)
        for kinds in (("product",), ("attribute", "figure"))
    ]
    after_others = [known.find(TEXT, lang, repair=repair, kinds=kinds) for lang, repair, kinds in ways]
    alone = [Lexicon().find(TEXT, lang, repair=repair, kinds=kinds) for lang, repair, kinds in ways]
    assert after_others == alone


def test_a_text_too_long_to_be_remembered_is_read_as_its_parts_are() -> None:
    known = Lexicon()
    said = [hit.concept for hit in known.find("palm sugar. ")]
    assert [hit.concept for hit in known.find("palm sugar. " * 300)] == said * 300


def test_what_is_part_of_a_name_has_its_place_in_each_text() -> None:
    known = Lexicon()
    for before in ("", "for us: "):
        text = f"{before}turmeric powder, dry"
        (hit,) = (each for each in known.find(text) if known.kind(each.concept) == "product")
        for inner in known.find_within(hit):
            assert text[inner.start : inner.end] == inner.surface
        assert [each.concept for each in known.find_within(hit)] == ["form-powder"]


def test_of_long_texts_few_are_remembered() -> None:
    known = Lexicon()
    lexicon._cut_short.cache_clear()
    lexicon._cut_long.cache_clear()
    for number in range(40):
        known.find(f"{number} " + "a b " * 490)
        known.find(f"{number} coconut sugar")
    held = [each.cache_info().currsize for each in (lexicon._cut_long, known._found_long)]
    assert held == [lexicon._LONG_READ_AGAIN] * 2
    assert lexicon._cut_short.cache_info().currsize == known._found.cache_info().currsize == 40


def test_a_description_is_cut_once_for_all_that_it_is_read_for() -> None:
    known, text = Lexicon(), f"{TEXT}. " * 10
    lexicon._cut_long.cache_clear()
    first = known.find(text, "de")
    assert known.find(text, "de") == first
    assert known.find(text, "de", kinds=("product",))
    assert lexicon._cut_long.cache_info().misses == 1
