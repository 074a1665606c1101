"""The word table: scikit-learn's figures without scikit-learn."""

from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.word_table import Terms, WordTable, identity

TEXTS = [["kopi", "robusta", "robusta"], [], ["gula", "kelapa"], ["椰糖", "gula"], ["kopi", "arabika", "gayo"]]
WORD = st.sampled_from(["kopi", "robusta", "gula", "kelapa", "椰糖", "arabika", "gayo", "teh", ""])


def shares(table: WordTable, text: list[str]) -> dict[int, float]:
    return {column: share for column, _telling, share in table.weights(text).values()}


@settings(deadline=None)
@given(
    texts=st.lists(st.lists(WORD, max_size=6), min_size=1, max_size=12),
    asked=st.lists(WORD, max_size=6),
    chosen=st.none() | st.sets(st.integers(0, 11)),
)
def test_it_compares_as_scikit_learn_does(texts: list[list[str]], asked: list[str], chosen: set[int] | None) -> None:
    table = WordTable.fit(texts)
    if table is None:
        assert not any(texts)
        return
    rows = sorted(each for each in (range(12) if chosen is None else chosen) if each < len(texts))
    learnt = TfidfVectorizer(analyzer=identity, sublinear_tf=True)
    expected = (learnt.fit_transform(texts) @ learnt.transform([asked]).T).toarray().ravel()
    wanted = table.spread(shares(table, asked))
    if wanted is None:
        assert not expected.any()
        return
    found = table.cosines(wanted, numpy.array(rows, numpy.int64))
    assert found.tolist() == pytest.approx([expected[row] for row in rows], abs=1e-6)


@given(st.sets(st.text(max_size=6), min_size=1, max_size=30), st.text(max_size=6))
def test_every_word_has_its_column(known: set[str], other: str) -> None:
    vocabulary = {each: column for column, each in enumerate(sorted(known, key=str.encode))}
    terms = Terms.of(vocabulary)
    assert {each: terms.column(each) for each in known} == vocabulary
    assert terms.column(other) == vocabulary.get(other)


def test_arrays_stay_in_their_files(tmp_path: Path) -> None:
    table = WordTable.fit(TEXTS)
    assert table is not None
    table.save(tmp_path / "words")
    again = WordTable.load(tmp_path / "words")
    assert isinstance(again._data.base, numpy.memmap)
    asked = shares(table, ["kopi", "gula", "unheard"])
    assert shares(again, ["kopi", "gula", "unheard"]) == asked
    wanted, every = table.spread(asked), numpy.arange(len(table))
    assert wanted is not None
    assert again.cosines(wanted, every).tolist() == table.cosines(wanted, every).tolist()
    assert [again.columns_of(row) for row in range(5)] == [table.columns_of(row) for row in range(5)]


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("idf", numpy.zeros(2, numpy.float32)),
        ("data", numpy.zeros(3, numpy.float32)),
        ("data", numpy.zeros(9, numpy.float64)),
        ("terms", numpy.zeros((2, 2), numpy.uint8)),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(tmp_path: Path, name: str, array: object) -> None:
    table = WordTable.fit(TEXTS)
    assert table is not None
    table.save(tmp_path / "words")
    numpy.save(tmp_path / "words" / f"{name}.npy", array)  # type: ignore[arg-type]  # an object above
    with pytest.raises(ValueError, match=r"should be|belong together"):
        WordTable.load(tmp_path / "words")


def test_no_words_no_table() -> None:
    assert WordTable.fit([]) is None
    assert WordTable.fit([[], []]) is None
