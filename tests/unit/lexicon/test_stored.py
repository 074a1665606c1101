"""The kept lexicon says what its sources say, and a file that does not is never believed."""

from pathlib import Path

import pytest

from search.lexicon import stored
from search.lexicon.lexicon import Lexicon
from search.lexicon.loader import load_shipped
from search.lexicon.tokens import tokens
from search.stemming import stem


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    store = tmp_path_factory.mktemp("store") / "kept" / "lexicon.json"
    stored.load(store)
    return store.read_bytes()


@pytest.fixture
def store(tmp_path: Path, written: bytes) -> Path:
    path = tmp_path / "lexicon.json"
    path.write_bytes(written)
    return path


def test_what_is_kept_is_what_the_sources_say(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    concepts = load_shipped()
    monkeypatch.setattr("search.lexicon.loader.load_shipped", lambda: pytest.fail("the sources were read again"))
    kept = stored.load(store)
    assert list(kept.concepts) == concepts
    assert [repr(each) for each in kept.concepts] == [repr(each) for each in concepts]


def test_every_name_is_read_as_it_would_be_without_the_store(store: Path) -> None:
    readings = stored.load(store).readings
    bare = stored.Readings()
    for concept in load_shipped():
        for lang, names in concept.names.items():
            for name in names:
                forms = [token.form for token in tokens(name)]
                assert readings.forms_of(name) == forms == bare.forms_of(name)
                if lang in ("en", "de", "id"):
                    assert readings.stems_of(forms, lang) == "".join(stem(form, lang) for form in forms)


def test_a_lexicon_from_the_store_finds_what_one_from_the_sources_finds() -> None:
    quick, slow = Lexicon(), Lexicon(shipped=load_shipped())
    assert quick.version == slow.version
    for text in (
        "organic coconut sugr 25kg",
        "Rohkaffee Fairtrade",
        "biji kopi arabika",
        "有機椰糖",
        "Kokosblütenzucker",
    ):
        for lang in ("en", "de", "id", "zh_Hant", None):
            assert quick.find(text, lang, repair=True) == slow.find(text, lang, repair=True)


def test_a_file_that_was_changed_cut_or_emptied_is_made_anew(store: Path, written: bytes) -> None:
    middle = len(written) // 2
    changed = written[:middle] + bytes([written[middle] ^ 1]) + written[middle + 1 :]
    for broken in (changed, written[:middle], b"", b"\xff\xfe", b"souq lexicon 1\n{}", written + b" "):
        store.write_bytes(broken)
        assert len(stored.load(store).concepts) > 1000
        assert store.read_bytes() == written


def test_a_sound_file_of_another_shape_is_made_anew(store: Path, written: bytes) -> None:
    sources = written.split()[3].decode()
    for body in (b"[]", b"{}", b'{"concepts":[],"forms":{},"stems":{}}', b'{"concepts":[[1]],"forms":{},"stems":{}}'):
        stored._write(store, sources, body)
        assert len(stored.load(store).concepts) > 1000
        assert store.read_bytes() == written


def test_other_sources_make_it_anew(store: Path, written: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_sources", lambda: "f" * 64)
    assert len(stored.load(store).concepts) > 1000
    assert store.read_bytes() != written
    assert b" " + b"f" * 64 + b" " in store.read_bytes()[:200]


def test_sources_are_told_apart_by_every_byte(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = stored._sources()
    copy = tmp_path / "search"
    for name in stored._CODE:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((stored._SEARCH / name).read_bytes())
    data = copy / "lexicon" / "data"
    data.mkdir()
    for path in (stored._SEARCH / "lexicon" / "data").glob("*.yaml"):
        (data / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(stored, "_SEARCH", copy)
    assert stored._sources() == before
    (data / "trade.yaml").write_bytes((data / "trade.yaml").read_bytes() + b"\n")
    assert stored._sources() != before


def test_a_place_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.write_text("a file where the folder would be")
    assert len(stored.load(wall / "lexicon.json").concepts) > 1000
