"""Names by their first letters: what lets a reader stop early must never make it miss a name."""

from hypothesis import given
from hypothesis import strategies as st

from search.lexicon.model import Concept
from search.lexicon.names import Names

_WORDS = st.lists(st.text("ab", min_size=1, max_size=6), max_size=20)


@given(_WORDS, st.text("abc", max_size=4))
def test_lengths_are_those_of_every_name_that_begins_so(words: list[str], start: str) -> None:
    names = Names()
    for word in words:
        names.learn(word, "en", word)
    assert names.lengths(start) == {len(word) for word in words if word.startswith(start)}


def test_a_name_learnt_later_is_found_too() -> None:
    names = Names()
    names.learn("cocopeat", "en", "coco-peat")
    assert names.lengths("coco") == {8}
    names.learn("coconut", "en", "coconut")
    assert names.lengths("coco") == {7, 8}


def test_the_first_meaning_stays() -> None:
    names = Names()
    names.learn("gula", "id", "sugar")
    names.learn("gula", "id", "palm-sugar")
    assert names.meanings("gula", ("id", "en")) == ["sugar"]


def test_the_language_asked_for_first_decides_what_a_name_means() -> None:
    names = Names()
    names.learn("must", "en", "duty")
    names.learn("must", "de", "grape-must")
    assert names.meaning("must", ("de", "en")) == "grape-must"
    assert names.meaning("must", ("id", "en", "de")) == "duty"
    assert names.meaning("must", ("id",)) == ""
    assert names.meaning("most", ("de", "en")) == ""
    assert names.meanings("must", ("de", "id", "en")) == ["grape-must", "duty"]


def test_a_name_only_in_simplified_characters_is_written_in_traditional_ones() -> None:
    assert Concept("ginger-slices", "product", {"en": ("ginger",), "zh_Hans": ("干姜片",)}).label("zh_Hant") == "乾薑片"


def test_an_own_traditional_name_goes_before_a_converted_one() -> None:
    names = {"en": ("vermicelli",), "zh_Hans": ("粉丝",), "zh_Hant": ("粉絲條",)}
    assert Concept("vermicelli", "product", names).label("zh_Hant") == "粉絲條"


def test_names_are_known_by_what_they_mean() -> None:
    names = Names()
    names.learn("cocopeat", "en", "peat")
    names.learn("kopi", "id", "coffee")
    assert list(names.of("peat")) == ["cocopeat"]
    names.learn("coirpith", "en", "peat")
    names.learn("kopi", "id", "peat")  # the first meaning stays
    assert list(names.of("peat")) == ["cocopeat", "coirpith"]
    assert list(names.of("coffee")) == ["kopi"]
    assert list(names.of("unheard of")) == []
