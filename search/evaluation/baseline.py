"""What SQLite's full-text search finds by itself: any of the words, bm25 with column weights, English stems."""

import re
import sqlite3
from collections.abc import Iterable

from search.document import Document
from search.evaluation.running import Run
from search.evaluation.sets import AskedQuery

_WORD = re.compile(r"\w+")
_WEIGHTS = "5.0, 1.0, 2.0"  # title, description, category


class Baseline:
    """An index with nothing of ours in it, for comparing."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._index = sqlite3.connect(":memory:")
        self._index.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, facts, tokenize='porter unicode61')")
        self._index.executemany(
            "INSERT INTO words (rowid, title, body, facts) VALUES (?, ?, ?, ?)",
            (
                (each.key, *(" ".join(texts.values()) for texts in (each.titles, each.descriptions, each.facts)))
                for each in documents
            ),
        )

    def run(self, queries: Iterable[AskedQuery], names: dict[int, str], depth: int = 100) -> Run:
        """The first documents of every query."""
        return {each.id: [(names[key], score) for key, score in self._ranked(each.text, depth)] for each in queries}

    def _ranked(self, text: str, depth: int) -> list[tuple[int, float]]:
        words = _WORD.findall(text)
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in words)
        rows = self._index.execute(
            f"SELECT rowid, -bm25(words, {_WEIGHTS}) AS score FROM words WHERE words MATCH ?"  # noqa: S608 - numbers
            " ORDER BY score DESC, rowid LIMIT ?",
            (match, depth),
        )
        return [(int(key), float(score)) for key, score in rows]

    def close(self) -> None:
        """Give the memory back."""
        self._index.close()
