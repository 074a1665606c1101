"""Several sellers answer one line together: offered, agreed and left shares, frozen in the version that is sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import is_blocked
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.kernel.money import Money
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.quotes.events import ShareAnswered, ShareOffered
from marketplace.quotes.models import Deal, QuotePool, QuoteShare, QuoteVersion
from marketplace.quotes.queries.goods import commodity_of, goods_contents
from marketplace.quotes.queries.pooling import pool_of, pool_of_share, share_of
from marketplace.quotes.rules import SHARE_MOVES, TAKING, ShareState, plain
from marketplace.quotes.services.coordinating import put_forward, require_seen
from marketplace.quotes.services.holding import Held, held_by_seller, held_by_writer, held_of_pool, require_quotable
from marketplace.quotes.services.promising import require_room
from marketplace.quotes.services.writing import checked_amount
from marketplace.rfqs.models import RfqLine
from marketplace.rfqs.policies import can_be_asked
from marketplace.rfqs.services.limiting import spend_message
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class PoolDraft:
    """How a pool begins: which line, what the seller makes, the currency of shares, one specification, and the
    chapter that is to coordinate it, which may write the specification itself."""

    rfq_line_id: int
    specification: str
    currency: str
    own: Decimal | None = None
    coordinator_id: int | None = None


def start_pool(session: Session, actor: Actor, key: str, draft: PoolDraft) -> QuotePool:
    """Begin a pool on one's own lead, once. `Conflict` for a second one, or where nothing can be quoted any more."""
    held = held_by_seller(session, actor, key)
    require_quotable(session, held)
    if pool_of(session, held.recipient.id) is not None:
        raise Conflict(_("There is a pool for this lead already. Open it to see how it stands."))
    line = next((one for one in held.rfq.lines if one.id == draft.rfq_line_id), None)
    if line is None or line.quantity is None or not line.unit:
        raise DomainError(_("Choose a line for which the buyer names a quantity."))
    words = cleaned(draft.specification, 5000)
    if not words and draft.coordinator_id is None:
        raise DomainError(_("Write the specification that holds for all members."))
    if draft.currency not in CURRENCIES:
        raise DomainError(_("Choose the currency from the list."))
    own = checked_amount(draft.own)
    if own is not None and own >= line.quantity:
        raise DomainError(_("You can make all of it yourself, so there is nothing to share."))
    pool = QuotePool(
        recipient_id=held.recipient.id,
        rfq_line_id=line.id,
        commodity=_commodity(session, line),
        wanted=line.quantity,
        unit=line.unit,
        own=own,
        currency=draft.currency,
        specification=words,
        created_at=now(),
        shares=[],
    )
    session.add(pool)
    session.flush()  # the audit names it
    audit(session, actor, "pool.started", f"pool:{pool.id}")
    if draft.coordinator_id is not None:
        put_forward(session, actor, held, pool, draft.coordinator_id)
    return pool


def offer_share(
    session: Session,
    actor: Actor,
    key: str,
    product_id: int,
    quantity: Decimal | None,
    unit_price: Decimal | None,
    version: int,
) -> QuoteShare:
    """Ask another seller to make a part by the specification that was read; who declined or left may be asked again."""
    held, pool = written_pool(session, actor, key)
    require_seen(pool, version)
    if not pool.specification:
        raise DomainError(_("Write the specification that holds for all members."))
    amount, price = checked_amount(quantity), checked_amount(unit_price)
    if amount is None or price is None:
        raise DomainError(_("Give quantity and price of the share."))
    row = session.execute(
        select(Product, Seller, Organisation)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Product.id == product_id, Product.state == ListingState.LISTED, can_be_asked())
    ).first()
    if row is None or row[0].commodity != pool.commodity or row[1].id == held.seller.id:
        raise DomainError(_("Choose a seller of the same goods from the list."))
    product, member, _organisation = row
    for other in {held.seller.organisation_id, held.rfq.buyer_id, actor.organisation_id or 0}:
        if is_blocked(session, other, member.organisation_id):
            raise Forbidden(_("This seller cannot take part."))
    taken = sum((one.quantity for one in pool.shares if _takes(one) and one.seller_id != member.id), pool.own or 0)
    if taken + amount > pool.wanted:
        raise DomainError(_("The shares are more than the buyer asks for. Make this one smaller."))
    _in_product(pool, amount, product)
    spend_message(session, actor.organisation_id or held.seller.organisation_id)
    share = next((one for one in pool.shares if one.seller_id == member.id), None)
    if share is None:
        share = QuoteShare(key=new_public_key(), seller_id=member.id, state=ShareState.INVITED)
        pool.shares.append(share)
    else:
        share.state = advance(ShareState(share.state), ShareState.INVITED, SHARE_MOVES)
    share.product_id, share.quantity, share.unit_price = product.id, amount, price
    share.is_named, share.answered_at = False, None
    session.flush()  # the event needs the key
    record(session, ShareOffered(share_id=share.id))
    return share


