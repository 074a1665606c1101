"""What is found out while one request is answered; whatever offers have in common is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from matching.conditions import Judge
from matching.features import Likeness, likeness
from matching.profile import RequestProfile
from matching.shelf import Known, Shelf
from matching.word_table import WordTable
from search.analysis import words
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS_ONLY_FLOOR = 0.3  # how alike texts must be when no goods are known to the lexicon


class Looking:
    """One request while offers are held against it."""

    def __init__(
        self,
        request: RequestProfile,
        judge: Judge,
        known: Mapping[str, Known],
        lexicon: Lexicon,
        table: WordTable | None,
    ) -> None:
        self.request, self.judge, self.lexicon = request, judge, lexicon
        self.similar: dict[str, float] = {}
        """How alike texts are, where that was found out elsewhere."""
        self.terms: dict[int, tuple[str, float]] = {}
        """Column of the word matrix to the word and how telling it is, for the words of the request."""
        self._wanted: NDArray[Any] | None = None
        self._shares: dict[int, float] = {}
        self._known, self._table = known, table
        # Kept while the request is answered: what is worked out is remembered by which object it was worked out for.
        self._looked_at: dict[str, Known] = {}
        self._rows: dict[str, int] = {}
        self._likeness: dict[tuple[object, ...], Likeness] = {}
        if table is not None:
            weights = table.weights(words(request.text, request.lang or "en"))
            self.terms = {column: (each, telling) for each, (column, telling, _share) in weights.items()}
            self._shares = {column: share for column, _telling, share in weights.values()}
            self._wanted = table.spread(self._shares)

    def offer(self, key: str) -> Known:
        """An offer with what was read from it."""
        known = self._looked_at.get(key)
        if known is None:
            row = self._rows.get(key)
            shelf = self._known if isinstance(self._known, Shelf) else None
            known = self._looked_at[key] = self._known[key] if shelf is None or row is None else shelf.at(row)
        return known

    def cosines(self, rows: NDArray[Any], where: Callable[[str], bool] | None = None) -> NDArray[Any]:
        """How alike the words of some rows of the table are to the request's, by those of its words alone that
        ``where`` allows."""
        import numpy

        if self._table is None or self._wanted is None or not len(rows):
            return numpy.zeros(len(rows))
        wanted: NDArray[Any] | None = self._wanted
        if where is not None:
            wanted = self._table.spread(
                {each: share for each, share in self._shares.items() if where(self.terms[each][0])}
            )
        return numpy.zeros(len(rows)) if wanted is None else self._table.cosines(wanted, rows)

    def compare(self, offers: Iterable[tuple[str, int | None]]) -> None:
        """Hold the words of some offers, given with their rows of the table, against the request's. They are as they
        were when the table was made."""
        there = [(key, row) for key, row in offers if row is not None]
        self._rows |= dict(there)
        self.liken(there)

    def liken(self, offers: Iterable[tuple[str, int | None]]) -> None:
        """Hold the words of some offers against the request's, whatever else has changed about them."""
        import numpy

        there = [(key, row) for key, row in offers if row is not None]
        cosines = self.cosines(numpy.array([row for _key, row in there], numpy.int64)).tolist()
        self.similar |= {key: cosine for (key, _row), cosine in zip(there, cosines, strict=True)}

    def likeness(self, key: str) -> Likeness:
        """How an offer's goods answer the request; by its words alone when the request names none."""
        _offer, reading = self.offer(key)
        if not self.request.goods:
            near = self.similar.get(key, 0.0) >= WORDS_ONLY_FLOOR
            return Likeness(1 if near else 0, next(iter(reading.goods), ""))
        papers = (id(reading.certificates), id(reading.registrations)) if self.request.preferred_certificates else ()
        kin = (reading.goods, id(reading.attributes), reading.figures, *papers)
        known = self._likeness.get(kin)
        if known is None:
            self._likeness[kin] = known = likeness(self.request, reading, self.lexicon)
        return known

    def shared(self, row: int | None, n: int = 5) -> tuple[str, ...]:
        """The words that a row of the table shares with the request, the weightiest first, no bare numbers."""
        if row is None or self._table is None or not self.terms:
            return ()
        found = [
            term for each in self._table.columns_of(row) if (term := self.terms.get(each)) and not term[0].isdigit()
        ]
        return tuple(name for name, _ in sorted(found, key=lambda each: (-each[1], each[0]))[:n])
