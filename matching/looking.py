"""What is found out while one request is answered; whatever offers have in common is worked out once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matching.conditions import Judge
from matching.features import Likeness, likeness
from matching.profile import RequestProfile
from matching.reader.offer import OfferReading
from search.analysis import words
from search.lexicon.lexicon import Lexicon

WORDS_ONLY_FLOOR = 0.3  # how alike texts must be when no goods are known to the lexicon


class WordTable(NamedTuple):
    """How telling words are, and which offer uses which; nothing when no offer has any."""

    vectorizer: Any
    matrix: Any
    keys: Sequence[str]


class Looking:
    """One request while offers are held against it. Readings come from a pool, so that equal ones are one object."""

    def __init__(
        self,
        request: RequestProfile,
        judge: Judge,
        readings: Mapping[str, OfferReading],
        lexicon: Lexicon,
        table: WordTable,
    ) -> None:
        self.request, self.judge = request, judge
        self.similar: dict[str, float] = {}
        """Cosine of the words, for offers that were compared and share any."""
        self.terms: dict[int, tuple[str, float]] = {}
        """Column of the word matrix to the word and how telling it is, for the words of the request."""
        self._vector: Any = None
        self._readings, self._lexicon, self._table = readings, lexicon, table
        self._likeness: dict[tuple[object, ...], Likeness] = {}
        if table.vectorizer is not None:
            self._weigh(table.vectorizer, words(request.text, request.lang or "en"))

    def _weigh(self, vectorizer: Any, terms: list[str]) -> None:
        if terms:
            self._vector = vectorizer.transform([terms]).toarray().ravel()
        named = {vectorizer.vocabulary_[each]: each for each in terms if each in vectorizer.vocabulary_}
        self.terms = {column: (each, float(vectorizer.idf_[column])) for column, each in named.items()}

    def compare(self, rows: Sequence[int] | None) -> None:
        """Hold the words of some rows of the table (all if None) against the request's."""
        if not self.terms or (rows is not None and not rows):
            return
        matrix, keys = self._table.matrix, self._table.keys
        found = (matrix if rows is None else matrix[rows]) @ self._vector
        for place in found.nonzero()[0].tolist():
            self.similar[keys[place if rows is None else rows[place]]] = float(found[place])

    def likeness(self, key: str) -> Likeness:
        """How an offer's goods answer the request; by its words alone when the request names none."""
        reading = self._readings[key]
        if not self.request.goods:
            near = self.similar.get(key, 0.0) >= WORDS_ONLY_FLOOR
            return Likeness(1 if near else 0, next(iter(reading.goods), ""))
        papers = (id(reading.certificates), id(reading.registrations)) if self.request.preferred_certificates else ()
        kin = (reading.goods, id(reading.attributes), reading.figures, *papers)
        known = self._likeness.get(kin)
        if known is None:
            self._likeness[kin] = known = likeness(self.request, reading, self._lexicon)
        return known

    def shared(self, row: int | None, n: int = 5) -> tuple[str, ...]:
        """The words that a row of the table shares with the request, the weightiest first, no bare numbers."""
        if row is None or not self.terms:
            return ()
        matrix = self._table.matrix
        own = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist()
        found = [term for each in own if (term := self.terms.get(each)) and not term[0].isdigit()]
        return tuple(name for name, _ in sorted(found, key=lambda each: (-each[1], each[0]))[:n])
