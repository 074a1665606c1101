"""Vectors for search: learnt once, read by every process from its folder, silent about what they do not know."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from matching.embedding import LearntEmbedder, learn
from matching.vectors import NotTheseVectors
from search.related import Said

TEXTS = [
    Said((("en", "Arabica green coffee from Ijen"),), ("coffee-arabica-green",)),
    Said((("id", "Kopi arabika biji hijau"),), ("coffee-arabica-green",)),
    Said((("en", "Coconut sugar, fine"),), ("coconut-sugar",)),
    Said((("en", "Hand-drawn batik cloth"),), ("batik-cloth",)),
    Said((("en", "Woven mat with lap and top"),)),
]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> LearntEmbedder:
    return learn(iter(TEXTS), tmp_path_factory.mktemp("related") / "make1")


def test_what_means_the_same_is_near(learnt: LearntEmbedder) -> None:
    assert (learnt.name, learnt.dimensions, learnt.texts) == ("make1", 128, len(TEXTS))
    documents = learnt.vectors(TEXTS)
    (query,) = learnt.vectors([Said((("de", "Rohkaffee"),))])
    likeness = (documents @ query).tolist()
    assert min(likeness[:2]) > 0.5 > max(likeness[2:])


def test_parts_of_words_alone_say_nothing(learnt: LearntEmbedder) -> None:
    strange, empty, known = learnt.vectors([Said((("en", "laptopper"),)), Said(()), Said((("en", "batik"),))])
    assert not strange.any()
    assert not empty.any()
    assert known @ known == pytest.approx(1.0)


def test_handed_to_another_process_it_is_the_same(learnt: LearntEmbedder) -> None:
    packed = pickle.dumps(learnt)
    assert len(packed) < 1_000  # where it lies, not what it is
    again = pickle.loads(packed)
    assert (again.vectors(TEXTS) == learnt.vectors(TEXTS)).all()


def test_a_query_needs_no_scikit(learnt: LearntEmbedder) -> None:
    program = (
        "import sys; from pathlib import Path; from matching.embedding import LearntEmbedder;"
        "from search.related import Said;"
        "vector = LearntEmbedder(Path(sys.argv[1])).ready().vectors([Said((('en', 'coffee'),))]);"
        "print(bool(vector.any()), 'sklearn' in sys.modules, 'scipy' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(learnt.folder)], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True", "False", "False"]


def test_spoiled_or_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotTheseVectors):
        LearntEmbedder(tmp_path / "none").ready()
    made = learn(TEXTS, tmp_path / "spoiled")
    (made.folder / "projection.npy").write_bytes(b"spoiled")
    with pytest.raises(NotTheseVectors):
        made.ready()


def test_nothing_to_learn_from_knows_nothing(tmp_path: Path) -> None:
    assert not learn([], tmp_path / "empty").vectors(TEXTS).any()
