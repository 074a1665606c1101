"""The matcher: learns offers, ranks them for a request, says why, and says when none will do."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from matching.answer import LIKELY, POSSIBLE, Match, Recommendation
from matching.conditions import Finding, Judge, Verdict
from matching.features import WEIGHTS, Likeness, features, group_of, score
from matching.looking import WORDS_ONLY_FLOOR, Looking
from matching.merging import merged
from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import OfferReading, read_offer
from matching.shortlist import Candidate, failing, fitting, one_per_seller
from matching.word_table import WordTable
from search.analysis import lexicon as current_lexicon
from search.analysis import words
from search.lexicon.lexicon import Lexicon

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

    table_: WordTable | None

    # -- learning -----------------------------------------------------------------------------------------------

    def fit(self, offers: Iterable[OfferProfile], progress: Callable[[int], None] | None = None) -> "SupplierMatcher":
        """Learn offers: their concepts, and how telling their words are."""
        self._learn_offers(offers, progress)
        self._learn_words()
        return self

    def restore(
        self,
        offers: Iterable[tuple[OfferProfile, OfferReading]],
        table: WordTable | None,
        keys: list[str],
    ) -> "SupplierMatcher":
        """A matcher as it was stored, with nothing to be read or counted again."""
        self._begin()
        for offer, reading in offers:
            self._keep(offer, reading)
        self.table_, self.keys_ = table, list(keys)
        self.rows_ = {key: row for row, key in enumerate(self.keys_) if key in self.offers_}
        return self

    def _begin(self) -> None:
        self.lexicon_ = self.lexicon or current_lexicon()
        self.offers_: dict[str, OfferProfile] = {}
        self.readings_: dict[str, OfferReading] = {}
        self.by_goods_: dict[str, set[str]] = {}
        self._pool: dict[Any, Any] = {}

    def _learn_offers(self, offers: Iterable[OfferProfile], progress: Callable[[int], None] | None) -> None:
        self._begin()
        for count, offer in enumerate(offers, start=1):
            self._learn(offer)
            if progress and count % 500 == 0:
                progress(count)

    def _learn(self, offer: OfferProfile) -> None:
        self._keep(*read_offer(offer, self.lexicon_))

    def _keep(self, offer: OfferProfile, reading: OfferReading) -> None:
        self.offers_[offer.key] = offer
        self.readings_[offer.key] = reading = self._shared(reading)
        for goods in reading.goods:
            for concept in self.lexicon_.closure(goods):
                self.by_goods_.setdefault(concept, set()).add(offer.key)

    def _shared(self, reading: OfferReading) -> OfferReading:
        """The reading with its parts taken from a pool: a hundred thousand offers say the same few things."""
        attributes = tuple(sorted((name, tuple(sorted(each))) for name, each in reading.attributes.items()))
        certificates = tuple(sorted(reading.certificates.items()))
        return OfferReading(
            goods=self._pool.setdefault(("goods", reading.goods), reading.goods),
            attributes=self._pool.setdefault(("attributes", attributes), reading.attributes),
            certificates=self._pool.setdefault(("certificates", certificates), reading.certificates),
            registrations=self._pool.setdefault(("registrations", reading.registrations), reading.registrations),
            figures=self._pool.setdefault(("figures", reading.figures), reading.figures),
        )

    def _learn_words(self) -> None:
        self.keys_ = sorted(self.offers_)
        self.rows_ = {key: row for row, key in enumerate(self.keys_)}
        self.table_ = WordTable.fit([_terms(self.offers_[key]) for key in self.keys_])

    def update(self, offer: OfferProfile) -> None:
        """Take in a new or changed offer at once; its words weigh in from the next ``fit``."""
        self.forget(offer.key)
        self._learn(offer)

    def forget(self, key: str) -> None:
        """Drop an offer; an unknown key changes nothing."""
        self.offers_.pop(key, None)
        self.rows_.pop(key, None)
        reading = self.readings_.pop(key, None)
        for goods in reading.goods if reading else ():
            for concept in self.lexicon_.closure(goods):
                self.by_goods_.get(concept, set()).discard(key)

    # -- ranking ------------------------------------------------------------------------------------------------

    def recommend(
        self,
        request: RequestProfile,
        n: int = 10,
        among: Collection[str] | Callable[[set[str]], Collection[str]] | None = None,
        today: date | None = None,
        alike: Mapping[str, float] | None = None,
    ) -> Recommendation:
        """The ``n`` best sellers for a request, each with its best offer; ``among`` limits the offers looked at, as a
        collection or by telling which of those in question may be. Of several lines each is ranked for itself, then
        they are merged. ``alike`` says how alike texts are where that was found out elsewhere."""
        if len(request.lines) > 1:
            parts = [self._recommended(line, n, among, today, _DEEP, alike) for line in request.lines]
            return merged(parts, n)
        return self._recommended(request, n, among, today, n, alike)

    def _recommended(
        self,
        request: RequestProfile,
        n: int,
        among: Collection[str] | Callable[[set[str]], Collection[str]] | None,
        today: date | None,
        deep: int,
        alike: Mapping[str, float] | None,
    ) -> Recommendation:
        """The ranking for one line, ``deep`` sellers long."""
        day = today or request.posted or date.min  # without a clock nothing counts as expired
        looking = self._looking(request, day)
        looking.similar.update(alike or {})
        candidates = self._candidates(request, looking)
        if among is not None:
            candidates &= set(among(candidates) if callable(among) else among)
        judged = self._judged(request, candidates, looking, max(n, _SELLERS_ENOUGH))
        fits, fails = fitting(judged), failing(judged)
        chosen = one_per_seller(fits, max(n, deep))
        others = one_per_seller(fails, max(n, deep), {each.seller for each in chosen})
        named = (self._match(each.offer, looking) for each in chosen)
        return Recommendation(
            tuple(replace(each, terms=looking.shared(self.rows_.get(each.offer))) for each in named),
            tuple(self._match(each.offer, looking) for each in others),
            self._confidence(request, fits, fails),
        )

    def _judged(
        self, request: RequestProfile, candidates: Collection[str], looking: Looking, enough: int
    ) -> list[Candidate]:
        """The candidates with their scores; merely akin goods are looked at only while they could be listed."""
        wanted: list[str] = []
        akin: list[str] = []
        for key in candidates:
            identity = looking.likeness(key).identity
            if identity:
                (wanted if identity >= 2 or not request.goods else akin).append(key)
        looking.compare(self._rows(wanted))
        judged = [found for key in wanted if (found := self._scored(key, looking)) is not None]
        sellers = {each.seller for each in judged if each.grade > 0 and each.score > _HIGHEST_AKIN}
        if len(sellers) < enough or self.weights:
            looking.compare(self._rows(akin))
            judged += [found for key in akin if (found := self._scored(key, looking)) is not None]
        return judged

    def _looking(self, request: RequestProfile, day: date) -> Looking:
        judge = Judge(request, day, self.rates or RATES)
        return Looking(request, judge, self.readings_, self.lexicon_, self.table_, self.keys_)

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

    def _candidates(self, request: RequestProfile, looking: Looking) -> set[str]:
        found: set[str] = set()
        for concept in self.wanted(request):
            found |= self.by_goods_.get(concept, set())
        if not found:
            looking.compare(None)
            found = {key for key, value in looking.similar.items() if value >= WORDS_ONLY_FLOOR and key in self.rows_}
        return found

    def _rows(self, keys: Iterable[str]) -> list[int]:
        return [row for key in keys if (row := self.rows_.get(key)) is not None]

    def _scored(self, key: str, looking: Looking) -> Candidate | None:
        """What an offer is worth, None where it is something else."""
        offer, like = self.offers_[key], looking.likeness(key)
        if like.identity == 0:
            return None
        tally = looking.judge.tally(offer, self.readings_[key])
        if like.identity == 1 and not tally.is_comparable:
            return None  # other goods, sold by another measure: nothing about them can be told
        values = features(offer, like, tally, looking.similar.get(key, 0.0))
        total = score(values, self.weights or WEIGHTS)
        return Candidate(key, offer.seller, total, like.identity, tally.near, tally.failed)

    def _match(self, key: str, looking: Looking) -> Match:
        """Everything about an offer that goes with the request."""
        offer, reading, like = self.offers_[key], self.readings_[key], looking.likeness(key)
        values = features(offer, like, looking.judge.tally(offer, reading), looking.similar.get(key, 0.0))
        total = score(values, self.weights or WEIGHTS)
        return Match(key, offer.seller, total, like, looking.judge.of(offer, reading), values)

    def _confidence(self, request: RequestProfile, fitting: Sequence[Candidate], failing: Sequence[Candidate]) -> float:
        """How often requests like this one were served: by the best grade and how many sellers reach it."""
        if not fitting and not failing:
            return 0.0
        best = max((each.grade for each in fitting), default=0)
        sellers = len({each.seller for each in fitting if each.grade >= 2})
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
        looking.compare(self._rows([key]))
        if self._scored(key, looking) is not None:
            return self._match(key, looking)
        return Match(key, self.offers_[key].seller, 0.0, Likeness(0), Verdict(failed=(Finding("other_goods"),)))


def _terms(offer: OfferProfile) -> list[str]:
    found: list[str] = []
    for texts in (offer.titles, offer.titles, offer.descriptions):
        for lang, text in texts.items():
            found += words(text, lang or "en")
    return found
