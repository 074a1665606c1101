"""Sellers make, change and withdraw offers; agreements take of them; the clock marks those that opened or ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.rules.trade import LARGEST_NUMBER, Rung
from marketplace.catalogue.services.trade import normal_rungs, rung_problems
from marketplace.closures.rules import Span, day_there, midnight
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, OrganisationKind, refused, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.text import cleaned
from marketplace.offers.events import OfferChanged, OfferEnded, OfferMade, OfferTurned
from marketplace.offers.measuring import in_unit
from marketplace.offers.models import OfferBuyer, OfferPrice, SpotOffer
from marketplace.offers.queries import count_open, own_offer
from marketplace.offers.rules import (
    LONGEST_DAYS,
    MOST_BUYERS,
    MOST_OPEN,
    MOST_PRICES,
    NOTE_LENGTH,
    OfferKind,
    OfferState,
    Visibility,
)

_SIX_PLACES = Decimal("0.000001")
_OVER = frozenset({OfferState.PAST, OfferState.WITHDRAWN})


@dataclass(frozen=True)
class OfferDraft:
    """What a seller says of an offer. ``closes_on`` is its last day; ``buyers`` are keys of companies, for a private
    one; ``ship_month`` is the first day of its month."""

    kind: str
    visibility: str
    quantity: Decimal
    unit: str
    rungs: tuple[Rung, ...]
    opens_on: date
    closes_on: date
    is_firm: bool = True
    lot: str = ""
    ship_month: date | None = None
    note: str = ""
    buyers: tuple[int, ...] = ()


def make_offer(session: Session, actor: Actor, slug: str, draft: OfferDraft) -> SpotOffer:
    """Offer a lot of an own product that is on the market. `DomainError` names what cannot stand."""
    require(_may_offer(actor))
    product = own_product(session, actor, slug)
    if product.state != ListingState.LISTED:
        raise DomainError(_("Only goods on the market can be offered. Publish the product first."))
    if count_open(session, product.seller_id) >= MOST_OPEN:
        raise DomainError(_("Up to %(count)s offers can be open. Withdraw one first.", count=MOST_OPEN))
    offer = SpotOffer(
        key=new_public_key(),
        product_id=product.id,
        seller_id=product.seller_id,
        taken=Decimal(0),
        created_by_id=actor.user_id,
        created_at=now(),
        prices=[],
        buyers=[],
    )
    _apply(session, offer, product, draft)
    session.add(offer)
    session.flush()  # the events name it
    _audited_offer(session, actor, offer, "offer.made")
    _tell_named(session, offer)
    return offer


def change_offer(session: Session, actor: Actor, key: str, version: int, draft: OfferDraft) -> SpotOffer:
    """Say something else of an offer that is not over. Firm prices of an open one stay as buyers read them."""
    require(_may_offer(actor))
    offer = _to_change(session, actor, key, version)
    is_open = offer.state(now()) is OfferState.CURRENT
    before = {(one.rung, one.unit) for one in offer.prices}
    was_firm, opened, shown = offer.is_firm, offer.opens_at, offer.visibility
    _apply(session, offer, offer.product, draft, opens_at=opened if is_open else None)
    if is_open and was_firm and (not offer.is_firm or {(one.rung, one.unit) for one in offer.prices} != before):
        raise Conflict(_("The prices of this offer are firm until it ends. Withdraw it and make a new one."))
    if is_open and shown == Visibility.PUBLIC and offer.visibility == Visibility.PRIVATE:
        raise Conflict(_("Everybody has read this offer already. Withdraw it and make a private one."))
    session.flush()  # who is told depends on it
    _audited_offer(session, actor, offer, "offer.changed")
    _tell_named(session, offer)
    return offer


def withdraw_offer(session: Session, actor: Actor, key: str, version: int) -> None:
    """Nobody can ask about the offer any more; quotes that stand go on to their own end."""
    require(_may_offer(actor))
    offer = _to_change(session, actor, key, version)
    offer.withdrawn_at, offer.is_end_noted = now(), True
    _audited_offer(session, actor, offer, "offer.withdrawn")


def take(session: Session, offer: SpotOffer, amount: Decimal) -> None:
    """An agreement takes ``amount`` (in the offer's unit) of a held offer. `Conflict` where less is left."""
    if amount > offer.left:
        raise Conflict(_("Less of the offered lot is left than this quote needs. Ask for a new quote."))
    offer.taken += amount
    record(session, OfferChanged(offer.id, offer.product_id))
    if offer.taken == offer.quantity and not offer.is_end_noted:
        offer.is_end_noted = True
        record(session, OfferEnded(offer.id))


def note_turns(session: Session, most: int = 100) -> int:
    """Mark and tell of offers whose window opened or closed by the clock; gives how many."""
    moment = now()
    opened = (SpotOffer.opens_at <= moment) & SpotOffer.is_open_noted.is_(False)
    rows = session.scalars(
        select(SpotOffer)
        .where(SpotOffer.is_end_noted.is_(False), or_(opened, SpotOffer.closes_at <= moment))
        .options(selectinload(SpotOffer.buyers))
        .order_by(SpotOffer.id)
        .limit(most)
        .with_for_update(of=SpotOffer, skip_locked=True)
    ).all()
    for offer in rows:
        offer.is_open_noted = True
        record(session, OfferTurned(offer.id, offer.product_id))
        _tell_named(session, offer)
        if offer.closes_at <= moment:
            offer.is_end_noted = True
            record(session, OfferEnded(offer.id))
    return len(rows)


def _may_offer(actor: Actor) -> Decision:
    if not actor.is_seller or actor.organisation_id is None:
        return HIDDEN
    if actor.is_suspended:
        return refused(_("Your organisation is suspended. Nothing can be offered now."))
    return ALLOWED


def _to_change(session: Session, actor: Actor, key: str, version: int) -> SpotOffer:
    offer = own_offer(session, actor, key, is_locked=True)
    if offer.version != version:
        raise Conflict(_("Somebody changed this offer meanwhile, or some of it was taken. Look at it again."))
    if offer.state(now()) in _OVER:
        raise Conflict(_("This offer is over. Make a new one."))
    return offer


def _apply(
    session: Session, offer: SpotOffer, product: Product, draft: OfferDraft, opens_at: datetime | None = None
) -> None:
    if draft.kind not in set(OfferKind) or draft.visibility not in set(Visibility):
        raise DomainError(_("Choose from the lists."))
    unit = UNITS.get(draft.unit)
    if unit is None or not unit.is_trade or unit.dimension is Dimension.CONTAINER:
        raise DomainError(_("Choose a unit of trade, for example kg, bag or piece."))
    if not 0 < draft.quantity <= LARGEST_NUMBER or draft.quantity != draft.quantity.quantize(_SIX_PLACES):
        raise DomainError(_("Give a quantity above zero and at most one thousand million."))
    if offer.taken and draft.unit != offer.unit:
        raise Conflict(_("Some of this offer is taken, so its unit stays."))
    if draft.quantity < (offer.taken or 0):
        raise Conflict(_("More than that is taken already. Give a larger quantity, or withdraw the offer."))
    begins, ends = _window(draft, opens_at)
    if draft.kind == OfferKind.FORWARD and draft.ship_month is None:
        raise DomainError(_("Say in which month the goods will be ready for shipment."))
    offer.quantity, offer.unit, offer.kind, offer.visibility = draft.quantity, draft.unit, draft.kind, draft.visibility
    offer.is_firm, offer.ship_month = draft.is_firm, draft.ship_month and draft.ship_month.replace(day=1)
    offer.lot, offer.note = cleaned(draft.lot, 80), cleaned(draft.note, NOTE_LENGTH)
    offer.opens_at, offer.closes_at, offer.changed_at = begins, ends, now()
    offer.is_open_noted = begins <= now()
    _apply_prices(offer, product, draft)
    _apply_buyers(session, offer, draft)


def _window(draft: OfferDraft, opens_at: datetime | None) -> Span:
    """From the first day's midnight (or ``opens_at``, of an offer that is open) to the one after the last day."""
    today = day_there(now())
    first = draft.opens_on if opens_at is None else day_there(opens_at)
    if draft.closes_on < max(first, today):
        raise DomainError(_("The last day lies before the first, or has passed. Check both."))
    if (draft.closes_on - today).days > 3 * 366:  # before any moment is made of it: calendars end
        raise DomainError(_("Choose days within the next three years."))
    if (draft.closes_on - first).days >= LONGEST_DAYS:
        raise DomainError(_("An offer is open for at most a year."))
    return opens_at or midnight(first), midnight(draft.closes_on + timedelta(days=1))


def _apply_prices(offer: SpotOffer, product: Product, draft: OfferDraft) -> None:
    if not draft.rungs:
        raise DomainError(_("Give at least one price with its Incoterm and place."))
    if len(draft.rungs) > MOST_PRICES:
        raise DomainError(_("Up to %(count)s prices are possible.", count=MOST_PRICES))
    for sentence in rung_problems(draft.rungs).values():
        raise DomainError(sentence)
    rungs = normal_rungs(draft.rungs)
    for rung in rungs:
        if in_unit(Decimal(1), rung.unit, offer.unit, product) is None:
            raise DomainError(_("The price's unit and the quantity's do not convert. Use the same unit for both."))
    held = {(one.incoterm, one.place, one.currency, one.min_quantity): one for one in offer.prices}
    prices = []
    for position, rung in enumerate(rungs):
        row = held.get((rung.incoterm, rung.place, rung.currency, rung.min_quantity)) or OfferPrice(
            incoterm=rung.incoterm, place=rung.place, currency=rung.currency, min_quantity=rung.min_quantity
        )
        row.position, row.unit, row.unit_price = position, rung.unit, rung.unit_price
        prices.append(row)
    offer.prices = prices


def _apply_buyers(session: Session, offer: SpotOffer, draft: OfferDraft) -> None:
    wanted = set(draft.buyers) if draft.visibility == Visibility.PRIVATE else set()
    if draft.visibility == Visibility.PRIVATE and not wanted:
        raise DomainError(_("Choose at least one buyer for a private offer."))
    if len(wanted) > MOST_BUYERS:
        raise DomainError(_("A private offer names up to %(count)s buyers.", count=MOST_BUYERS))
    known = set(
        session.scalars(
            select(Organisation.id).where(Organisation.id.in_(wanted), Organisation.kind == OrganisationKind.BUYER)
        )
    )
    if known != wanted:
        raise DomainError(_("Choose the buyers from the list."))
    kept = [one for one in offer.buyers if one.organisation_id in wanted]
    held = {one.organisation_id for one in kept}
    offer.buyers = [*kept, *(OfferBuyer(organisation_id=key) for key in sorted(wanted - held))]


def _audited_offer(session: Session, actor: Actor, offer: SpotOffer, what: str) -> None:
    audit(session, actor, what, f"offer:{offer.key}")
    record(session, OfferChanged(offer.id, offer.product_id))


def _tell_named(session: Session, offer: SpotOffer) -> None:
    """Named buyers learn of an offer that is open; the clock tells of one that opens later."""
    if offer.visibility == Visibility.PRIVATE and offer.state(now()) is OfferState.CURRENT:
        record(session, OfferMade(offer.id, tuple(sorted(one.organisation_id for one in offer.buyers))))
