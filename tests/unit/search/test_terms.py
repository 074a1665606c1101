"""What a document is found by is the same whatever was remembered of those before it."""

import re
from collections.abc import Iterator
from random import Random

import pytest

from search.analysis import find_concepts, lexicon, words
from search.document import Document
from search.terms import terms_of

_SEED = 4
_NUMBERS = ("7", "12", "26", "84", "100", "2026", "0901", "15.5", "9,5", "12345", "½", "x²", "１２", "3½", "④", "٣")
_JOINTS = (" ", "", "-", "/", ", ", ". ", "x", " kg ", "公斤", "%")
_WORDS = ("estate lot", "packed for export", "pack of", "batch", "kg", "grade", "批号", "Posten", "nomor")


def _texts(count: int) -> Iterator[tuple[str, str]]:
    """Names of every language with numbers between, behind and inside, the same each time."""
    random = Random(_SEED)
    names = [(lang, name) for each in lexicon().concepts.values() for lang, own in each.names.items() for name in own]
    numbered = [pair for pair in names if re.search("[0-9]", pair[1])]
    for _ in range(count):
        picked = [random.choice(numbered if random.random() < 0.3 else names) for _ in range(random.randint(1, 3))]
        pieces = [name for _, name in picked]
        for _ in range(random.randint(1, 4)):
            pieces.insert(random.randint(0, len(pieces)), random.choice(_NUMBERS + _WORDS))
        text = "".join(piece + random.choice(_JOINTS) for piece in pieces)
        cut = random.randint(1, len(text))
        yield picked[0][0], text[:cut] + random.choice(("", random.choice(_NUMBERS))) + text[cut:]


def test_a_text_without_its_nameless_numbers_names_the_same() -> None:
    masked = 0
    for lang, text in _texts(3_000):
        plain = lexicon().without_numbers(text)
        masked += plain != text
        assert [hit.concept for hit in find_concepts(plain, lang)] == [
            hit.concept for hit in find_concepts(text, lang)
        ], text
    assert masked > 1_000


@pytest.mark.parametrize("text", ["briquettes 26x26", "HS 0901", "grade 1"])
def test_a_number_that_names_have_stays(text: str) -> None:
    numbers = re.findall("[0-9]+", text)
    known = " ".join(name for each in lexicon().concepts.values() for own in each.names.values() for name in own)
    kept = re.findall("[0-9]+", lexicon().without_numbers(text))
    assert all(number in kept for number in numbers if number in re.findall("[0-9]+", known))


def test_documents_that_differ_by_a_number_are_taken_apart_each_by_itself() -> None:
    made = [
        terms_of(Document("product", key, 1, {"en": f"Arabica coffee of Malang, estate lot {key}"},
                          descriptions={"en": f"Washed coffee. {key} bags of 60 kg, lot {key}."}))
        for key in (1, 22, 333_333)
    ]  # fmt: skip
    for key, terms in zip((1, 22, 333_333), made, strict=True):
        assert terms.title["en"] == words(f"Arabica coffee of Malang estate lot {key}", "en")
        assert terms.body["en"] == words(f"Washed coffee {key} bags of 60 kg lot {key}", "en")
        assert str(key) in terms.surface
    assert made[0].concepts == made[1].concepts == made[2].concepts != ()
    assert made[0].mentions == made[1].mentions == made[2].mentions
