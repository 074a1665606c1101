"""Many offers held against one request at once: every statement is judged once, by the rules, and the rows take over
what became of theirs. The same figures as one offer after the other, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from matching import columns as of
from matching.columns import Columns
from matching.conditions import EXPIRY_GRACE_DAYS, LARGEST_SHARE_OF_PRICE, is_only_registration, is_same_measure
from matching.features import doubt, likeness, share_of_attributes
from matching.looking import WORDS_ONLY_FLOOR, Looking
from matching.profile import OfferProfile, TargetPrice
from matching.reader.offer import OfferReading
from matching.shortlist import Weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOT_HELD, _UNDATED = 0, 1
_FOREVER = 10**9
_SILENT = OfferReading((), {}, {}, frozenset())
_NOBODY = OfferProfile("", "")


class Scored(NamedTuple):
    """What one offer is worth."""

    score: float
    identity: int
    near: int
    failed: int
    akin: bool = False


class Named:
    """Places of offers in the order of all keys: those of some columns, and others that came since between them."""

    def __init__(self, columns: Columns | None, offers: Mapping[str, OfferProfile], added: Iterable[str]) -> None:
        self.added = sorted(added)
        self._columns, self._offers = columns, offers
        self._step = len(self.added) + 1
        self._keys: dict[int, str] = {}
        self._places: dict[str, int] = {}
        self._sellers: dict[str, int] = {}
        for number, key in enumerate(self.added):
            before = columns.keys.before(key) if columns is not None else 0
            self._places[key] = place = before * self._step + number
            self._keys[place] = key

    def key(self, place: int) -> str:
        """The offer's key."""
        if place in self._keys or self._columns is None:
            return self._keys[place]
        return self._columns.keys.word(place // self._step).decode("utf-8", "surrogatepass")

    def row(self, place: int) -> int | None:
        """The offer's row, None for one that came since."""
        return None if place in self._keys else place // self._step

    def placed(self, weighed: Weighed) -> Weighed:
        """Rows of the columns with their places: each stands behind what came since and belongs before it."""
        weighed.place = weighed.place.astype("int64") * self._step + self._step - 1
        return weighed

    def weighed(self, scored: Sequence[tuple[str, Scored]]) -> Weighed:
        """Offers that came since, with their places."""
        import numpy

        score = numpy.array([each.score for _key, each in scored], numpy.float64)
        numbers = numpy.array([each[1:] for _key, each in scored], numpy.int64).reshape(-1, 4)
        places = numpy.array([self._places[key] for key, _each in scored], numpy.int64)
        sellers = numpy.array([self._seller(self._offers[key].seller) for key, _each in scored], numpy.int64)
        akin = numbers[:, 3].astype(bool)
        return Weighed(places, score, numbers[:, 0], numbers[:, 1], numbers[:, 2], sellers, akin)

    def _seller(self, name: str) -> int:
        """A seller's number: that of the columns, or one below nothing."""
        if name not in self._sellers:
            known = self._columns.sellers.column(name) if self._columns is not None else None
            self._sellers[name] = -1 - len(self._sellers) if known is None else known
        return self._sellers[name]


class Scales:
    """The offers of some columns while one request is held against them."""

    def __init__(self, columns: Columns, looking: Looking, weights: Mapping[str, float]) -> None:
        self._columns, self._looking, self._weights = columns, looking, weights
        self._told: dict[str, dict[tuple[int, int], tuple[float, ...]]] = {}
        """What was judged: rows that are weighed later have mostly said the same."""

    def identities(self, rows: NDArray[Any]) -> NDArray[Any]:
        """How well the goods of each row answer the request, from 3 to 0."""
        import numpy

        if not self._looking.request.goods:
            return (self._looking.cosines(rows) >= WORDS_ONLY_FLOOR).astype(numpy.int64)
        return self._kinds(rows)[:, 0].astype(numpy.int64)

    def weigh(self, rows: NDArray[Any]) -> Weighed:
        """The rows with their scores; those of something else, or that nothing can be told about, do not come."""
        import numpy

        codes = self._columns.codes[rows]
        words = self._looking.cosines(rows)
        if self._looking.request.goods:
            kinds = self._kinds(rows)
        else:
            kinds = numpy.zeros((len(rows), 5))
            kinds[:, 0] = words >= WORDS_ONLY_FLOOR
        identity = kinds[:, 0].astype(numpy.int64)
        tally = self._tally(rows, codes)
        exports = [min(1.0, (each or 0) / 10) for each in self._columns.pools.exports]
        values: dict[str, NDArray[Any]] = {
            "grade": numpy.maximum(0.0, identity - tally.near - kinds[:, 3]) / 3,
            "shared": kinds[:, 1],
            "wished": kinds[:, 2],
            "certain": 1 / (1 + tally.unknown),
            "price": numpy.minimum(1.0, tally.margin),
            "room": tally.room,
            "words": numpy.minimum(1.0, words),
            "export": numpy.array(exports or [0.0])[codes[:, of.EXPORT]],
        }
        total = numpy.zeros(len(rows))
        for name, weight in self._weights.items():
            if name in values:
                total += weight * values[name]
        score = numpy.maximum(0.0, numpy.minimum(1.0, total / sum(self._weights.values())))
        akin = kinds[:, 4] > 0
        told = Weighed(rows, score, identity, tally.near, tally.failed, codes[:, of.SELLER], akin)
        return told.only((identity > 1) | ((identity == 1) & tally.is_comparable))

    def _kinds(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Identity, share of the attributes asked for, wishes met, doubt, and whether merely akin, of each row."""
        import numpy

        codes = self._columns.codes[rows]
        # papers make goods more or less alike where some are welcome, as figures and attributes do
        names = codes[:, of.NAMES] if self._looking.request.preferred_certificates else numpy.zeros(len(rows), int)
        return self._looked_up("kind", codes[:, of.KIN], names, 5, self._kind)

    def _kind(self, kin: int, names: int) -> tuple[float, ...]:
        like = likeness(self._looking.request, self._columns.reading(kin, names), self._looking.lexicon)
        wished = max(-1.0, min(1.0, float(like.wished)))
        return like.identity, share_of_attributes(like), wished, doubt(like), float(like.is_akin)

    def _looked_up(
        self,
        name: str,
        first: NDArray[Any],
        second: NDArray[Any],
        width: int,
        look: Callable[[int, int], tuple[float, ...]],
    ) -> NDArray[Any]:
        """(rows, width): what ``look`` says of each pair of codes, which is asked once for each that there is."""
        import numpy

        if not len(first):
            return numpy.zeros((0, width))
        size = int(second.max()) + 1
        pairs, places = numpy.unique(first.astype(numpy.int64) * size + second, return_inverse=True)
        known = self._told.setdefault(name, {})
        told = []
        for pair in pairs.tolist():
            both = divmod(pair, size)
            found = known.get(both)
            if found is None:
                found = known[both] = look(*both)
            told.append(found)
        return numpy.array(told, numpy.float64)[places]

    # -- conditions -------------------------------------------------------------------------------------------

    def _tally(self, rows: NDArray[Any], codes: NDArray[Any]) -> _Tallies:
        """All conditions of the request held against the rows."""
        import numpy

        request, found = self._looking.request, _Tallies.none(len(rows))
        found.failed += codes[:, of.SUSPENDED]
        if request.certificates:
            self._papers(rows, found)
        found.add(self._looked_up("registrations", codes[:, of.GOODS], codes[:, of.REGISTERED], 6, self._registered))

        none = numpy.zeros(len(rows), int)
        asked = (
            ("quantity", of.AMOUNTS, bool(request.quantity)),
            ("destination", of.SHIPS, bool(request.destinations)),
            ("deadline", of.LEAD, request.deadline is not None),
            ("incoterm", of.INCOTERMS, bool(request.incoterms)),
        )
        for condition, column, is_asked in asked:
            if is_asked:
                look = partial(self._stated, condition, column)
                found.add(self._looked_up(condition, codes[:, column], none, 6, look))
        if request.price is not None:
            self._price(request.price, codes[:, of.LADDER], found)
        if request.wants_sample:
            found.near += codes[:, of.SAMPLE] == 0
        return found

    def _price(self, target: TargetPrice, ladders: NDArray[Any], found: _Tallies) -> None:
        """The price asked for beside the target."""
        import numpy

        rate = self._looking.judge.rates.get(target.currency)
        if not rate:
            found.unknown += 1
            return
        kinds, places = numpy.unique(ladders, return_inverse=True)
        asked, units = self._columns.asked(kinds, self._looking.request.quantity)
        is_told = ~numpy.isnan(asked) & numpy.array([is_same_measure(target.unit, each) for each in units], bool)
        share = numpy.where(is_told, asked, 0.0) / (target.amount / rate)
        percent = numpy.array([round(each, 1) for each in (100 * (share - 1)).tolist()])
        part = numpy.zeros((len(kinds), 6))
        part[:, 0] = is_told & (share > 1) & (share <= LARGEST_SHARE_OF_PRICE)
        part[:, 1] = is_told & (share > LARGEST_SHARE_OF_PRICE)
        part[:, 2] = ~is_told
        part[:, 3] = numpy.where(is_told & (share <= 1), -percent / 100, 0.0)
        part[:, 5] = 1
        found.add(part[places])

    def _registered(self, goods: int, code: int) -> tuple[float, ...]:
        return self._looking.judge.count("registrations", _NOBODY, self._columns.registered(goods, code))

    def _stated(self, condition: str, column: int, code: int, _none: int) -> tuple[float, ...]:
        return self._looking.judge.count(condition, self._columns.alone(column, code), _SILENT)

    def _papers(self, rows: NDArray[Any], found: _Tallies) -> None:
        """The certificates asked for: of those that prove one of a group the one that is valid longest."""
        import numpy

        judge, names = self._looking.judge, self._columns.pools.papers
        starts = self._columns.paper_starts[rows]
        lengths = self._columns.paper_starts[rows + 1] - starts
        ends = numpy.cumsum(lengths)
        firsts = ends - lengths
        places = numpy.arange(int(ends[-1]) if len(ends) else 0) + numpy.repeat(starts - firsts, lengths)
        held, has_any = self._columns.papers[places], lengths > 0
        for group, proofs, is_waived in zip(judge.request.certificates, judge.covering, judge.waived, strict=True):
            if is_only_registration(group):
                continue
            if is_waived:
                found.unknown += 1
                continue
            best = numpy.zeros(len(rows), numpy.int64)
            for wanted in proofs:
                known = numpy.array([each in wanted for each in names] or [False])
                last = numpy.where(known[held[:, 0]], held[:, 1].astype(numpy.int64) + _UNDATED, _NOT_HELD)
                own = numpy.zeros(len(rows), numpy.int64)
                if has_any.any():
                    own[has_any] = numpy.maximum.reduceat(last, firsts[has_any])
                best = numpy.maximum(best, numpy.where(own == _UNDATED, _FOREVER, own))
            # a day counts one more than it is, so that what has none can be told from what is not held
            short = judge.needed_until - (best - _UNDATED)
            found.failed += (best == _NOT_HELD) | (short > EXPIRY_GRACE_DAYS)
            found.near += (best != _NOT_HELD) & (short > 0) & (short <= EXPIRY_GRACE_DAYS)


@dataclass(slots=True)
class _Tallies:
    """Verdicts in numbers, an entry for each row."""

    near: NDArray[Any]
    failed: NDArray[Any]
    unknown: NDArray[Any]
    margin: NDArray[Any]
    room: NDArray[Any]
    is_comparable: NDArray[Any]

    @classmethod
    def none(cls, count: int) -> _Tallies:
        import numpy

        near, failed, unknown = (numpy.zeros(count, numpy.int64) for _ in range(3))
        return cls(near, failed, unknown, numpy.zeros(count), numpy.zeros(count), numpy.ones(count, bool))

    def add(self, part: NDArray[Any]) -> None:
        """One more condition: as `Tally` has it, a row each."""
        import numpy

        self.near += part[:, 0].astype(numpy.int64)
        self.failed += part[:, 1].astype(numpy.int64)
        self.unknown += part[:, 2].astype(numpy.int64)
        self.margin = numpy.where(part[:, 3] != 0, part[:, 3], self.margin)
        self.room = numpy.where(part[:, 4] != 0, part[:, 4], self.room)
        self.is_comparable &= part[:, 5] != 0
