"""The matcher: learns offers, ranks them for a request, says why, and says when none will do."""

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from matching.answer import LIKELY, POSSIBLE, Match, Recommendation
from matching.arrivals import Arrivals
from matching.columns import Columns
from matching.conditions import Finding, Judge, Verdict
from matching.features import WEIGHTS, Likeness, features, group_of, score
from matching.guessing import with_guessed_goods
from matching.looking import WORDS_ONLY_FLOOR, Looking
from matching.merging import merged
from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import OfferReading, read_offer
from matching.sharing import SharedReadings
from matching.shelf import Known, Offers, Readings
from matching.shortlist import Weighed, failing, fitting, one_per_seller
from matching.weighing import Named, Scales, Scored
from matching.word_table import WordTable
from search.analysis import lexicon as current_lexicon
from search.analysis import words
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LIKELY", "POSSIBLE", "RATES", "Match", "Recommendation", "SupplierMatcher"]

# Units of a currency per US dollar, for comparing only; the site passes its own of the day.
RATES: Mapping[str, float] = {
    "USD": 1.0, "EUR": 0.88, "CNY": 7.1, "HKD": 7.8, "IDR": 16500.0, "GBP": 0.76, "MYR": 4.3, "SGD": 1.3, "JPY": 150.0,
    "AUD": 1.5, "CAD": 1.38, "CHF": 0.81, "AED": 3.67, "SAR": 3.75, "INR": 86.0, "KRW": 1400.0,
}  # fmt: skip
# No offer of goods that are merely akin can score more than this, nor does the confidence ask for more sellers.
_HIGHEST_AKIN = (1 / 3 + sum(WEIGHTS.values()) - WEIGHTS["grade"]) / sum(WEIGHTS.values())
_SELLERS_ENOUGH = 8
# Goods that only a variety or an origin tells may be others, after all.
_IMPLIED = 0.9
# How many sellers of a line are known when lines are put together: who is far down in one may be first in another.
_DEEP = 200
# Best grade to the share of requests that a good offer was there for, by the sellers who reach it (none, one, two ...).
# Counted on the judged sets and pooled until no share falls (isotonic regression), then drawn in by one case in forty:
# other requests are read a little worse than those that were at hand. Goods guessed from words are a doubtful reading.
_CAME: Mapping[int, tuple[float, ...]] = {
    0: (0.08,), 1: (0.28,), 2: (0.9, 0.9, 0.93, 0.95), 3: (0.96, 0.96, 0.97, 0.98, 0.99),
}  # fmt: skip
_CAME_BY_WORDS: Mapping[int, tuple[float, ...]] = {0: (0.0,), 1: (0.15,), 2: (0.5,), 3: (0.5,)}


