"""Saved searches against changes: how long until every new match is written down, and until everyone is told.

    python -m tests.bench.alerts [--home FOLDER] [--searches 100000] [--changes 1000]

Works on a copy of a home that `tests.bench.run --home FOLDER` built (without one, a home with 2,000 products beside the
sample marketplace is built). The searches are texts in five languages with
filters, no two people's alike; the changes are products that come onto the market. The goal is 60 seconds of one core.
"""

from __future__ import annotations

import argparse
import logging
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, insert, select, update

from config.settings import Settings
from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import now
from marketplace.kernel.regions import REGENCIES
from marketplace.kernel.uow import transaction
from tests.bench.run import build_home, environment

GOAL = 60.0
_LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")
_BATCH = 2_000


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path)
    options.add_argument("--searches", type=int, default=100_000)
    options.add_argument("--changes", type=int, default=1_000)
    asked = options.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        built = asked.home or Path(folder) / "built"
        build_home(built, 2_000, Path(folder))
        home = Path(shutil.copytree(built, Path(folder) / "home"))
        from marketplace.app import create_app

        app = create_app(Settings.from_env(environment(home)))
        with app.app_context():
            return measure(asked.searches, asked.changes)


def measure(searches: int, changes: int) -> int:
    """Print seconds for matching and telling; 1 when the goal is missed."""
    from marketplace.saved.models import SavedSearchMatch
    from marketplace.saved.services.marks import note_changed
    from marketplace.saved.services.matching import match_changed
    from marketplace.saved.services.telling import tell_due

    began = time.monotonic()
    save_many(searches)
    print(f"{searches:,} saved searches made in {time.monotonic() - began:.0f} s", flush=True)
    with transaction() as session:
        listed = select(Product.id).where(Product.state == ListingState.LISTED).order_by(func.random())
        chosen = list(session.scalars(listed.limit(changes)))
        session.execute(update(Product).where(Product.id.in_(chosen)).values(listed_at=now()))
        note_changed(session, chosen)
    began, busy = time.monotonic(), time.process_time()
    settled = match_changed()
    seconds, cpu = time.monotonic() - began, time.process_time() - busy
    with transaction() as session:
        found = session.scalar(select(func.count()).select_from(SavedSearchMatch)) or 0
    print(f"{settled:,} changes x {searches:,} searches: {seconds:.1f} s ({cpu:.1f} s of CPU), {found:,} new matches")
    began = time.monotonic()
    told = tell_due(limit=200)
    rate = told / max(time.monotonic() - began, 1e-9)
    print(f"told: {rate:,.0f} searches a second; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    verdict = "reached" if cpu < GOAL else "missed"
    print(f"goal of {GOAL:.0f} s of CPU {verdict}")
    return 0 if cpu < GOAL else 1


def save_many(count: int) -> None:
    """Searches of one person, written directly: saving one by one would measure forms."""
    from marketplace.saved.models import SavedSearch, SavedSearchTerm
    from marketplace.saved.percolation import conditions_of, terms_to_watch
    from marketplace.saved.rules import Frequency
    from marketplace.saved.services.searches import reading
    from marketplace.saved.wishes import search_of

    user_id, made_with, moment = _somebody(), reading(), now() - timedelta(days=30)
    made = 0
    waiting: list[tuple[str, str]] = []
    for pair in _addresses(count):
        waiting.append(pair)
        made += 1
        if len(waiting) < _BATCH and made < count:
            continue
        rows: list[dict[str, Any]] = [
            {
                "user_id": user_id, "name": "Bench", "address": address, "locale": locale,
                "conditions": conditions_of(search_of(address, locale)), "made_with": made_with,
                "frequency": Frequency.INSTANT, "created_at": moment, "match_count": 0, "version": 1,
            }
            for address, locale in waiting
        ]  # fmt: skip
        with transaction() as session:
            keys = session.scalars(insert(SavedSearch).returning(SavedSearch.id, sort_by_parameter_order=True), rows)
            terms = [
                {"term": term, "saved_search_id": key}
                for key, row in zip(keys.all(), rows, strict=True)
                for term in terms_to_watch(row["conditions"])
            ]
            session.execute(insert(SavedSearchTerm), terms)
        waiting = []


def _somebody() -> int:
    from marketplace.accounts.models import Membership, Organisation

    with transaction() as session:
        query = select(Membership.user_id).join(Organisation).where(Organisation.kind == "buyer")
        return session.scalars(query.order_by(Membership.id).limit(1)).one()


def _addresses(count: int) -> Iterator[tuple[str, str]]:
    random, registry = Random(11), load_registry()
    commodities, regencies = sorted(registry.commodities), sorted(REGENCIES)
    for number in range(count):
        locale = _LANGUAGES[number % len(_LANGUAGES)]
        commodity = registry.commodity(random.choice(commodities))
        pairs: list[tuple[str, str]] = []
        if number % 10 < 6:
            pairs.append(("q", commodity.name(locale)))
        elif number % 10 < 9:
            pairs.append(("commodity", commodity.key))
        else:
            pairs.append(("category", commodity.category))
        if random.random() < 0.6:
            pairs.append(("price.max", str(random.randint(1, 20))))
        if random.random() < 0.4:
            pairs.append(("moq.max", str(random.choice((50, 100, 500, 1000)))))
        if random.random() < 0.2:
            pairs.append(("regency", random.choice(regencies)))
        if random.random() < 0.2:
            pairs.append(("incoterm", "FOB"))
        if random.random() < 0.1:
            pairs.append(("certificate", "organic-eu"))
        yield urlencode(pairs), locale


if __name__ == "__main__":
    raise SystemExit(main())