def take_back_share(session: Session, actor: Actor, key: str, share_key: str, version: int) -> QuoteShare:
    """The coordinator goes on without a member, as long as nothing is agreed with the buyer.

    `Conflict` where the member has answered or changed since it was read.
    """
    held, pool = written_pool(session, actor, key)
    share = next((one for one in pool.shares if one.key == share_key), None)
    if share is None:
        raise NotFound
    _require_not_sold(session, held)
    _require_seen(share, version)
    share.state = advance(ShareState(share.state), ShareState.LEFT, SHARE_MOVES)
    return share


def answer_share(
    session: Session, actor: Actor, share_key: str, version: int, *, agrees: bool, is_named: bool = False
) -> QuoteShare:
    """A member agrees to what it was shown, or declines. Its calendar must have room; it is promised at acceptance."""
    held, pool, share = _member(session, actor, share_key)
    _require_seen(share, version)
    if agrees:
        if not held.is_open:
            raise Conflict(_("The request behind this pool is over."))
        product = session.get_one(Product, share.product_id)
        amount = _in_product(pool, share.quantity, product)
        require_room(session, product, amount, held.rfq.needed_by, held.quote.id if held.quote else 0)
    share.state = advance(ShareState(share.state), ShareState.AGREED if agrees else ShareState.DECLINED, SHARE_MOVES)
    share.is_named, share.answered_at = agrees and is_named, now()
    audit(session, actor, f"share.{share.state}", f"share:{share.id}")
    record(session, ShareAnswered(share_id=share.id))
    return share


def leave_pool(session: Session, actor: Actor, share_key: str, version: int) -> QuoteShare:
    """A member takes its word back, until the buyer has accepted. A quote that names it cannot be accepted then."""
    held, _pool, share = _member(session, actor, share_key)
    _require_not_sold(session, held)
    _require_seen(share, version)
    share.state = advance(ShareState(share.state), ShareState.LEFT, SHARE_MOVES)
    share.answered_at = now()
    audit(session, actor, "share.left", f"share:{share.id}")
    record(session, ShareAnswered(share_id=share.id))
    return share


def frozen_shares(session: Session, recipient_id: int, row: QuoteVersion) -> list[dict[str, Any]]:
    """What the members of the lead's pool make of ``row``, as it is kept in it; `DomainError` where it does not fit.

    Each has ``share_id``, ``rfq_line_id``, ``seller_id``, ``product_id``, ``quantity``, ``unit``, ``unit_price``,
    ``is_named`` and ``amount_minor``: what the coordinator pays the member, in the version's currency.
    """
    pool = pool_of(session, recipient_id)
    agreed = [one for one in pool.shares if one.state == ShareState.AGREED] if pool is not None else []
    if pool is None or not agreed:
        return []
    if pool.currency != row.currency:
        raise DomainError(_("Quote in %(currency)s, in which the shares were agreed.", currency=pool.currency))
    found = [
        {
            "share_id": one.id,
            "rfq_line_id": pool.rfq_line_id,
            "seller_id": one.seller_id,
            "product_id": one.product_id,
            "quantity": plain(one.quantity),
            "unit": pool.unit,
            "unit_price": plain(one.unit_price),
            "is_named": one.is_named,
            "amount_minor": Money.rounded(one.quantity * one.unit_price, pool.currency).minor,
        }
        for one in agreed
    ]
    if not shares_fit(row, found, pool.commodity):
        raise DomainError(_("The agreed shares are more than this quote offers, in quantity or in price."))
    return found


