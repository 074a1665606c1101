"""A matcher in step with the rows: what came, changed or went since its offers were read is taken in before it ranks.

Which offers those are is told by `ChangedOffer`, so a request costs what changed, not what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.clock import now, today
from marketplace.matchmaking.profiles import commodities_of, offer_profiles, turned_since
from marketplace.matchmaking.queries.changes import changes_at, listed_unnoted, listing_mark, moments_since
from marketplace.matchmaking.waiting import Waiting
from search.analysis import lexicon

if TYPE_CHECKING:
    from matching.matcher import SupplierMatcher
    from matching.profile import RequestProfile

# What changed may be committed later than others that changed after it.
_SLOW_WRITERS = timedelta(minutes=5)
# Of goods that a request does not ask for, so many are read beside: after an import of thousands nobody waits for all.
OTHERS_AT_ONCE = 5
# So many offers that the stored model does not know are read when it is loaded: a quarter of a second.
EXPECTED_AT_ONCE = 250


@dataclass(slots=True)
class InStep:
    """A matcher with the version it was loaded as."""

    matcher: SupplierMatcher
    name: str
    seen: datetime
    """What changed before this moment is known to it."""
    day: date
    """What began and ended with the days up to this one is known to it."""
    _since: datetime = field(init=False)
    """Looked at from this moment on; it moves on once in a while, since what is looked at again costs as it did."""
    _handled: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    """Changes since then that are known to it or waiting: product to stamp."""
    _moments: dict[datetime, tuple[int, int]] = field(default_factory=dict)
    """When those were, as `moments_since` told it."""
    _listed: tuple[int, int] | None = None
    _waiting: Waiting = field(default_factory=Waiting)
    """Products to be read again."""

    def __post_init__(self) -> None:
        self._since = self.seen - _SLOW_WRITERS

    def take_in_changes(self, session: Session, request: RequestProfile) -> None:
        """Offers of the goods wanted as they are now, whatever came, changed or went; a few of the others."""
        self._look(session)
        if not self._waiting:
            return
        wanted = self.matcher.wanted(request)
        goods = {key for key in load_registry().commodities if not wanted.isdisjoint(lexicon().closure(key))}
        due = self._waiting.of_goods(goods, OTHERS_AT_ONCE)
        self.take_in(session, due)
        for key in due:
            self._waiting.drop(key)

    def expect(self, session: Session, keys: Sequence[int]) -> None:
        """Let the matcher know offers that came before it was loaded: a few at once; of thousands, as after an import,
        those of the goods that somebody asks for, when they do."""
        if len(keys) <= EXPECTED_AT_ONCE:
            self.take_in(session, keys)
        else:
            self._note(session, keys)

    def take_in(self, session: Session, keys: Collection[int]) -> bool:
        """Let the matcher know offers as they are, and forget those that cannot be suggested any more; whether anything
        was new to it."""
        return take_in(session, self.matcher, keys)

    def _look(self, session: Session) -> None:
        """Note what changed since the last look."""
        moment = now()
        if self.seen - self._since > 2 * _SLOW_WRITERS:
            self._look_from(self.seen - _SLOW_WRITERS)
        moments = moments_since(session, self._since)
        other = [at for at, figures in moments.items() if self._moments.get(at) != figures]
        for each in changes_at(session, other):
            if self._handled.get(each.product_id) != each.stamp:
                self._handled[each.product_id] = each.stamp
                self._waiting.add(each.product_id, each.commodity)
        self._moments = moments
        listed = listing_mark(session, self._since)
        if listed != self._listed:
            self._listed = listed
            unnoted = listed_unnoted(session, self._since)
            self._note(session, (key for key in unnoted if str(key) not in self.matcher.offers_))
        if self.day != today():
            self._note(session, turned_since(session, self.day))
        self.seen, self.day = moment, today()

    def _look_from(self, moment: datetime) -> None:
        """Leave what changed before a moment behind."""
        self._since, self._listed = moment, None
        self._handled = {key: stamp for key, stamp in self._handled.items() if stamp[1] >= moment}

    def _note(self, session: Session, keys: Iterable[int]) -> None:
        for key, commodity in commodities_of(session, [key for key in keys if key not in self._waiting]).items():
            self._waiting.add(key, commodity)


def take_in(session: Session, matcher: SupplierMatcher, keys: Collection[int]) -> bool:
    """Let a matcher know offers as they are; whether anything was new to it. What cannot be suggested is forgotten."""
    if not keys:
        return False
    open_now = {each.key: each for each in offer_profiles(session, list(keys))}
    gone = [key for key in map(str, keys) if key not in open_now and key in matcher.offers_]
    news = [each for each in open_now.values() if each != matcher.offers_.get(each.key)]
    for key in gone:
        matcher.forget(key)
    for profile in news:
        matcher.update(profile)
    return bool(gone or news)