class SupplierMatcher:
    """Ranks offers for requests. The constructor stores; ``fit`` learns attributes that end in an underscore."""

    def __init__(
        self,
        *,
        lexicon: Lexicon | None = None,
        weights: Mapping[str, float] | None = None,
        rates: Mapping[str, float] | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.weights = weights
        self.rates = rates

    lexicon_: Lexicon
    known_: MutableMapping[str, Known]
    """Offers with what was read from them, by key."""
    offers_: Offers
    readings_: Readings
    columns_: Columns | None
    """All offers as they were when the matcher was fitted; None where none was."""
    table_: WordTable | None
    added_: Arrivals
    """Keys of the offers that came or changed since."""
    worded_: dict[str, int]
    """Those whose words did not change, with their rows of the table."""

    # -- learning -----------------------------------------------------------------------------------------------

    def fit(self, offers: Iterable[OfferProfile], progress: Callable[[int], None] | None = None) -> "SupplierMatcher":
        """Learn offers: their concepts, and how telling their words are."""
        self._begin({})
        for count, offer in enumerate(offers, start=1):
            completed, reading = read_offer(offer, self.lexicon_)
            self.known_[offer.key] = completed, self._pool.same(reading)
            if progress and count % 500 == 0:
                progress(count)
        columns = Columns.of(self.offers_, self.readings_, self.lexicon_)
        keys = columns.keys.words_in_order()
        self._serve(columns, WordTable.fit([_terms(self.offers_[key]) for key in keys]))
        return self

    def restore(
        self,
        known: MutableMapping[str, Known],
        columns: Columns,
        table: WordTable | None,
    ) -> "SupplierMatcher":
        """A matcher as it was stored, with nothing to be read or counted again."""
        self._begin(known)
        self._serve(columns, table)
        return self

    def hold(self, offers: Iterable[Known]) -> "SupplierMatcher":
        """A matcher of a few offers that were read before, with no words to compare."""
        self._begin({})
        for offer, reading in offers:
            self._add(offer, reading)
        return self

    def _begin(self, known: MutableMapping[str, Known]) -> None:
        self.lexicon_ = self.lexicon or current_lexicon()
        self.known_, self.offers_, self.readings_ = known, Offers(known), Readings(known)
        self.columns_, self.table_, self.added_, self.worded_ = None, None, Arrivals(self.lexicon_), {}
        self._gone: set[int] = set()
        self._pool = SharedReadings()

    def _serve(self, columns: Columns, table: WordTable | None) -> None:
        self.columns_, self.table_ = columns, table

    def update(self, offer: OfferProfile) -> None:
        """Take in a new or changed offer at once; new words weigh in from the next ``fit``."""
        row, former = self._worded_row(offer.key), self.known_.get(offer.key)
        self.forget(offer.key)
        completed, reading = read_offer(offer, self.lexicon_)
        if row is not None and former is not None and _words(former[0]) == _words(completed):
            self.worded_[offer.key] = row
        self._add(completed, reading)

    def _add(self, offer: OfferProfile, reading: OfferReading) -> None:
        self.known_[offer.key] = offer, self._pool.same(reading)
        self.added_.add(offer.key, reading.goods)

    def forget(self, key: str) -> None:
        """Drop an offer; an unknown key changes nothing."""
        row = self._row(key)
        if row is not None:
            self._gone.add(row)
        self.added_.drop(key)
        self.worded_.pop(key, None)
        self.known_.pop(key, None)

    @property
    def is_as_fitted(self) -> bool:
        """Whether nothing came, changed or went since the offers were learnt."""
        return self.columns_ is not None and not self.added_ and not self._gone

    def _row(self, key: str) -> int | None:
        """Where an offer stands in the columns as it still is, None where it came or changed since."""
        row = self.columns_.keys.column(key) if self.columns_ is not None and key not in self.added_ else None
        return None if row in self._gone else row

    def _worded_row(self, key: str) -> int | None:
        """Where the words of an offer stand in the table, None where they came or changed since."""
        return self.worded_[key] if key in self.worded_ else self._row(key)

    # -- ranking ------------------------------------------------------------------------------------------------

    def recommend(
        self,
        request: RequestProfile,
        n: int = 10,
        among: Collection[str] | Callable[[set[str]], Collection[str]] | None = None,
        today: date | None = None,
        alike: Mapping[str, float] | None = None,
        without: Collection[str] = (),
    ) -> Recommendation:
        """The ``n`` best sellers for a request, each with its best offer; ``among`` limits the offers looked at, as a
        collection or by telling which of those in question may be, and ``without`` leaves a few out, which costs
        nothing. Of several lines each is ranked for itself, then they are merged. ``alike`` says how alike texts are
        where that was found out elsewhere."""
        if len(request.lines) > 1:
            parts = [self._recommended(line, n, among, today, _DEEP, alike, without) for line in request.lines]
            return merged(parts, n)
        return self._recommended(request, n, among, today, n, alike, without)

    def _recommended(
        self,
        request: RequestProfile,
        n: int,
        among: Collection[str] | Callable[[set[str]], Collection[str]] | None,
        today: date | None,
        deep: int,
        alike: Mapping[str, float] | None,
        without: Collection[str],
    ) -> Recommendation:
        """The ranking for one line, ``deep`` sellers long."""
        day = today or request.posted or date.min  # without a clock nothing counts as expired
        looking = self._looking(request, day)
        request = looking.request
        looking.similar.update(alike or {})
        rows, keys = self._candidates(request, looking)
        if without:
            rows, keys = self._all_but(rows, keys, without)
        if among is not None:
            rows, keys = self._among(rows, keys, among)
        looking.liken((key, row) for key in keys if (row := self.worded_.get(key)) is not None)
        named = Named(self.columns_, self.offers_, keys)
        judged = self._judged(request, rows, named, looking, max(n, _SELLERS_ENOUGH))
        fits, fails = fitting(judged), failing(judged)
        chosen = one_per_seller(fits, max(n, deep))
        others = one_per_seller(fails, max(n, deep), {seller for _place, seller in chosen})
        looking.compare([(named.key(place), named.row(place)) for place, _seller in (*chosen, *others)])
        told = [(self._match(key, looking), self._worded_row(key))
                for key in (named.key(place) for place, _seller in chosen)]  # fmt: skip
        return Recommendation(
            tuple(replace(each, terms=looking.shared(row)) for each, row in told),
            tuple(self._match(named.key(place), looking) for place, _seller in others),
            self._confidence(request, fits, fails),
        )

    def _all_but(
        self, rows: "NDArray[Any]", keys: list[str], without: Collection[str]
    ) -> tuple["NDArray[Any]", list[str]]:
        """The candidates without a few."""
        import numpy

        left_out = [row for each in without if (row := self._row(each)) is not None]
        named = set(without)
        return rows[~numpy.isin(rows, left_out)], [each for each in keys if each not in named]

    def _among(
        self, rows: "NDArray[Any]", keys: list[str], among: Collection[str] | Callable[[set[str]], Collection[str]]
    ) -> tuple["NDArray[Any]", list[str]]:
        """The candidates that may be looked at."""
        import numpy

        named = self.columns_.keys.words(rows) if self.columns_ is not None else []
        allowed = set(among({*named, *keys}) if callable(among) else among)
        kept = numpy.array([each in allowed for each in named], bool)
        return rows[kept], [each for each in keys if each in allowed]

    def _judged(
        self, request: RequestProfile, rows: "NDArray[Any]", named: Named, looking: Looking, enough: int
    ) -> Weighed:
        """The candidates with their scores; merely akin goods are looked at only while they could be listed."""
        import numpy

        weights = self.weights or WEIGHTS
        scales = Scales(self.columns_, looking, weights) if self.columns_ is not None else None
        identity = scales.identities(rows) if scales else numpy.zeros(0, numpy.int64)
        likenesses = [looking.likeness(key).identity for key in named.added]

        def weighed(akin: bool) -> Weighed:
            is_named = (identity == 1) & bool(request.goods)
            own = rows[(identity > 0) & (is_named if akin else ~is_named)]
            others = [
                key
                for key, each in zip(named.added, likenesses, strict=True)
                if each and (each == 1 and bool(request.goods)) == akin
            ]
            scored = [(key, found) for key in others if (found := self._scored(key, looking)) is not None]
            added = named.weighed(scored)
            return named.placed(scales.weigh(own)).with_others(added) if scales else added

        judged = weighed(akin=False)
        sellers = numpy.unique(judged.seller[(judged.grade > 0) & (judged.score > _HIGHEST_AKIN)])
        return judged.with_others(weighed(akin=True)) if len(sellers) < enough or self.weights else judged

    def _looking(self, request: RequestProfile, day: date) -> Looking:
        """A request about to be answered, with its goods guessed where nobody knows their name."""
        judge = Judge(request, day, self.rates or RATES, self._unstated(request))
        looking = Looking(request, judge, self.known_, self.lexicon_, self.table_)
        if self.columns_ is not None:
            looking.request = with_guessed_goods(looking, self.columns_, self._gone)
        return looking

    def _unstated(self, request: RequestProfile) -> set[str]:
        """Papers asked for that a lot gets when it is sold, where no offer here states one of the kind: a market whose
        sellers keep none on file cannot be told apart by it."""
        asked = {each for group in request.certificates for each in group}
        concepts = self.lexicon_.concepts
        asked = {each for each in asked if each in concepts and "per_lot" in concepts[each].facts}
        if asked and self.columns_ is not None:
            asked -= set(self.columns_.pools.papers)
        for key in self.added_ if asked else ():
            asked = {each for each in asked if each not in self.readings_[key].certificates}
        return asked

    def wanted(self, request: RequestProfile) -> set[str]:
        """The concepts of the goods asked for and of those that are looked at beside them."""
        found: set[str] = set()
        for goods in dict.fromkeys(each for line in request.lines or (request,) for each in line.goods):
            found.add(goods)
            broader = group_of(goods, self.lexicon_)
            if broader and self.lexicon_.kind(goods) == "product":
                found.add(broader)
            # Goods offered under a broader name: "dried tropical fruit" for who wants dried mango.
            found.update(each for each in self.lexicon_.closure(goods) if self.lexicon_.kind(each) == "product")
            known = self.lexicon_.concepts.get(goods)
            found.update(known.substitutes if known else ())
        return found

    def _candidates(self, request: RequestProfile, looking: Looking) -> tuple["NDArray[Any]", list[str]]:
        """The rows, and the keys of added offers, that have to do with the goods; with the words where none has."""
        import numpy

        wanted, columns = self.wanted(request), self.columns_
        rows = columns.of_goods(wanted) if columns is not None else numpy.zeros(0, numpy.int32)
        if self._gone:
            rows = rows[~numpy.isin(rows, list(self._gone))]
        keys = self.added_.of_goods(wanted)
        if not len(rows) and not keys and columns is not None:
            every = numpy.arange(len(columns))
            rows = every[looking.cosines(every) >= WORDS_ONLY_FLOOR]
            rows = rows[~numpy.isin(rows, list(self._gone))]
        return rows, keys

    def _scored(self, key: str, looking: Looking) -> Scored | None:
        """What an offer is worth, None where it is something else."""
        (offer, reading), like = looking.offer(key), looking.likeness(key)
        if like.identity == 0:
            return None
        tally = looking.judge.tally(offer, reading)
        if like.identity == 1 and not tally.is_comparable:
            return None  # other goods, sold by another measure: nothing about them can be told
        values = features(offer, like, tally, looking.similar.get(key, 0.0))
        return Scored(score(values, self.weights or WEIGHTS), like.identity, tally.near, tally.failed, like.is_akin)

    def _match(self, key: str, looking: Looking) -> Match:
        """Everything about an offer that goes with the request."""
        (offer, reading), like = looking.offer(key), looking.likeness(key)
        verdict, tally = looking.judge.told(offer, reading)
        values = features(offer, like, tally, looking.similar.get(key, 0.0))
        return Match(key, offer.seller, score(values, self.weights or WEIGHTS), like, verdict, values)

    def _confidence(self, request: RequestProfile, fits: Weighed, fails: Weighed) -> float:
        """How often requests like this one were served: by the best grade and how many sellers reach it."""
        if not len(fits) and not len(fails):
            return 0.0
        grades = fits.grade
        best = int(grades.max(initial=0))
        sellers = len(set(fits.seller[grades >= 2].tolist()))
        known = _CAME if request.goods else _CAME_BY_WORDS
        sure = known[best][min(sellers, len(known[best]) - 1)]
        return sure * _IMPLIED if request.is_implied else sure

    def explain(self, request: RequestProfile, key: str, today: date | None = None) -> Match | None:
        """How one offer fares, even when it would not be recommended; None for an unknown offer."""
        if key not in self.offers_:
            return None
        if len(request.lines) > 1:
            told = [found for line in request.lines if (found := self.explain(line, key, today))]
            return max(told, key=lambda each: (each.grade, each.likeness.identity, each.score))
        day = today or request.posted or date.min  # without a clock nothing counts as expired
        looking = self._looking(request, day)
        looking.compare([(key, self._row(key))])
        looking.liken([(key, self._worded_row(key))])
        if self._scored(key, looking) is not None:
            return self._match(key, looking)
        return Match(key, self.offers_[key].seller, 0.0, Likeness(0), Verdict(failed=(Finding("other_goods"),)))


def _words(offer: OfferProfile) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return offer.titles, offer.descriptions


def _terms(offer: OfferProfile) -> list[str]:
    found: list[str] = []
    for texts in (offer.titles, offer.titles, offer.descriptions):
        for lang, text in texts.items():
            found += words(text, lang or "en")
    return found
