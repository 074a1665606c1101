"""A word that nobody would write must not cost more than one that somebody does."""

import pytest

from search.lexicon import lexicon as reading
from search.lexicon.compounds import LONGEST_WORD
from search.stemming import stem


def test_a_word_too_long_for_a_compound_is_not_tried_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def counted(word: str, lang: str) -> str:
        tried.append(word)
        return stem(word, lang)

    lexicon = reading.Lexicon()
    assert [hit.concept for hit in lexicon.find("Presskohle", "de", repair=True)], (
        "an unknown part before goods is read past"
    )
    monkeypatch.setattr(reading, "stem", counted)
    assert lexicon.find("q" * 2000, "de", repair=True) == []
    assert sum(map(len, tried)) < 2000 * LONGEST_WORD, "a few readings of the word, not one from each letter"
