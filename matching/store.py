"""Fitted matchers on disk: versioned folders, a card beside each model, one pointer that moves in one step.

Never pickle: what serves is JSON and plain arrays, what learnt is kept by skops, which loads only the types named here.
A file of another make, or another than the card tells of, is refused, not guessed at.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from matching.arrays import digest_of, opened
from matching.columns import Columns
from matching.matcher import SupplierMatcher
from matching.serial import offer_from_json, offer_to_json, reading_from_json, reading_to_json
from matching.shelf import Known, Shelf
from matching.word_table import WordTable

FORMAT = 4
_POINTER = "current"
_CARD = "card.json"
_WORDS = "words.skops"
_OFFERS = "offers.jsonl"
_STARTS = "offers"
_TABLE = "words"
_COLUMNS = "columns"
# What the stored estimator is made of; anything else in the file is refused.
TRUSTED = ["matching.word_table.identity", "scipy.sparse._csr.csr_matrix", "numpy.dtype", "builtins.dict"]


class UnusableModel(Exception):
    """The stored model cannot be used: missing, spoiled, or made by another version. Fit again from the database."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A model read from disk with its card."""

    matcher: SupplierMatcher
    card: dict[str, Any]
    made: datetime
    """The moment whose offers it knows."""


def _libraries() -> dict[str, str]:
    return {name: version(name) for name in ("scikit-learn", "skops", "numpy", "scipy")}


def save(
    matcher: SupplierMatcher,
    folder: Path,
    made: datetime,
    figures: dict[str, Any] | None = None,
    *,
    is_current: bool = True,
) -> str:
    """Write a fitted matcher under ``folder``; returns its version name. It becomes the current one unless it is to
    wait for a comparison."""
    if not matcher.is_as_fitted:
        raise ValueError("a matcher is stored as it was fitted")
    name = made.strftime("%Y%m%dT%H%M%S%f")
    target, draft = folder / name, folder / f".{name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    card = {
        "format": FORMAT,
        "version": name,
        "made": made.isoformat(),
        "lexicon": matcher.lexicon_.version,
        "offers": len(matcher.offers_),
        "libraries": _libraries(),
        "figures": figures or {},
    }
    data, lengths = sha256(), list[int]()
    with (draft / _OFFERS).open("wb") as out:
        for key in sorted(matcher.offers_):
            entry = {"offer": offer_to_json(matcher.offers_[key]), "reading": reading_to_json(matcher.readings_[key])}
            line = (json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode()
            data.update(line)
            lengths.append(out.write(line))
    card["data"] = data.hexdigest()
    _save_arrays(matcher, lengths, draft)
    card["files"] = {name: digest_of(draft / name) for name in _files_of(draft) if name != _OFFERS}
    (draft / _CARD).write_text(json.dumps(card, indent=2, sort_keys=True), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    if is_current:
        promote(folder, name)
    return name


def promote(folder: Path, name: str) -> None:
    """Make a stored version the current one, in one step; raises UnusableModel when it is not there."""
    if not (folder / name / _CARD).is_file():
        raise UnusableModel(f"there is no model {name}")
    draft = folder / f".{_POINTER}.{os.getpid()}"
    draft.write_text(name, encoding="utf-8")
    draft.replace(folder / _POINTER)


def versions(folder: Path) -> list[str]:
    """The versions in store, oldest first."""
    return sorted(each.name for each in folder.iterdir() if (each / _CARD).is_file()) if folder.is_dir() else []


def current(folder: Path) -> str | None:
    """The name of the current version, None when none was ever promoted.

    A spoiled pointer gives a name that no version has, so that ``load`` refuses it and the caller fits again.
    """
    pointer = folder / _POINTER
    return pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.is_file() else None


def load(folder: Path, name: str | None = None) -> Stored:
    """The current (or the named) model; raises UnusableModel when it is missing, spoiled or of another make.

    What ranks is read from plain arrays and JSON; the estimator beside them is not needed for it (see `estimator`).
    """
    chosen = name or current(folder)
    if not chosen or "/" in chosen or chosen.startswith("."):
        raise UnusableModel("no model has been stored")
    place = folder / chosen
    try:
        card = _card_of(place)
        if card["data"] != digest_of(place / _OFFERS):
            raise UnusableModel(f"the offers of model {chosen} are not those that it was fitted on")
        matcher, made = _restored(place), datetime.fromisoformat(card["made"])
    except UnusableModel:
        raise
    except Exception as error:
        raise UnusableModel(f"model {chosen} cannot be read: {error}") from error
    if matcher.lexicon_.version != card.get("lexicon"):
        raise UnusableModel(f"model {chosen} was made with another lexicon")
    return Stored(matcher, card, made if made.tzinfo else made.replace(tzinfo=UTC))


def estimator(folder: Path, name: str) -> Any:
    """The vectoriser that learnt the words of a model, None where it had none to learn: to look into or go on from.
    Raises UnusableModel where the file holds a type that is not trusted, whatever its card says."""
    from skops.io import get_untrusted_types
    from skops.io import load as read

    file = folder / name / _WORDS
    try:
        asked = set(get_untrusted_types(file=file))
        if asked - set(TRUSTED):
            named = ", ".join(sorted(asked - set(TRUSTED)))
            raise UnusableModel(f"the model file holds types that are not trusted: {named}")
        return read(file, trusted=sorted(asked))["vectorizer"]
    except UnusableModel:
        raise
    except Exception as error:
        raise UnusableModel(f"the estimator of model {name} cannot be read: {error}") from error


def _card_of(place: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((place / _CARD).read_text(encoding="utf-8"))
    if card.get("format") != FORMAT:
        raise UnusableModel(f"model {place.name} has format {card.get('format')}, this program reads {FORMAT}")
    if card.get("libraries") != _libraries():
        raise UnusableModel(f"model {place.name} was made with other library versions")
    if any(digest_of(place / file) != digest for file, digest in card["files"].items()):
        raise UnusableModel(f"the files of model {place.name} are not those that it was stored as")
    return card


def _files_of(place: Path) -> list[str]:
    return sorted(each.relative_to(place).as_posix() for each in place.rglob("*") if each.is_file())


def _save_arrays(matcher: SupplierMatcher, lengths: list[int], place: Path) -> None:
    import numpy
    from skops.io import dump

    table = matcher.table_
    dump({"vectorizer": table.estimator if table else None}, place / _WORDS)
    numpy.save(place / f"{_STARTS}.npy", numpy.cumsum([0, *lengths], dtype=numpy.int64), allow_pickle=False)
    assert matcher.columns_ is not None
    matcher.columns_.save(place / _COLUMNS)
    if table is not None:
        table.save(place / _TABLE)


def _restored(place: Path) -> SupplierMatcher:
    """A matcher whose offers stay in their file."""
    columns = Columns.load(place / _COLUMNS)
    table = WordTable.load(place / _TABLE) if (place / _TABLE).is_dir() else None
    starts = opened(place, _STARTS, "int64")
    if len(starts) != len(columns) + 1 or (table is not None and len(table) != len(columns)):
        raise UnusableModel("the model file is incomplete")
    if int(starts[-1]) != (place / _OFFERS).stat().st_size:
        raise UnusableModel("the offers are not those that the columns tell of")
    return SupplierMatcher().restore(Shelf(place / _OFFERS, starts, columns.keys, _read), columns, table)


def _read(line: Any) -> Known:
    return offer_from_json(line["offer"]), reading_from_json(line["reading"])
