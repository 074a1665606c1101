"""Vectors: what goes in, what is alike, and what comes back from disk."""

import json
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from skops.io import dump

from matching import vectors
from matching.arrays import digest_of
from matching.profile import OfferProfile
from matching.reader.offer import read_offer
from matching.reader.request import read_request
from matching.vectors import DIMENSIONS, NotTheseVectors, Vectors, text_of, text_of_offer, text_of_request
from search.analysis import lexicon

TITLES = (
    ("sugar", "en", "Organic coconut sugar granulated"),
    ("semut", "id", "Gula semut kelapa"),
    ("block", "id", "Gula kelapa cetak"),
    ("cane", "en", "Refined cane sugar ICUMSA 45"),
    ("vco", "de", "Natives Kokosöl, kaltgepresst"),
    ("robusta", "en", "Robusta green beans, fully washed"),
    ("arabica", "zh_Hans", "阿拉比卡咖啡生豆 水洗"),
    ("briquettes", "en", "Coconut shell charcoal briquettes for shisha"),
    ("turmeric", "id", "Kunyit kering iris"),
    ("baskets", "zh_Hans", "藤编收纳篮"),
)


class Foreign:
    """A type that no file of vectors may hold."""


def texts() -> list[str]:
    found = []
    for key, lang, title in TITLES:
        offer, reading = read_offer(OfferProfile(key=key, seller=key, titles={lang: title}), lexicon())
        found.append(text_of_offer(offer, reading))
    return found


@pytest.fixture(scope="module")
def fitted() -> Vectors:
    return Vectors().fit(texts())


def nearest(fitted: Vectors, text: str) -> str:
    alike = fitted.transform(texts()) @ fitted.transform([text])[0]
    return TITLES[int(alike.argmax())][0]


def test_rows_have_length_one_or_nothing(fitted: Vectors) -> None:
    rows = fitted.transform([*texts(), "", "zzzz qqqq"])
    assert rows.shape == (len(TITLES) + 2, DIMENSIONS)
    assert rows.dtype == numpy.float32
    assert numpy.linalg.norm(rows, axis=1) == pytest.approx([1.0] * len(TITLES) + [0.0, 0.0], abs=1e-5)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("we look for turmeric", "en", "turmeric"),
        ("Holzkohle aus Kokosschalen", "de", "briquettes"),
        ("Arabica Rohkaffee", "de", "arabica"),
        ("virgin coconut oil", "en", "vco"),
    ],
)
def test_goods_are_near_in_any_language(fitted: Vectors, text: str, lang: str, expected: str) -> None:
    assert nearest(fitted, text_of_request(read_request(text, lang=lang))) == expected
    assert nearest(fitted, text_of([(lang, text)])) == expected


def test_a_misspelt_word_is_near_by_its_parts(fitted: Vectors) -> None:
    assert nearest(fitted, "briquetes shishah") == "briquettes"


def test_concepts_are_marked_and_named_with_what_they_are_kinds_of() -> None:
    terms = text_of([("en", "coconut sugar")]).split()
    marked = [each[1:] for each in terms if each.startswith("=")]
    assert marked[0] == "coconut-sugar"
    assert set(marked) >= set(lexicon().closure("coconut-sugar"))
    assert text_of([("en", "coconut sugar")], ["cane-sugar"]).split()[2] == "=cane-sugar"
    assert text_of([]) == text_of([("en", "")]) == ""


def test_the_same_texts_give_the_same_vectors(fitted: Vectors) -> None:
    again = Vectors().fit(texts())
    assert numpy.array_equal(again.transform(texts()), fitted.transform(texts()))
    one_by_one = numpy.vstack([fitted.transform([each]) for each in texts()])
    assert one_by_one == pytest.approx(fitted.transform(texts()), abs=1e-6)


def test_figures_say_what_was_learnt(fitted: Vectors) -> None:
    assert fitted.figures_["texts"] == len(TITLES)
    assert fitted.figures_["dimensions"] == DIMENSIONS
    assert fitted.figures_["features"] == len(fitted.projection_)
    assert 0.5 < fitted.figures_["explained_variance"] <= 1.0


def test_of_many_texts_an_even_sample_is_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_LEARNT_FROM", 4)
    found = Vectors().fit(texts())
    assert found.figures_["texts"] == 4
    assert found.transform(texts()).shape == (len(TITLES), DIMENSIONS)


def test_rare_terms_of_many_texts_are_left_out() -> None:
    found = Vectors().fit([f"common lot{number}" for number in range(1_000)])
    (words,) = (each.terms for each in found.parts_ if each.name == "words")
    assert [words.word(each) for each in range(len(words))] == [b"common"]


def test_terms_that_are_all_rare_teach_nothing() -> None:
    found = Vectors().fit([f"{number:04}"[:2] + f"{number:04}"[2:] + "x" for number in range(1_000)])
    assert [each.name for each in found.parts_] == ["grams"]
    assert found.transform(["0001x"]).any()  # by its parts


