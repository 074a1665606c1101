"""A quote held for change: request first, then lead, then quote, so that nobody waits for each other in a circle."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.accounts.queries import is_blocked
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, Forbidden, NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared, Raw
from marketplace.kernel.uow import keep
from marketplace.quotes.models import Quote, QuoteLine, QuotePool, QuotePromise, QuoteVersion
from marketplace.quotes.policies import (
    mentored_by,
    named_to_coordinate,
    quoted_by,
    waits_for_mentor,
    written_by,
)
from marketplace.quotes.rules import UNSENT
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.policies import owner_of
from marketplace.rfqs.rules import COMMITTED, LIVE, RecipientState, RfqState, is_answerable
from marketplace.sellers.models import Seller

# made once: putting them together costs as much as asking them, and an acceptance asks all of them
# the condition is that of `policies.bought_by`
_OF_BUYER = Prepared(
    select(Recipient.id, Recipient.rfq_id)
    .join(Recipient.rfq)
    .where(Rfq.key == bindparam("key"), Recipient.key == bindparam("recipient_key"), Rfq.buyer_id == bindparam("owner"))
)
_FRESH = {"populate_existing": True}
_RFQ = select(Rfq).where(Rfq.id == bindparam("key")).with_for_update(of=Rfq).execution_options(**_FRESH)
_RFQ_WITH_LINES = _RFQ.options(selectinload(Rfq.lines))
_RECIPIENT = (
    select(Recipient).where(Recipient.id == bindparam("key")).with_for_update(of=Recipient).execution_options(**_FRESH)
)
_QUOTE = (
    select(Quote).where(Quote.recipient_id == bindparam("key")).with_for_update(of=Quote).execution_options(**_FRESH)
)
_VERSIONS = select(QuoteVersion).with_for_update(of=QuoteVersion).execution_options(**_FRESH)
_VERSION = _VERSIONS.where(QuoteVersion.id == bindparam("version_id"))
_NUMBERED = _VERSIONS.where(QuoteVersion.quote_id == bindparam("quote_id"), QuoteVersion.number == bindparam("number"))
_LINES = (
    select(QuoteLine)
    .where(QuoteLine.version_id == bindparam("version_id"))
    .order_by(QuoteLine.position)
    .execution_options(**_FRESH)
)
_PROMISES = select(QuotePromise).where(QuotePromise.version_id == bindparam("version_id")).execution_options(**_FRESH)
_SELLER = (
    select(Seller)
    .where(Seller.id == bindparam("key"))
    .options(joinedload(Seller.organisation))
    .execution_options(**_FRESH)
)


@dataclass
class Held:
    """Rows that are locked in this transaction, as they are now; ``rfq`` with its lines where they are wanted."""

    rfq: Rfq
    recipient: Recipient
    seller: Seller
    quote: Quote | None

    @property
    def is_open(self) -> bool:
        """Whether the request still takes quotes and answers to them; its closing date counts before any job does."""
        return RfqState(self.rfq.state) in LIVE and now() <= self.rfq.closes_at

    def own_quote(self) -> Quote:
        """The quote; `NotFound` where none was begun."""
        if self.quote is None:
            raise NotFound
        return self.quote


def held_by_seller(session: Session, actor: Actor, key: str) -> Held:
    """The actor's own lead; `NotFound` for another seller's."""
    query = select(Recipient.id, Recipient.rfq_id).join(Recipient.rfq).join(Recipient.seller)
    return _held(session, session.execute(query.where(Recipient.key == key, quoted_by(actor))).first())


def held_by_writer(session: Session, actor: Actor, key: str) -> Held:
    """The actor's own lead, or one whose pool the actor's chapter coordinates; `NotFound` for any other."""
    query = select(Recipient.id, Recipient.rfq_id).join(Recipient.rfq).join(Recipient.seller)
    query = query.where(Recipient.key == key, written_by(actor))
    held = _held(session, session.execute(query).first())
    if actor.is_partner:
        if session.execute(query).first() is None:  # taken back while this waited for the lock
            raise NotFound
        require_welcome(session, held, actor.organisation_id or 0)
    return held


def held_by_named(session: Session, actor: Actor, key: str) -> Held:
    """A lead for whose pool the actor's chapter was named, agreed or not; `NotFound` for any other."""
    query = (
        select(Recipient.id, Recipient.rfq_id)
        .join(QuotePool, QuotePool.recipient_id == Recipient.id)
        .where(Recipient.key == key, named_to_coordinate(actor))
    )
    held = _held(session, session.execute(query).first())
    if session.execute(query).first() is None:  # another was named while this waited for the lock
        raise NotFound
    return held


