"""Vectors for search: what documents and queries say, folded as requests and offers are (see `matching.vectors`)."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from matching.vectors import DIMENSIONS, Vectors, text_of
from search.related import Said

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

LEAST = 50  # texts: from fewer nobody learns which words go together
MOST = 40_000  # an even sample of more teaches the same


@dataclass(frozen=True, slots=True)
class LearntEmbedder:
    """An embedder (see `search.related`) that learnt from texts and lies in a folder, where other processes read it."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.name

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return DIMENSIONS

    @property
    def texts(self) -> int:
        """From how many texts it learnt."""
        return int(_read(self.folder).figures_["texts"])

    def ready(self) -> "LearntEmbedder":
        """Itself, with its arrays open. Raises NotTheseVectors where they are spoiled or of another make."""
        _read(self.folder)
        return self

    def vectors(self, texts: Sequence[Said]) -> "NDArray[float32]":
        """(texts, dimensions), each row of length 1, or all zeros where no word or concept of a text was learnt: to a
        strange word's parts anything may be near ("laptop" to mats, where something laps and has a top)."""
        return _read(self.folder).transform([_text(each) for each in texts], only_whole=True)


def learn(texts: Iterable[Said], folder: Path) -> LearntEmbedder:
    """An embedder of what some texts say, written to ``folder``, whose name is to be the embedder's."""
    draft = folder.with_name(f".{folder.name}")
    for each in (draft, folder):
        shutil.rmtree(each, ignore_errors=True)
    Vectors().fit([_text(each) for each in texts]).save(draft)
    draft.rename(folder)
    return LearntEmbedder(folder)


def _text(said: Said) -> str:
    return text_of(said.texts, said.concepts)


@lru_cache(4)
def _read(folder: Path) -> Vectors:
    return Vectors.load(folder)
