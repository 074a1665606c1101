"""The shipped lexicon with every name already read, kept beside the code as Python keeps its bytecode.

Reading four hundred kilobytes of YAML and stemming twenty thousand names takes a second; this file takes a
thirtieth of it. It is JSON under a line that names what it was made from and the hash of what follows: a file of
other sources, a broken one and none at all are the same, and it is made anew.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from search.lexicon.model import LANGUAGES, Concept
from search.lexicon.tokens import tokens
from search.stemming import PROTECTED, stem

_HEAD = "souq lexicon 1"
_LIBRARIES = ("snowballstemmer", "opencc-python-reimplemented")
_SEARCH = Path(__file__).parent.parent
_CODE = ("chinese.py", "folding.py", "stemming.py", "lexicon/loader.py", "lexicon/stored.py", "lexicon/tokens.py")
STORE = Path(__file__).parent / "__pycache__" / "lexicon.json"


@dataclass(frozen=True)
class Readings:
    """Names as the lexicon looks for them: their folded tokens, and by language the stems of those put together."""

    forms: Mapping[str, str] = field(default_factory=dict)
    """Name to its tokens, with spaces between."""
    stems: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language to tokens, with spaces between, to their stems without."""

    def forms_of(self, name: str) -> list[str]:
        """The folded tokens of a name."""
        known = self.forms.get(name)
        return [token.form for token in tokens(name)] if known is None else known.split()

    def stems_of(self, forms: list[str], lang: str) -> str:
        """The stems of tokens in a language, written as one word."""
        known = self.stems.get(lang, {}).get(" ".join(forms))
        return "".join(stem(form, lang) for form in forms) if known is None else known


@dataclass(frozen=True)
class Shipped:
    """The concepts that come with the program, and how their names are read."""

    concepts: tuple[Concept, ...]
    readings: Readings


def shipped() -> Shipped:
    """What is shipped, from the store where it is sound and of these sources; raises LexiconFault for wrong sources.

    It is not kept: a lexicon takes from it what it needs, and few processes make a second one.
    """
    return load(STORE)


def load(store: Path) -> Shipped:
    """What ``store`` holds; what the sources say where it holds nothing of use, and then it is written."""
    sources = _sources()
    try:
        return _unpacked(_body(store.read_bytes(), sources))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        from search.lexicon.loader import load_shipped

        made = read_all(load_shipped())
        with suppress(OSError):  # a folder that is not ours to write in costs every start its second, and no more
            _write(store, sources, json.dumps(_packed(made), ensure_ascii=False, separators=(",", ":")).encode())
        return made


def read_all(concepts: Iterable[Concept]) -> Shipped:
    """The concepts with the readings of all their names."""
    held = tuple(concepts)
    forms: dict[str, str] = {}
    stems: dict[str, dict[str, str]] = {}
    for concept in held:
        for lang, names in (*concept.names.items(), ("", concept.misspellings)):
            for name in names:
                pieces = [token.form for token in tokens(name)]
                together = forms[name] = " ".join(pieces)
                if lang in PROTECTED:
                    stems.setdefault(lang, {})[together] = "".join(stem(piece, lang) for piece in pieces)
    return Shipped(held, Readings(forms, stems))


def _sources() -> str:
    """The hash of everything that decides what the store must say."""
    found = hashlib.sha256(sys.version.encode())
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            found.update(f"{name} {metadata.version(name)}".encode())
    for path in [*(_SEARCH / name for name in _CODE), *sorted((_SEARCH / "lexicon" / "data").glob("*.yaml"))]:
        content = path.read_bytes()
        found.update(f"{path.name} {len(content)} ".encode() + content)
    return found.hexdigest()


def _body(content: bytes, sources: str) -> Any:
    head, _, body = content.partition(b"\n")
    if head.decode() != f"{_HEAD} {sources} {hashlib.sha256(body).hexdigest()}":
        raise ValueError("the store is broken or of other sources")
    return json.loads(body)


def _write(store: Path, sources: str, body: bytes) -> None:
    """Put a whole file in place of what stands there: a reader sees the one or the other."""
    store.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile(dir=store.parent, prefix="lexicon.", delete=False) as file:
        try:
            file.write(f"{_HEAD} {sources} {hashlib.sha256(body).hexdigest()}\n".encode() + body)
            os.fchmod(file.fileno(), 0o644)
            file.close()
            os.replace(file.name, store)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise


def _packed(made: Shipped) -> Any:
    concepts = [
        [
            each.id, each.kind, [each.names.get(lang) for lang in LANGUAGES], each.misspellings, each.hs, each.broader,
            each.substitutes, each.confused_with, dict(each.facts),
        ]
        for each in made.concepts
    ]  # fmt: skip
    return {"concepts": concepts, "forms": made.readings.forms, "stems": made.readings.stems}


def _unpacked(tree: Any) -> Shipped:
    concepts = tuple(_concept(row) for row in tree["concepts"])
    forms, stems = tree["forms"], tree["stems"]
    if not concepts or not isinstance(forms, dict) or not all(isinstance(known, dict) for known in stems.values()):
        raise ValueError("the store has another shape")
    return Shipped(concepts, Readings(forms, stems))


def _concept(row: list[Any]) -> Concept:
    key, kind, names, misspellings, hs, broader, substitutes, confused, facts = row
    return Concept(
        id=sys.intern(key),
        kind=sys.intern(kind),
        names={lang: tuple(known) for lang, known in zip(LANGUAGES, names, strict=True) if known is not None},
        misspellings=tuple(misspellings),
        hs=tuple(hs),
        broader=tuple(map(sys.intern, broader)),
        substitutes=tuple(map(sys.intern, substitutes)),
        confused_with=tuple(map(sys.intern, confused)),
        facts={sys.intern(name): value for name, value in facts.items()},
    )
