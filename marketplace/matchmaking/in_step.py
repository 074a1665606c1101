"""A matcher in step with the rows: what came, changed or went since its offers were read is taken in before it ranks.

Which offers those are is told by `ChangedOffer`, so a request costs what changed, not what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.clock import now, today
from marketplace.matchmaking.profiles import commodities_of, listed_since, offer_profiles, turned_since
from marketplace.matchmaking.queries.changes import changes_since
from search.analysis import lexicon

if TYPE_CHECKING:
    from matching.matcher import SupplierMatcher
    from matching.profile import RequestProfile

# What changed may be committed later than others that changed after it.
_SLOW_WRITERS = timedelta(minutes=5)
# Of goods that a request does not ask for, so many are read beside: after an import of thousands nobody waits for all.
OTHERS_AT_ONCE = 25


@dataclass(slots=True)
class InStep:
    """A matcher with the version it was loaded as."""

    matcher: SupplierMatcher
    name: str
    seen: datetime
    """What changed before this moment is known to it."""
    day: date
    """What began and ended with the days up to this one is known to it."""
    _handled: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    """Changes since then that are known to it or waiting: product to stamp."""
    _waiting: dict[int, str] = field(default_factory=dict)
    """Products to be read again, with their commodities."""

    def take_in_changes(self, session: Session, request: RequestProfile) -> None:
        """Offers of the goods wanted as they are now, whatever came, changed or went; a few of the others."""
        self._look(session)
        if not self._waiting:
            return
        wanted = self.matcher.wanted(request)
        goods = {key for key in load_registry().commodities if not wanted.isdisjoint(lexicon().closure(key))}
        due = [key for key, commodity in self._waiting.items() if commodity in goods]
        others = (key for key, commodity in self._waiting.items() if commodity not in goods)
        due += [key for _count, key in zip(range(OTHERS_AT_ONCE), others, strict=False)]
        self.take_in(session, due)
        for key in due:
            del self._waiting[key]

    def take_in(self, session: Session, keys: Collection[int]) -> bool:
        """Let the matcher know offers as they are, and forget those that cannot be suggested any more; whether anything
        was new to it."""
        return take_in(session, self.matcher, keys)

    def _look(self, session: Session) -> None:
        """Note what changed since the last look."""
        moment, since = now(), self.seen - _SLOW_WRITERS
        changes = changes_since(session, since)
        self._waiting |= {
            each.product_id: each.commodity for each in changes if self._handled.get(each.product_id) != each.stamp
        }
        self._handled = {each.product_id: each.stamp for each in changes}
        # listed by other ways than the site's own, such as rows that were copied in
        self._note(session, (key for key in listed_since(session, since) if str(key) not in self.matcher.offers_))
        if self.day != today():
            self._note(session, turned_since(session, self.day))
        self.seen, self.day = moment, today()

    def _note(self, session: Session, keys: Iterable[int]) -> None:
        self._waiting |= commodities_of(session, [key for key in keys if key not in self._waiting])


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
