"""What is found out while one request is answered; whatever offers have in common is worked out once."""

from collections.abc import Mapping, Sequence

from matching.conditions import Judge
from matching.features import Likeness, likeness
from matching.profile import RequestProfile
from matching.reader.offer import OfferReading
from matching.word_table import WordTable
from search.analysis import words
from search.lexicon.lexicon import Lexicon

WORDS_ONLY_FLOOR = 0.3  # how alike texts must be when no goods are known to the lexicon


class Looking:
    """One request while offers are held against it. Readings come from a pool, so that equal ones are one object."""

    def __init__(
        self,
        request: RequestProfile,
        judge: Judge,
        readings: Mapping[str, OfferReading],
        lexicon: Lexicon,
        table: WordTable | None,
        keys: Sequence[str],
    ) -> None:
        self.request, self.judge = request, judge
        self.similar: dict[str, float] = {}
        """Cosine of the words, for offers that were compared and share any."""
        self.terms: dict[int, tuple[str, float]] = {}
        """Column of the word matrix to the word and how telling it is, for the words of the request."""
        self._shares: dict[int, float] = {}
        self._readings, self._lexicon, self._table, self._keys = readings, lexicon, table, keys
        self._likeness: dict[tuple[object, ...], Likeness] = {}
        if table is not None:
            weights = table.weights(words(request.text, request.lang or "en"))
            self.terms = {column: (each, telling) for each, (column, telling, _share) in weights.items()}
            self._shares = {column: share for column, _telling, share in weights.values()}

    def compare(self, rows: Sequence[int] | None) -> None:
        """Hold the words of some rows of the table (all if None) against the request's."""
        if self._table is None or not self._shares or (rows is not None and not rows):
            return
        for row, cosine in self._table.alike(self._shares, rows):
            self.similar[self._keys[row]] = cosine

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
        if row is None or self._table is None or not self.terms:
            return ()
        found = [
            term for each in self._table.columns_of(row) if (term := self.terms.get(each)) and not term[0].isdigit()
        ]
        return tuple(name for name, _ in sorted(found, key=lambda each: (-each[1], each[0]))[:n])
