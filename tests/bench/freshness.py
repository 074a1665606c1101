"""How soon a published change is found while others search, and whether every change is found.

    python -m tests.bench.freshness [--home FOLDER] [--changes 100] [--changes-a-second 2] [--searches-a-second 5]
        [--elastic http://127.0.0.1:9200] [--json]

Serves a copy of a home that `tests.bench.run --home FOLDER` built (without one, a home with 2,000 products beside the
sample marketplace is built) by `souq serve` with its worker, and searches it by HTTP at a fixed rate, however long the
answers take. Meanwhile sellers give listed products a title with a word that nobody else has. A change counts from the
moment its transaction is through until a visitor, who asks again ten times a second, has received a page that shows it.
Also the 99th percentile of the searches beside it. It begins when nothing is due any more of what a site does at its
start, and when some searches have warmed the processes. With ``--elastic`` the index is on that server instead of the business
database. Wall-clock time: on a machine that others use the figures say as much about them.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from config.settings import Settings
from marketplace.accounts.acting import acting_for
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.app import create_app
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.services.drafts import TextDraft
from marketplace.catalogue.services.products import edit_texts
from marketplace.discovery.checking import check_index
from marketplace.discovery.engine import engine
from marketplace.kernel.database import db
from marketplace.kernel.policy import Actor, Role
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from search.engines.elastic.engine import ElasticEngine
from tests.bench.run import build_home
from tests.bench.search_engines import percentile
from tests.crash.site import ROOT, Site

GOAL = 1.0  # seconds, at the 99th percentile
LONGEST = 60.0  # then it is lost
ASKED_SECONDS = 0.1  # between two tries of a visitor who waits for a change
CALM_SECONDS = 180.0
WARMED_BY = 40  # searches
_visits = itertools.count(1)


@dataclass
class Seen:
    """Seconds until each change was shown, searches beside it, and what was never shown."""

    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    refused: int = 0
    reviewed: int = 0


class Visitor:
    """Somebody who searches, each time from another address, as people do."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def searched(self, text: str) -> tuple[int, str]:
        """Status and page of a search that nobody made before."""
        number = next(_visits)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        path = f"/en/products?q={text.replace(' ', '+')}&visit={number}"
        for _ in range(2):  # a server ends a connection that nobody used for a while
            try:
                self._connection.request("GET", path, headers={"X-Forwarded-For": address})
                answer = self._connection.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, http.client.HTTPException):
                self._connection.close()
        return 0, ""

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


@contextmanager
def at_rate(rate: float, work: Callable[[], object]) -> Iterator[None]:
    """``work`` begins so many times a second, whether the one before has ended or not."""
    stop, busy = threading.Event(), ThreadPoolExecutor(16)

    def begin() -> None:
        following = time.monotonic()
        while not stop.wait(max(0.0, following - time.monotonic())):
            busy.submit(work)
            following += 1 / rate

    thread = threading.Thread(target=begin)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        busy.shutdown(cancel_futures=True)


def measured(site: Site, changes: int, rates: tuple[float, float]) -> Seen:
    """All figures; inside the application's context."""
    seen, local, random = Seen(), threading.local(), Random(3)
    registry = load_registry()
    names = [registry.commodity(key).name("en").split(" (")[0] for key in sorted(registry.commodities)]

    def visitor() -> Visitor:
        if not hasattr(local, "visitor"):
            local.visitor = Visitor(site.port)
        found: Visitor = local.visitor
        return found

    def search() -> None:
        began = time.monotonic()
        status, _ = visitor().searched(random.choice(names))
        seen.searches.append(time.monotonic() - began)
        seen.refused += status != 200

    def watch(word: str, slug: str, published: float) -> None:
        while time.monotonic() - published < LONGEST:
            if f"/products/{slug}" in visitor().searched(word)[1]:
                seen.seconds.append(time.monotonic() - published)
                return
            time.sleep(ASKED_SECONDS)
        seen.lost.append(word)

    goods = list(_goods(changes))
    _calm(site, names)
    made: list[tuple[str, str]] = []
    with at_rate(rates[1], search), ThreadPoolExecutor(8) as watching:
        time.sleep(2.0)
        for slug, actor in goods:
            word = "zq" + uuid.uuid4().hex[:10].translate(str.maketrans("0123456789", "ghijklmnop"))
            began = time.monotonic()
            if _rename(slug, actor, word):
                watching.submit(watch, word, slug, time.monotonic())
                made.append((word, slug))
            else:
                seen.reviewed += 1
            time.sleep(max(0.0, began + 1 / rates[0] - time.monotonic()))
    again = Visitor(site.port)
    for word, slug in made:
        status, page = again.searched(word)
        if f"/products/{slug}" not in page and word not in seen.lost:
            seen.lost.append(word)
        if word in seen.lost:
            print(f"not found: {word}, {slug}, answer {status}", flush=True)
    again.close()
    return seen