@pytest.mark.parametrize("nothing", [[], ["", ""]])
def test_nothing_to_learn_from_gives_zeros(nothing: list[str], tmp_path: Path) -> None:
    found = Vectors().fit(nothing)
    assert not found.transform(["coconut sugar"]).any()
    found.save(tmp_path)
    assert not Vectors.load(tmp_path).transform(["coconut sugar"]).any()


def test_one_text_alone_can_be_learnt() -> None:
    found = Vectors().fit(["coconut sugar"])
    assert float((found.transform(["coconut sugar"]) @ found.transform(["sugar coconut"]).T).item()) > 0.9


def test_what_was_saved_comes_back(fitted: Vectors, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    again = Vectors.load(tmp_path)
    assert isinstance(again.projection_.base, numpy.memmap)
    assert not again.projection_.flags.writeable
    assert again.figures_ == fitted.figures_
    assert numpy.array_equal(again.transform(texts()), fitted.transform(texts()))


def test_another_make_is_refused(fitted: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fitted.save(tmp_path)
    monkeypatch.setattr(vectors, "MAKE", vectors.MAKE + 1)
    with pytest.raises(NotTheseVectors, match="make"):
        Vectors.load(tmp_path)


@pytest.mark.parametrize("name", ["vectors.json", "projection.npy", "words.idf.npy", "grams.terms.npy"])
@pytest.mark.parametrize("content", [None, b"", b"\x93NUMPY\x01\x00spoiled", b"{}"])
def test_spoiled_and_missing_files_are_refused(
    fitted: Vectors, tmp_path: Path, name: str, content: bytes | None
) -> None:
    fitted.save(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(NotTheseVectors):
        Vectors.load(tmp_path)


def test_what_learnt_is_kept_beside_what_serves(fitted: Vectors, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    pipeline = vectors.estimator(tmp_path)
    found = pipeline.transform(texts())
    found /= numpy.linalg.norm(found, axis=1, keepdims=True)
    assert fitted.transform(texts())[:, : found.shape[1]] == pytest.approx(found, abs=1e-5)
    (tmp_path / "vectors.skops").write_bytes(b"spoiled")
    with pytest.raises(NotTheseVectors, match="cannot be read"):
        vectors.estimator(tmp_path)


def test_a_foreign_type_is_refused(fitted: Vectors, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    dump({"pipeline": Foreign()}, tmp_path / "vectors.skops")
    with pytest.raises(NotTheseVectors, match="not trusted"):
        vectors.estimator(tmp_path)


def test_a_projection_of_another_vocabulary_is_refused(fitted: Vectors, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    numpy.save(tmp_path / "projection.npy", fitted.projection_[1:])
    with pytest.raises(NotTheseVectors, match="not those that were saved"):
        Vectors.load(tmp_path)
    told = json.loads((tmp_path / "vectors.json").read_text())
    told["digests"]["projection"] = digest_of(tmp_path / "projection.npy")
    (tmp_path / "vectors.json").write_text(json.dumps(told))
    with pytest.raises(NotTheseVectors, match="belong"):
        Vectors.load(tmp_path)


def test_a_process_that_only_turns_queries_into_vectors_does_without_scikit_learn(
    fitted: Vectors, tmp_path: Path
) -> None:
    fitted.save(tmp_path)
    told = (
        "import sys; from pathlib import Path; from matching.vectors import Vectors, text_of; print('numpy' in sys.modules)\n"
        f"assert Vectors.load(Path({str(tmp_path)!r})).transform([text_of([('en', 'coconut sugar')])]).any()\n"
        "print(sorted({'sklearn', 'skops', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", told], text=True).split() == ["False", "[]"]


def test_many_texts_go_the_same_way_as_one(fitted: Vectors, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    one_by_one = Vectors.load(tmp_path).transform(texts())
    monkeypatch.setattr(vectors, "_MANY", 1)
    together = Vectors.load(tmp_path).transform(texts())
    assert numpy.abs(together - one_by_one).max() < 1e-6  # sums are added up in another order
    assert numpy.array_equal(together.any(axis=1), one_by_one.any(axis=1))


def test_many_texts_of_which_nothing_is_known(fitted: Vectors, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    known = texts()[0]
    part = known.split()[0][:-1] + "qqq"  # its beginning was learnt, as a part of a word
    said = ["", "qzxv", known, part, "=of-nothing", known]
    one_by_one = Vectors.load(tmp_path)
    expected = [one_by_one.transform(said, only_whole=each) for each in (False, True)]
    assert [each.any(axis=1).tolist() for each in expected] == [
        [False, False, True, True, False, True],
        [False, False, True, False, False, True],
    ]
    monkeypatch.setattr(vectors, "_MANY", 1)
    together = Vectors.load(tmp_path)
    for is_whole, rows in enumerate(expected):
        assert numpy.abs(together.transform(said, only_whole=bool(is_whole)) - rows).max() < 1e-6
    assert together.transform([]).shape == (0, vectors.DIMENSIONS)