def held_by_buyer(
    session: Session, actor: Actor, key: str, recipient_key: str, *, are_lines_wanted: bool = True
) -> Held:
    """The actor's own request with one of its sellers; `NotFound` for another company's."""
    found = _OF_BUYER.raw(session, key=key, recipient_key=recipient_key, owner=owner_of(actor))
    return _held(session, found[0] if found else None, are_lines_wanted=are_lines_wanted)


def held_of_pool(session: Session, recipient_id: int) -> Held:
    """The lead of a pool, for a member; whoever calls has checked that the share is theirs."""
    query = select(Recipient.id, Recipient.rfq_id).where(Recipient.id == recipient_id)
    return _held(session, session.execute(query).first())


def held_by_mentor(session: Session, actor: Actor, version_id: int) -> tuple[Held, QuoteVersion]:
    """A quote of the actor's charge that waits; `NotFound` for another mentor's, or where nothing waits any more."""
    found = session.execute(
        select(Quote.recipient_id, Quote.rfq_id)
        .join(QuoteVersion, QuoteVersion.quote_id == Quote.id)
        .join(Seller, Seller.id == Quote.seller_id)
        .where(QuoteVersion.id == version_id, mentored_by(actor))
    ).first()
    held = _held(session, found)
    waiting = select(QuoteVersion.id).join(QuoteVersion.quote).where(QuoteVersion.id == version_id, waits_for_mentor())
    if session.scalar(waiting) is None:
        raise Conflict(_("This quote does not wait any more."))
    return held, version_held(session, version_id)


def version_held(session: Session, version_id: int) -> QuoteVersion:
    """One version of a held quote, locked, with its lines."""
    return _version(session, _VERSION, version_id=version_id)


def _version(session: Session, query: Select[QuoteVersion], **named: int) -> QuoteVersion:
    row = session.scalars(query, named).one_or_none()
    if row is None:
        raise NotFound
    # asked for by their key alone, which costs half of what a loader of the mapper does
    set_committed_value(row, "lines", session.scalars(_LINES, {"version_id": row.id}).all())
    set_committed_value(row, "promises", session.scalars(_PROMISES, {"version_id": row.id}).all())
    keep(session, row)
    return row


def unsent_held(session: Session, quote: Quote) -> QuoteVersion | None:
    """The version that the seller still writes, or that waits for the mentor."""
    query = select(QuoteVersion.id).where(QuoteVersion.quote_id == quote.id, QuoteVersion.state.in_(UNSENT))
    key = session.scalar(query)
    return None if key is None else version_held(session, key)


def numbered(session: Session, quote: Quote, number: int) -> QuoteVersion:
    """The version that was sent under this number; `NotFound` where there is none."""
    return _version(session, _NUMBERED, quote_id=quote.id, number=number)


def require_welcome(session: Session, held: Held, organisation_id: int) -> None:
    """Go on if neither the seller nor the buyer and this coordinator have blocked each other; `Forbidden` else."""
    if any(is_blocked(session, party, organisation_id) for party in (held.rfq.buyer_id, held.seller.organisation_id)):
        raise Forbidden(_("This market partner cannot take part."))


def require_active(held: Held) -> None:
    """Go on unless the seller is suspended, whoever writes or accepts for them; `Conflict` says so."""
    if held.seller.organisation.suspended_at is not None:
        raise Conflict(_("This seller is suspended, so nothing can be quoted or agreed with them now."))


def require_quotable(session: Session, held: Held) -> None:
    """Go on if this seller may quote now; `Conflict` says why not."""
    require_active(held)
    if not held.is_open:
        raise Conflict(_("This request is not open any more, so nothing can be quoted."))
    state = RecipientState(held.recipient.state)
    if state not in COMMITTED and not is_answerable(RfqState(held.rfq.state), state):
        raise Conflict(_("This lead was answered or closed meanwhile. Open it to see how it stands now."))
    if is_blocked(session, held.rfq.buyer_id, held.seller.organisation_id):
        raise Forbidden(_("You and this party cannot write to each other, because one side has blocked the other."))


def _held(session: Session, found: Row[int, int] | Raw | None, *, are_lines_wanted: bool = True) -> Held:
    if found is None:
        raise NotFound
    recipient_id, rfq_id = found
    rfq = session.scalars(_RFQ_WITH_LINES if are_lines_wanted else _RFQ, {"key": rfq_id}).one()
    recipient = session.scalars(_RECIPIENT, {"key": recipient_id}).one()
    quote = session.scalar(_QUOTE, {"key": recipient_id})
    seller = session.scalars(_SELLER, {"key": recipient.seller_id}).one()
    keep(session, rfq, recipient, seller, quote)
    return Held(rfq, recipient, seller, quote)