def _calm(site: Site, names: list[str]) -> None:
    """Wait until a site that has just begun stands as it does all day."""
    until = time.monotonic() + CALM_SECONDS
    while site.due_tasks() and time.monotonic() < until:
        time.sleep(0.5)
    warming = Visitor(site.port)
    for number in range(WARMED_BY):
        warming.searched(names[number % len(names)])
    warming.close()


def _goods(count: int) -> Iterator[tuple[str, Actor]]:
    """Listed products and who may change them, as many sellers as there are."""
    query = (
        select(Product.slug, User, Organisation)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(is_public())
        .order_by(Product.id.desc(), User.id)
    )
    found: dict[str, Actor] = {}
    for slug, person, organisation in db.session.execute(query.limit(count * 4)):
        if len(found) < count:
            found.setdefault(slug, acting_for(person, organisation, Role.OWNER))
    db.session.rollback()
    if len(found) < count:
        raise SystemExit(f"the home has {len(found)} products that somebody can change")
    yield from found.items()


def _rename(slug: str, actor: Actor, word: str) -> bool:
    """A seller's own change of a title; whether it is published, as it is without a claim that curators have to see."""
    with transaction() as session:
        query = select(Product).where(Product.slug == slug).options(selectinload(Product.texts))
        product = session.scalars(query).one()
        texts = [TextDraft(row.language, row.title, row.description) for row in product.texts]
        own = next(text for text in texts if text.language == product.original_language)
        rest = [text for text in texts if text is not own]
        titled = TextDraft(own.language, f"{own.title[:150]} {word}", own.description)
        edit_texts(session, actor, slug, product.version, titled, rest)
        return product.state == ListingState.LISTED


def _home(given: Path | None, folder: Path) -> Path:
    """The home that was given, or one built now."""
    home = given or folder / "built"
    build_home(home, 2_000, folder)
    return home


@contextmanager
def served(home: Path, folder: Path, elastic: str) -> Iterator[Site]:
    """The site on a copy of a home, inside its application's context; an index on a server goes with it."""
    own = folder / "home"
    shutil.copytree(home, own, ignore=shutil.ignore_patterns("souq.sqlite3*", "mail", "metrics", "workers"))
    with (
        closing(sqlite3.connect(home / "souq.sqlite3")) as source,
        closing(sqlite3.connect(own / "souq.sqlite3")) as copy,
    ):
        source.backup(copy)
    for name in [name for name in os.environ if name.endswith("_URL")]:
        del os.environ[name]
    if elastic:
        os.environ["SEARCH_URL"] = f"{elastic}/bench_{uuid.uuid4().hex[:10]}"
        print("Filling the index ...", flush=True)
        fill(own)
    with Site(own, is_prepared=True) as site:
        app = create_app(Settings.from_env(Site.environment(own, site.port)))
        with app.app_context():
            try:
                yield site
            finally:
                searching = engine()
                if isinstance(searching, ElasticEngine):
                    with suppress(Exception):
                        searching.drop()
                searching.close()
                db.session.remove()
                db.engine.dispose()


def fill(home: Path) -> None:
    """The index on the server, from nothing."""
    words = [sys.executable, "-m", "marketplace.cli.main", "search", "rebuild"]
    done = subprocess.run(words, cwd=ROOT, env=Site.environment(home), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the index could not be filled:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path)
    options.add_argument("--changes", type=int, default=100)
    options.add_argument("--changes-a-second", type=float, default=2.0)
    options.add_argument("--searches-a-second", type=float, default=5.0)
    options.add_argument("--elastic", default="")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    logging.disable(logging.INFO)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(_home(asked.home, Path(folder)), Path(folder), asked.elastic) as site,
    ):
        seen = measured(site, asked.changes, (asked.changes_a_second, asked.searches_a_second))
        faults = check_index().faults
    figures = {
        "changes": len(seen.seconds),
        "lost": len(seen.lost),
        "sent_to_review": seen.reviewed,
        "index_faults": faults,
        "median_seconds": sorted(seen.seconds)[len(seen.seconds) // 2],
        "p99_seconds": percentile(seen.seconds),
        "slowest_seconds": max(seen.seconds),
        "searches": len(seen.searches),
        "searches_refused": seen.refused,
        "search_p99_seconds": percentile(seen.searches),
    }
    if asked.json:
        print(json.dumps(figures, indent=1))
        return 0
    print("index on Elasticsearch" if asked.elastic else "index in the business database")
    for name, value in figures.items():
        print(f"{name:28}{value:10.3f}" if isinstance(value, float) else f"{name:28}{value:10}")
    is_reached = not seen.lost and not faults and percentile(seen.seconds) <= GOAL
    print(f"found within {GOAL:.0f} s at the 99th percentile, none lost: {'reached' if is_reached else 'missed'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