def require_members(session: Session, row: QuoteVersion) -> None:
    """Go on if everybody behind a version still stands by its share; `Conflict` otherwise. Locks the shares."""
    shares = row.shares or []
    if not shares:
        return
    rows = session.execute(
        select(QuoteShare, QuotePool.commodity)
        .join(QuotePool, QuotePool.id == QuoteShare.pool_id)
        .join(Seller, Seller.id == QuoteShare.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(QuoteShare.id.in_([one["share_id"] for one in shares]), can_be_asked())
        .with_for_update(of=QuoteShare)
        .execution_options(populate_existing=True)
    ).all()
    standing = {
        one.id: (plain(one.quantity), plain(one.unit_price)) for one, _goods in rows if one.state == ShareState.AGREED
    }
    if any(standing.get(one["share_id"]) != (one["quantity"], one["unit_price"]) for one in shares):
        raise Conflict(_("One of the sellers behind this quote has left. A new version is needed."))
    if not shares_fit(row, shares, rows[0][1]):
        raise Conflict(_("The members of the pool were promised more than this version holds. Send a new version."))


def shares_fit(row: QuoteVersion, shares: list[dict[str, Any]], commodity: str) -> bool:
    """Whether the line of a version holds the quantity and the money of its shares."""
    line = next((one for one in row.lines if one.rfq_line_id == shares[0]["rfq_line_id"]), None)
    if line is None or line.quantity is None:
        return False
    try:
        offered = Quantity(line.quantity, line.unit).to(shares[0]["unit"], goods_contents(None, commodity)).amount
    except (UnitMismatch, ValueError):
        return False
    quantity = sum((Decimal(one["quantity"]) for one in shares), Decimal(0))
    return quantity <= offered and sum(one["amount_minor"] for one in shares) <= line.amount_minor


def written_pool(session: Session, actor: Actor, key: str) -> tuple[Held, QuotePool]:
    """The pool of a lead that may be quoted, held for who writes it; `NotFound` for anybody else, and without one."""
    held = held_by_writer(session, actor, key)
    require_quotable(session, held)
    pool = pool_of(session, held.recipient.id)
    if pool is None:
        raise NotFound
    return held, pool


def _member(session: Session, actor: Actor, share_key: str) -> tuple[Held, QuotePool, QuoteShare]:
    found = share_of(session, actor, share_key)
    held = held_of_pool(session, pool_of_share(session, found).recipient_id)
    share = session.scalars(
        select(QuoteShare)
        .where(QuoteShare.id == found.id)
        .with_for_update(of=QuoteShare)
        .execution_options(populate_existing=True)
    ).one()
    return held, session.get_one(QuotePool, share.pool_id), share


def _require_seen(share: QuoteShare, version: int) -> None:
    if share.version != version:
        raise Conflict(_("This share has changed meanwhile. Reload the page to see how it stands now."))


def _require_not_sold(session: Session, held: Held) -> None:
    if session.scalar(select(Deal.id).where(Deal.recipient_id == held.recipient.id)) is not None:
        raise Conflict(_("The buyer has accepted, so this share stands. Talk to each other."))


def _takes(share: QuoteShare) -> bool:
    return ShareState(share.state) in TAKING


def _commodity(session: Session, line: RfqLine) -> str:
    product = session.get(Product, line.product_id) if line.product_id is not None else None
    commodity = product.commodity if product is not None else line.commodity
    if commodity_of(commodity) is None:
        raise DomainError(_("The goods of this line are not known well enough to find others who make them."))
    return commodity


def _in_product(pool: QuotePool, quantity: Decimal, product: Product) -> Decimal:
    """The quantity in the product's own unit."""
    try:
        return Quantity(quantity, pool.unit).to(product.unit, goods_contents(product, pool.commodity)).rounded().amount
    except (UnitMismatch, ValueError):
        raise DomainError(_("This seller counts the goods in a unit that does not convert.")) from None
