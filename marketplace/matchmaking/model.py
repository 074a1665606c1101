"""The matcher of this process: loaded on first use, kept in step, never the reason why a page fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.kernel.outside import settings
from marketplace.matchmaking.profiles import offer_profiles, open_offers, rates_per_dollar
from marketplace.matchmaking.rules import LOOKED_AT, MOST_FITTED_HERE

if TYPE_CHECKING:
    from matching.matcher import Recommendation, SupplierMatcher
    from matching.profile import RequestProfile

log = logging.getLogger(__name__)
FITTED_HERE = "fitted-here"


class ModelMissing(RuntimeError):
    """There is no usable model, and too many offers to fit one while a visitor waits."""


_of_home: dict[Path, MatcherOfProcess] = {}


@dataclass(slots=True)
class _Loaded:
    """A matcher with the version it was loaded as."""

    matcher: SupplierMatcher
    name: str


class MatcherOfProcess:
    """One matcher for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._refused: str | None = None

    def recommend(
        self, session: Session, request: RequestProfile, n: int, taken: Collection[str] = ()
    ) -> tuple[Recommendation, str]:
        """The best sellers for a request by the rows as they are now, and the name of the model that ranked them."""
        allowed = open_offers(session)
        with self._lock:
            loaded = self._current(session, len(allowed))
            matcher = loaded.matcher
            # Offers that came after the model was fitted take part at once.
            _take_in(session, matcher, [key for key in allowed if str(key) not in matcher.offers_])
            among = {str(key) for key in allowed} - set(taken)
            first = matcher.recommend(request, LOOKED_AT, among=among)
            near = [int(each.offer) for each in (*first.matches, *first.almost)]
            _take_in(session, matcher, near)  # terms, certificates and prices as they stand today
            return matcher.recommend(request, n, among=among), loaded.name

    def load(self, session: Session) -> None:
        """Have the matcher at hand, loaded or fitted: for the moment before a transaction locks out all writers."""
        offers = len(open_offers(session))
        with self._lock:
            self._current(session, offers)

    def forget(self) -> None:
        """Load anew at the next use."""
        with self._lock:
            self._loaded = self._refused = None

    def _current(self, session: Session, offers: int) -> _Loaded:
        from matching import store

        name = store.current(models_folder())
        if self._loaded is not None and (self._loaded.name == name or name in (None, self._refused)):
            return self._loaded
        if name is not None and name != self._refused:
            try:
                matcher = store.load(models_folder(), name).matcher
                matcher.rates = rates_per_dollar()
                self._loaded = _Loaded(matcher, name)
                return self._loaded
            except store.UnusableModel as fault:
                # said once: looking at it again for every request would cost each of them the loading
                self._refused = name
                log.warning("matchmaking.model_refused", extra={"model": name, "fault": str(fault)})
        if self._loaded is None or self._loaded.name != FITTED_HERE:
            if offers > MOST_FITTED_HERE:
                raise ModelMissing(f"no usable model for {offers} offers; the worker fits one")
            self._loaded = _Loaded(fitted(session), FITTED_HERE)
        return self._loaded


def _take_in(session: Session, matcher: SupplierMatcher, keys: list[int]) -> None:
    for profile in offer_profiles(session, keys) if keys else ():
        matcher.update(profile)


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
