"""What another lexicon would change on requests that buyers keep here: read by it beside the reading of today.

Nothing is written, and the lexicon in use stays in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.services.suggesting import recommended
from marketplace.rfqs.models import Rfq, RfqLine
from marketplace.rfqs.rules import RfqState
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from matching.profile import RequestProfile, Understood

MOST_REREAD = 40
SHOWN = 5
_SECONDS = 2.0  # somebody waits for the page
# Of those that are over or were spam nobody is matched any more.
_STANDING = (RfqState.DRAFT, RfqState.SUBMITTED, RfqState.IN_REVIEW, RfqState.OPEN, RfqState.NEEDS_INFO)


@dataclass(frozen=True, slots=True)
class Reread:
    """A request that is read differently: what would come and what would go, and the first products where its goods
    change; ``suppliers`` is None where they stay, or where the ranking could not be asked."""

    rfq: Rfq
    come: tuple[Understood, ...]
    gone: tuple[Understood, ...]
    are_goods_others: bool
    suppliers: tuple[tuple[int, ...], tuple[int, ...]] | None


@dataclass(frozen=True, slots=True)
class Rereading:
    """How many requests have the word, how many of them were read before the time was up, and those that change."""

    found: int
    looked_at: int
    changed: tuple[Reread, ...]


def reread(session: Session, name: str, then: Lexicon, seconds: float = _SECONDS) -> Rereading:
    """The newest requests with the words of ``name`` in them, by the lexicon in use and by ``then``; at most
    `MOST_REREAD`, and no further one once ``seconds`` are over. Only reads.

    Suppliers are ranked by the model that serves, over the offers as they are read today.
    """
    rows = list(
        session.scalars(
            select(Rfq)
            .where(Rfq.state.in_(_STANDING), *_has_words(name))
            .order_by(Rfq.id.desc())
            .limit(MOST_REREAD)
            .options(selectinload(Rfq.lines))
        )
    )
    until, looked_at, changed = monotonic() + seconds, 0, list[Reread]()
    for rfq in rows:
        if looked_at and monotonic() > until:
            break
        found = _reread(session, rfq, then, until)
        looked_at += 1
        if found is not None:
            changed.append(found)
    return Rereading(len(rows), looked_at, tuple(changed))


def _has_words(name: str) -> Iterable[ColumnElement[bool]]:
    """Each word of a name is in the request's words or in those of one of its lines."""
    for word in name.split():
        yield or_(
            Rfq.text.icontains(word, autoescape=True),
            Rfq.lines.any(RfqLine.description.icontains(word, autoescape=True)),
        )


def _reread(session: Session, rfq: Rfq, then: Lexicon, until: float) -> Reread | None:
    before, after = profile_of(rfq), profile_of(rfq, then)
    read_now, read_then = _said(before), _said(after)
    come = tuple(chip for said, chip in read_then.items() if said not in read_now)
    gone = tuple(chip for said, chip in read_now.items() if said not in read_then)
    are_others = _goods(before) != _goods(after)
    if not come and not gone and not are_others:
        return None
    is_asked = are_others and monotonic() < until
    return Reread(rfq, come, gone, are_others, _first(session, before, after) if is_asked else None)


def _said(profile: RequestProfile) -> dict[tuple[str, str, str], Understood]:
    """What was read, whatever the words it was read from."""
    return {(each.kind, each.value, each.stance): each for each in profile.understood}


def _goods(profile: RequestProfile) -> list[tuple[str, ...]]:
    return [each.goods for each in profile.lines or (profile,)]


def _first(
    session: Session, before: RequestProfile, after: RequestProfile
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    now, then = recommended(session, before, SHOWN), recommended(session, after, SHOWN)
    if now is None or then is None:
        return None
    ours, theirs = (tuple(int(match.offer) for match in each[0].matches) for each in (now, then))
    return ours, theirs
