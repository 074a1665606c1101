"""The matcher of this process: loaded on first use, kept in step, never the reason why a page fails."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.kernel.clock import now, today
from marketplace.kernel.outside import settings
from marketplace.matchmaking.in_step import InStep, take_in
from marketplace.matchmaking.near import current_make, shortlist
from marketplace.matchmaking.profiles import offer_profiles, open_among, open_offers, rates_per_dollar
from marketplace.matchmaking.queries.weights import serving_weights
from marketplace.matchmaking.rules import LOOKED_AT, MOST_FITTED_HERE
from search.errors import SearchError

if TYPE_CHECKING:
    from matching.matcher import Match, Recommendation, SupplierMatcher
    from matching.profile import RequestProfile

log = logging.getLogger(__name__)
FITTED_HERE = "fitted-here"
_LOOKED_UP_SINGLY = 500


class ModelMissing(RuntimeError):
    """There is no usable model, and too many offers to fit one while a visitor waits."""


_of_home: dict[Path, MatcherOfProcess] = {}


class MatcherOfProcess:
    """One matcher for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: InStep | None = None
        self._refused: str | None = None

    def recommend(
        self, session: Session, request: RequestProfile, n: int, taken: Collection[str] = ()
    ) -> tuple[Recommendation, str]:
        """The best sellers for a request by the rows as they are now, and the name of the model that ranked them."""
        make = current_make()
        if make is not None and (found := _shortlisted(session, request, n, taken, make)) is not None:
            return found, f"near-{make}"
        with self._lock:
            loaded = self._current(session)
            matcher = loaded.matcher
            matcher.weights = serving_weights(session)
            loaded.take_in_changes(session, request)
            first = matcher.recommend(request, max(n, LOOKED_AT), without=taken)
            # Whatever is about to be shown, by its rows: a change by another way than the site's own is noticed, too.
            if not loaded.take_in(session, _offers_of((*first.matches, *first.almost))):
                return replace(first, matches=first.matches[:n], almost=first.almost[:n]), loaded.name
            aside = set(taken)

            def open_now(found: set[str]) -> set[str]:
                return {str(key) for key in open_among(session, map(int, found - aside))}

            return matcher.recommend(request, n, among=open_now), loaded.name

    def side_by_side(
        self, session: Session, request: RequestProfile, n: int, weights: Mapping[str, float]
    ) -> tuple[Recommendation, Recommendation]:
        """The best sellers for a request by the weights that serve, and by others."""
        with self._lock:
            matcher = self._current(session).matcher
            live = serving_weights(session)

            def open_now(found: set[str]) -> set[str]:
                return {str(key) for key in open_among(session, map(int, found))}

            try:
                matcher.weights = weights
                other = matcher.recommend(request, n, among=open_now)
            finally:
                matcher.weights = live
            return matcher.recommend(request, n, among=open_now), other

    def features_of(
        self, session: Session, request: RequestProfile, keys: Collection[int], day: date
    ) -> dict[int, Mapping[str, float]]:
        """The named features of offers for a request; those that something rules out or nobody knows are left out."""
        with self._lock:
            matcher = self._current(session).matcher
            found = ((key, matcher.explain(request, str(key), day)) for key in keys)
            return {key: match.features for key, match in found if match is not None and match.features}

    def load(self, session: Session) -> None:
        """Have the matcher at hand, loaded or fitted: for the moment before a transaction locks out all writers."""
        with self._lock:
            self._current(session)

    def forget(self) -> None:
        """Load anew at the next use."""
        with self._lock:
            self._loaded = self._refused = None

    def _current(self, session: Session) -> InStep:
        from matching import store

        name = store.current(models_folder())
        if self._loaded is not None and (self._loaded.name == name or name in (None, self._refused)):
            return self._loaded
        if name is not None and name != self._refused:
            try:
                stored = store.load(models_folder(), name)
                matcher = stored.matcher
                matcher.rates = rates_per_dollar()
                self._loaded = InStep(matcher, name, stored.made, stored.made.date())
                self._loaded.expect(session, _unknown(matcher, open_offers(session)))
                _set_aside()
                return self._loaded
            except store.UnusableModel as fault:
                # said once: looking at it again for every request would cost each of them the loading
                self._refused = name
                log.warning("matchmaking.model_refused", extra={"model": name, "fault": str(fault)})
        if self._loaded is None or self._loaded.name != FITTED_HERE:
            offers = len(open_offers(session))
            if offers > MOST_FITTED_HERE:
                raise ModelMissing(f"no usable model for {offers} offers; the worker fits one")
            moment, day = now(), today()
            self._loaded = InStep(fitted(session), FITTED_HERE, moment, day)
            _set_aside()
        return self._loaded


def _shortlisted(
    session: Session, request: RequestProfile, n: int, taken: Collection[str], make: str
) -> Recommendation | None:
    """The best of the offers that an index has near to a request; None while it rests."""
    from matching.filters import offer_of
    from matching.matcher import SupplierMatcher

    matcher = SupplierMatcher(rates=rates_per_dollar(), weights=serving_weights(session)).hold([])
    try:
        contents, alike = shortlist(request, matcher, make)
        offers = [offer_of(each) for each in contents.values()]
    except (SearchError, ValueError, KeyError, TypeError) as fault:
        log.warning("matchmaking.near_rests", extra={"make": make, "fault": str(fault)})
        return None
    matcher.hold(offers)
    still = open_among(session, (int(key) for key in contents if key not in set(taken)))
    among = {str(key) for key in still}
    first = matcher.recommend(request, max(n, LOOKED_AT), among=among, alike=alike)
    take_in(session, matcher, _offers_of((*first.matches, *first.almost)))
    return matcher.recommend(request, n, among=among, alike=alike)


def _offers_of(matches: Iterable[Match]) -> list[int]:
    """The offers that some matches name, those for further lines included."""
    return list(dict.fromkeys(int(one.offer) for each in matches for one in (each, *each.further)))


def _set_aside() -> None:
    """Let the collector pass over the offers just loaded: looking through 100,000 of them takes half a second, and
    would again and again, in the middle of somebody's request."""
    gc.collect()
    gc.freeze()


def _unknown(matcher: SupplierMatcher, keys: list[int]) -> list[int]:
    known = set(matcher.offers_) if len(keys) > _LOOKED_UP_SINGLY else matcher.offers_
    return [key for key in keys if str(key) not in known]


def fitted(session: Session, progress: Callable[[int], None] | None = None) -> SupplierMatcher:
    """A matcher fitted from the database."""
    from matching.matcher import SupplierMatcher

    return SupplierMatcher(rates=rates_per_dollar()).fit(offer_profiles(session), progress)


def models_folder() -> Path:
    """Where fitted models are stored."""
    return settings().home / "models"


def matcher_of_process() -> MatcherOfProcess:
    """The matcher of the running application in this process."""
    folder = models_folder()
    found = _of_home.get(folder)
    if found is None:
        _of_home.clear()  # one marketplace a process; in tests the last one
        found = _of_home.setdefault(folder, MatcherOfProcess())
    return found
