"""A chapter coordinates a seller's pool: named by the seller, agreed by the chapter, ended by either."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned
from marketplace.quotes.events import CoordinationEnded, CoordinatorAgreed, CoordinatorNamed
from marketplace.quotes.models import QuotePool
from marketplace.quotes.queries.coordinating import chapters_to_name
from marketplace.quotes.queries.pooling import frozen_version, pool_of
from marketplace.quotes.rules import TAKING, ShareState
from marketplace.quotes.services.holding import (
    Held,
    held_by_named,
    held_by_seller,
    held_by_writer,
    require_quotable,
    require_welcome,
)
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.policies import knows_buyer


def name_coordinator(session: Session, actor: Actor, key: str, organisation_id: int, version: int) -> QuotePool:
    """The seller asks a chapter to coordinate its pool. `Conflict` while one is named already, or it has changed."""
    held = held_by_seller(session, actor, key)
    require_quotable(session, held)
    pool = _pool(session, held)
    require_seen(pool, version)
    put_forward(session, actor, held, pool, organisation_id)
    return pool


def put_forward(session: Session, actor: Actor, held: Held, pool: QuotePool, organisation_id: int) -> None:
    """Name a chapter in a held pool: one that brought the buyer, the seller or a member; `DomainError` for others."""
    if pool.coordinator_id is not None:
        raise Conflict(_("A market partner was named already. Open the pool to see how it stands."))
    parties = known_parties(held.recipient, held.rfq.buyer_id, held.seller.organisation_id)
    if organisation_id not in {one for one, _name in chapters_to_name(session, pool.id, parties)}:
        raise DomainError(_("Choose a market partner who works with the buyer or with a member."))
    require_welcome(session, held, organisation_id)
    pool.coordinator_id, pool.coordinator_agreed_at = organisation_id, None
    audit(session, actor, "pool.coordinator_named", f"pool:{pool.id}")
    record(session, CoordinatorNamed(pool_id=pool.id))


def known_parties(recipient: Recipient, buyer_id: int, organisation_id: int) -> tuple[int, ...]:
    """Whose chapters a seller may name: their own, and the buyer's once the seller may know who buys."""
    return (buyer_id, organisation_id) if knows_buyer(recipient) else (organisation_id,)


def agree_to_coordinate(session: Session, actor: Actor, key: str, version: int) -> QuotePool:
    """The chapter says yes to what it read. `Conflict` where that has changed, or nothing can be quoted any more."""
    held = held_by_named(session, actor, key)
    pool = _pool(session, held)
    if pool.coordinator_agreed_at is not None:
        raise Conflict(_("You coordinate this pool already."))
    require_seen(pool, version)
    require_quotable(session, held)
    require_welcome(session, held, actor.organisation_id or 0)
    pool.coordinator_agreed_at = now()
    audit(session, actor, "pool.coordinator_agreed", f"pool:{pool.id}")
    record(session, CoordinatorAgreed(pool_id=pool.id))
    return pool


def hand_back(session: Session, actor: Actor, key: str, version: int) -> None:
    """The chapter declines, or hands the pool back to the seller; what was agreed and sent stands."""
    _end(session, actor, _pool(session, held_by_named(session, actor, key)), version, is_by_seller=False)


def take_over(session: Session, actor: Actor, key: str, version: int) -> None:
    """The seller coordinates again; what was agreed and sent stands."""
    _end(session, actor, _pool(session, held_by_seller(session, actor, key)), version, is_by_seller=True)


def write_specification(session: Session, actor: Actor, key: str, text: str, version: int) -> QuotePool:
    """Another specification for all. `Conflict` once somebody was asked or quoted by it, or it has changed."""
    held = held_by_writer(session, actor, key)
    require_quotable(session, held)
    pool = _pool(session, held)
    require_seen(pool, version)
    if any(ShareState(one.state) in TAKING for one in pool.shares):
        raise Conflict(_("Members were asked by this specification, so it stays as it is. Free their shares first."))
    if frozen_version(session, pool, None) is not None:  # papers of that version name it
        raise Conflict(_("A quote was sent by this specification, so it stays as it is."))
    words = cleaned(text, 5000)
    if not words:
        raise DomainError(_("Write the specification that holds for all members."))
    pool.specification = words
    audit(session, actor, "pool.specified", f"pool:{pool.id}")
    return pool


def _pool(session: Session, held: Held) -> QuotePool:
    pool = pool_of(session, held.recipient.id)
    if pool is None:
        raise NotFound
    return pool


def require_seen(pool: QuotePool, version: int) -> None:
    """Go on if the pool is as its reader saw it: specification, coordinator and their word; `Conflict` otherwise."""
    if pool.version != version:
        raise Conflict(_("This pool has changed meanwhile. Reload the page to see how it stands now."))


def _end(session: Session, actor: Actor, pool: QuotePool, version: int, *, is_by_seller: bool) -> None:
    if pool.coordinator_id is None:
        raise Conflict(_("This pool has no coordinator any more."))
    require_seen(pool, version)
    record(session, CoordinationEnded(pool.id, pool.coordinator_id, is_by_seller))
    pool.coordinator_id = pool.coordinator_agreed_at = None
    audit(session, actor, "pool.coordination_ended", f"pool:{pool.id}")
