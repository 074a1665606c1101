"""Pools: what their events tell members, the seller, and the chapter that coordinates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.notifications.handlers.rfqs import lead_of, tell_seller
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.quotes.events import (
    CoordinationEnded,
    CoordinatorAgreed,
    CoordinatorNamed,
    CoordinatorQuoted,
    DealAgreed,
    QuoteCountered,
    QuoteDeclined,
    QuoteEnding,
    QuoteReturned,
    QuoteWithdrawn,
    ShareAnswered,
    ShareOffered,
)
from marketplace.quotes.models import Deal, Quote, QuotePool, QuoteShare, QuoteVersion
from marketplace.quotes.rules import TAKING
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller


@on(ShareOffered)
def say_share_offered(session: Session, event: ShareOffered) -> None:
    """A seller learns that a share is theirs to make; of the request they learn the goods alone."""
    share, pool, seller = _share(session, event.share_id)
    _tell_member(session, share, pool, Kind.POOL_ASKED, f"share:{share.id}:{share.version}", {"seller": seller})


@on(ShareAnswered)
def say_share_answered(session: Session, event: ShareAnswered) -> None:
    """Who gathers the members learns of an answer, or that somebody left: the seller, and the chapter if one does."""
    share, pool, _seller = _share(session, event.share_id)
    about = f"share:{share.id}:{share.version}"
    lead = lead_of(session, pool.recipient_id)
    tell_seller(session, lead, Kind.POOL_ANSWERED, about, f"{lead.seller_path}/pool")
    _tell_coordinator(session, pool, Kind.POOL_NEWS, about)


@on(DealAgreed)
def tell_members(session: Session, event: DealAgreed) -> None:
    """The members behind the accepted version learn that their shares are sold, and their coordinator with them."""
    deal = session.get_one(Deal, event.deal_id)
    shares = session.get_one(QuoteVersion, deal.version_id).shares or []
    for one in shares:
        share, pool, seller = _share(session, one["share_id"])
        _tell_member(session, share, pool, Kind.POOL_AGREED, f"share:{share.id}:deal", {"seller": seller})
    if shares:
        _tell_coordinator_of(session, deal.recipient_id, f"deal:{deal.id}")


@on(QuoteCountered)
def tell_coordinator_of_counter(session: Session, event: QuoteCountered) -> None:
    """The chapter that writes the quote learns of a counter-offer."""
    _tell_coordinator_of_version(session, event.version_id, "countered")


@on(QuoteDeclined)
def tell_coordinator_of_no(session: Session, event: QuoteDeclined) -> None:
    """It learns of the buyer's no; the no to a counter-offer is the seller's own."""
    if session.get_one(QuoteVersion, event.version_id).author_side == Side.SELLER:
        _tell_coordinator_of_version(session, event.version_id, "declined")


@on(QuoteEnding)
def tell_coordinator_of_end(session: Session, event: QuoteEnding) -> None:
    """It learns that the validity ends soon."""
    _tell_coordinator_of_version(session, event.version_id, "ending")


@on(QuoteReturned)
def tell_coordinator_of_return(session: Session, event: QuoteReturned) -> None:
    """It learns that the mentor gave its version back, each time."""
    row = session.get_one(QuoteVersion, event.version_id)
    _tell_coordinator_of_version(session, row.id, f"returned:{row.changed_at:%Y%m%d%H%M%S}")


@on(QuoteWithdrawn)
def tell_coordinator_of_withdrawal(session: Session, event: QuoteWithdrawn) -> None:
    """It learns that the seller took a version back."""
    _tell_coordinator_of_version(session, event.version_id, "withdrawn")


@on(CoordinatorNamed)
def call_coordinator(session: Session, event: CoordinatorNamed) -> None:
    """The chapter learns that a seller asks it."""
    pool = session.get_one(QuotePool, event.pool_id)
    _tell_coordinator(session, pool, Kind.POOL_TO_COORDINATE, f"pool:{pool.id}:{pool.version}", is_agreed=False)


@on(CoordinatorAgreed)
def say_coordinated(session: Session, event: CoordinatorAgreed) -> None:
    """The seller learns that the chapter takes it on, and members who from now on reads their share."""
    pool = session.get_one(QuotePool, event.pool_id)
    about, named = f"pool:{pool.id}:{pool.version}", _organisation(session, pool.coordinator_id or 0)
    _tell_own_seller(session, pool, Kind.COORDINATOR_AGREED, about, named)
    shares = session.scalars(select(QuoteShare).where(QuoteShare.pool_id == pool.id, QuoteShare.state.in_(TAKING)))
    for share in shares.all():
        seller = _share(session, share.id)[2]
        context = {"seller": seller, "organisation": named}
        _tell_member(session, share, pool, Kind.POOL_HAS_COORDINATOR, f"{about}:{share.id}", context)


@on(CoordinationEnded)
def say_not_coordinated(session: Session, event: CoordinationEnded) -> None:
    """The other of the two learns that the seller coordinates again."""
    pool = session.get_one(QuotePool, event.pool_id)
    about = f"pool:{pool.id}:{pool.version}"
    if not event.is_by_seller:
        named = _organisation(session, event.organisation_id)
        _tell_own_seller(session, pool, Kind.COORDINATOR_GONE, about, named)
        return
    people = member_ids(session, event.organisation_id)
    notify(session, Kind.POOL_TAKEN_BACK, about, people, _context(session, pool), "/partner/pools")


@on(CoordinatorQuoted)
def say_coordinator_quoted(session: Session, event: CoordinatorQuoted) -> None:
    """The seller, who answers for it, learns that a version was sent in their name."""
    row = session.get_one(QuoteVersion, event.version_id)
    lead = lead_of(session, session.get_one(Quote, row.quote_id).recipient_id)
    about = f"quote_version:{row.id}:{row.changed_at:%Y%m%d%H%M%S}"
    tell_seller(session, lead, Kind.COORDINATOR_QUOTED, about, f"{lead.seller_path}/quote")


def _share(session: Session, share_id: int) -> tuple[QuoteShare, QuotePool, str]:
    found = session.execute(
        select(QuoteShare, QuotePool, Organisation.name)
        .join(QuotePool, QuotePool.id == QuoteShare.pool_id)
        .join(Recipient, Recipient.id == QuotePool.recipient_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(QuoteShare.id == share_id)
    ).one()
    return found[0], found[1], found[2]


def _tell_member(
    session: Session, share: QuoteShare, pool: QuotePool, kind: Kind, about: str, context: dict[str, Any]
) -> None:
    people = member_ids(session, session.get_one(Seller, share.seller_id).organisation_id)
    notify(session, kind, about, people, {**context, "commodity": pool.commodity}, f"/pools/{share.key}")


def _tell_own_seller(session: Session, pool: QuotePool, kind: Kind, about: str, organisation: str) -> None:
    lead = lead_of(session, pool.recipient_id)
    lead.context["organisation"] = organisation
    tell_seller(session, lead, kind, about, f"{lead.seller_path}/pool")


def _tell_coordinator_of_version(session: Session, version_id: int, what: str) -> None:
    quote = session.get_one(Quote, session.get_one(QuoteVersion, version_id).quote_id)
    _tell_coordinator_of(session, quote.recipient_id, f"quote_version:{version_id}:{what}")


def _tell_coordinator_of(session: Session, recipient_id: int, about: str) -> None:
    pool = session.scalar(select(QuotePool).where(QuotePool.recipient_id == recipient_id))
    if pool is not None:
        _tell_coordinator(session, pool, Kind.POOL_NEWS, about)


def _tell_coordinator(session: Session, pool: QuotePool, kind: Kind, about: str, *, is_agreed: bool = True) -> None:
    """Tell the chapter that was named, and where ``is_agreed``, only once it has agreed; of the goods alone."""
    if pool.coordinator_id is None or (is_agreed and pool.coordinator_agreed_at is None):
        return
    people = member_ids(session, pool.coordinator_id)
    key = session.get_one(Recipient, pool.recipient_id).key
    notify(session, kind, about, people, _context(session, pool), f"/partner/pools/{key}")


def _context(session: Session, pool: QuotePool) -> dict[str, Any]:
    """Goods by the commodity's name, and who sells; never the buyer, whose words a listing's title might echo."""
    seller = session.scalars(
        select(Organisation.name)
        .join(Seller, Seller.organisation_id == Organisation.id)
        .join(Recipient, Recipient.seller_id == Seller.id)
        .where(Recipient.id == pool.recipient_id)
    ).one()
    return {"seller": seller, "commodity": pool.commodity}


def _organisation(session: Session, key: int) -> str:
    return session.scalars(select(Organisation.name).where(Organisation.id == key)).one()
