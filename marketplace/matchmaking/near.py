"""Offers near to a request, where there are too many to hold in every process: a shortlist from an index of its own.

Only with Elasticsearch and from `NEAR_FROM` offers on. The index belongs to vectors of one make, whose name the pointer
beside them tells; without a pointer, or while the index rests, everything is ranked in memory as before.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.kernel.clock import now, today
from marketplace.kernel.outside import settings
from marketplace.matchmaking.profiles import count_open, offer_profiles, open_offers, turned_since
from marketplace.matchmaking.rules import NEAR_FILLED_WITHIN, NEAR_FROM, NEAR_KEPT, NEAR_OTHERS, NEAR_SHORTLIST
from search.analysis import lexicon

if TYPE_CHECKING:
    from matching.matcher import SupplierMatcher
    from matching.profile import OfferProfile, RequestProfile
    from matching.reader.offer import OfferReading
    from matching.vectors import Vectors
    from search.near import Entry, Neighbours

log = logging.getLogger(__name__)
_POINTER = "current"
_FILLING = "filling"
_DAY = "day"
_BATCH = 500
_LEARNT_FROM = 40_000
_MARK = 6

_connect: Callable[[str], Neighbours] | None = None


def use_neighbours(connect: Callable[[str], Neighbours] | None) -> None:
    """Ask other neighbours than those of the settings (tests); None goes back."""
    global _connect
    _connect = connect
    _vectors.cache_clear()
    _index.cache_clear()


def current_make() -> str | None:
    """The make of the vectors whose index answers now, None where offers are not shortlisted."""
    pointer = near_folder() / _POINTER
    try:
        return pointer.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def near_folder() -> Path:
    """Where vectors are kept."""
    return settings().home / "near"


def shortlist(request: RequestProfile, matcher: SupplierMatcher, make: str) -> tuple[dict[str, str], dict[str, float]]:
    """Offers that may serve a request and those of its goods that something rules out: key to content, and how alike
    they are. Raises NotTheseVectors and EngineUnavailable."""
    from matching.filters import conditions_of
    from matching.vectors import text_of_request

    contents: dict[str, str] = {}
    alike: dict[str, float] = {}
    for line in request.lines or (request,):
        goods = matcher.wanted(line)
        if not goods:
            continue  # what is merely alike in words would be a guess among a million
        vector = _vectors(near_folder(), make).transform([text_of_request(line)])[0].tolist()
        if not any(vector):
            continue
        conditions = conditions_of(line, goods, today())
        possible = _index(make).nearest(vector, conditions, NEAR_SHORTLIST)
        others = _index(make).nearest(vector, conditions[:2], NEAR_OTHERS)  # open, and of these goods
        for each in (*possible, *others):
            contents[each.key] = each.content
            alike[each.key] = max(0.0, each.likeness, alike.get(each.key, 0.0))
    return contents, alike


def refresh_offers(session: Session, keys: Collection[int]) -> int:
    """Bring offers in the index to what the rows say now; how many changed."""
    make = current_make()
    if make is None:
        return 0
    version, ordered, done = _version(), sorted(keys), 0
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        entries = list(_entries(session, batch, _vectors(near_folder(), make), version))
        gone = {str(key) for key in batch} - {each.key for each in entries}
        done += _index(make).put(entries) + _index(make).remove(dict.fromkeys(gone, version))
    return done


def look_after(session: Session) -> str | None:
    """Fill the index anew where it is missing, of another lexicon or weeks old; drop it where there is no call for it;
    let it know what begins and ends with the day.
    Gives the make that answers from now on, None where none does or nothing had to be done."""
    make = current_make()
    keys = open_offers(session) if has_server() else []
    if not has_server() or len(keys) < NEAR_FROM:
        _leave()
        return None
    _keep_days(session)
    if is_filling() or (make is not None and not _is_stale(make)):
        return None
    return fill(session, keys)


def is_due(session: Session) -> bool:
    """Whether `look_after` would find work: a count, some files, and a question to the server where there is one.
    Raises EngineUnavailable."""
    make = current_make()
    if not has_server() or count_open(session) < NEAR_FROM:
        return make is not None or bool(_kept_folders())
    if is_filling():
        return False
    return make is None or _kept_day() != today() or _is_stale(make)


def _kept_folders() -> list[Path]:
    return [each for each in near_folder().iterdir() if each.is_dir()] if near_folder().is_dir() else []


def _leave() -> None:
    """Offers are ranked in memory from now on; what indices hold goes, as soon as their server answers."""
    (near_folder() / _POINTER).unlink(missing_ok=True)
    for folder in _kept_folders():
        if has_server():
            _index(folder.name).drop()
        shutil.rmtree(folder, ignore_errors=True)


def _keep_days(session: Session) -> None:
    """Bring offers to what the day says: certificates that began and registrations that ended since the last look."""
    last = _kept_day()
    if last == today() or (last is None and current_make() is None):
        return
    if last is not None and current_make() is not None:
        refresh_offers(session, turned_since(session, last))
    near_folder().mkdir(parents=True, exist_ok=True)
    (near_folder() / _DAY).write_text(today().isoformat(), encoding="ascii")


def _kept_day() -> date | None:
    """The day that the index stands by."""
    try:
        return date.fromisoformat((near_folder() / _DAY).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def is_filling() -> bool:
    """Whether an index is being filled from rows that may change meanwhile; one that took too long was cut off."""
    try:
        began = datetime.fromisoformat((near_folder() / _FILLING).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    return now() - began < NEAR_FILLED_WITHIN


def has_server() -> bool:
    """Whether there is a server that could keep an index."""
    return _connect is not None or settings().stores.search_url.startswith(("http://", "https://"))


def fill(session: Session, keys: Sequence[int]) -> str:
    """Learn vectors from the offers and fill an index with them, while the former answers; gives their make."""
    marked = near_folder() / _FILLING
    marked.parent.mkdir(parents=True, exist_ok=True)
    marked.write_text(now().isoformat(), encoding="ascii")  # before any row is read: later changes come again
    (near_folder() / _DAY).write_text(today().isoformat(), encoding="ascii")
    try:
        return _filled(session, keys)
    finally:
        marked.unlink(missing_ok=True)


def _filled(session: Session, keys: Sequence[int]) -> str:
    from matching.vectors import Vectors, text_of_offer

    step = max(1, -(-len(keys) // _LEARNT_FROM))
    vectors = Vectors().fit([text_of_offer(*each) for each in _read(session, keys[::step])])
    make = f"{now():%y%m%d%H%M%S}{lexicon().version[:_MARK]}"
    folder = near_folder() / make
    shutil.rmtree(folder, ignore_errors=True)
    vectors.save(folder)
    index = _index(make)
    done = index.rebuild(_entries(session, keys, vectors, _version()))
    former = current_make()
    draft = near_folder() / f".{_POINTER}"
    draft.write_text(make, encoding="ascii")
    draft.replace(near_folder() / _POINTER)
    kept = {make, former}
    index.forget_others([each for each in kept if each])
    for each in near_folder().iterdir():
        if each.is_dir() and each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)
    log.info("matchmaking.near_filled", extra={"make": make, "offers": done, **vectors.figures_})
    return make


def _is_stale(make: str) -> bool:
    from matching.vectors import NotTheseVectors

    if not make.endswith(lexicon().version[:_MARK]) or make[:6] < f"{now() - NEAR_KEPT:%y%m%d}":
        return True
    try:
        _vectors(near_folder(), make)
    except NotTheseVectors:
        return True
    return not _index(make).is_ready()


def _read(session: Session, keys: Sequence[int]) -> Iterator[tuple[OfferProfile, OfferReading]]:
    from matching.reader.offer import read_offer

    return (read_offer(profile, lexicon()) for profile in offer_profiles(session, keys))


def _entries(session: Session, keys: Sequence[int], vectors: Vectors, version: int) -> Iterator[Entry]:
    from matching.filters import entry_of
    from matching.vectors import text_of_offer

    for start in range(0, len(keys), _BATCH):
        batch = list(_read(session, keys[start : start + _BATCH]))
        rows = vectors.transform([text_of_offer(*each) for each in batch])
        for each, row in zip(batch, rows, strict=True):
            if row.any():  # an offer of which no word was ever learnt has no direction: nothing is near to it
                yield entry_of(*each, row.tolist(), version, lexicon())


def _version() -> int:
    """Later readings of rows win over earlier ones, whichever arrives first."""
    return int(now().timestamp() * 1000)


@lru_cache(2)
def _vectors(folder: Path, make: str) -> Vectors:
    from matching.vectors import Vectors

    return Vectors.load(folder / make)


@lru_cache(4)
def _index(make: str) -> Neighbours:
    if _connect is not None:
        return _connect(make)
    from matching.filters import WORDS
    from matching.vectors import DIMENSIONS
    from search.engines.elastic.neighbours import open_neighbours

    stores = settings().stores
    return open_neighbours(
        stores.search_url, make, DIMENSIONS, WORDS, api_key=stores.search_api_key, ca_file=stores.search_ca_file
    )
