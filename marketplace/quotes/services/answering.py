"""What comes back: accepted, declined, or countered line by line. Acceptance names a version and happens once."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import is_blocked
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.events import record
from marketplace.kernel.inserting import write_family
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.kernel.uow import keep
from marketplace.quotes.drafts import CounterDraft
from marketplace.quotes.events import DealAgreed, QuoteCountered, QuoteDeclined
from marketplace.quotes.models import OFFERED, Deal, DealLine, QuoteLine, QuoteVersion
from marketplace.quotes.queries.goods import products_by_key
from marketplace.quotes.rules import (
    BUYERS_REASONS,
    QUOTE_MOVES,
    STANDING,
    LineAnswer,
    QuoteDecline,
    QuoteState,
    Refusal,
    refusal,
)
from marketplace.quotes.services.holding import Held, held_by_buyer, held_by_seller, numbered, require_active
from marketplace.quotes.services.pooling import require_members
from marketplace.quotes.services.promising import promise
from marketplace.quotes.services.sending import release, require_validity
from marketplace.quotes.services.taking import take_offers
from marketplace.quotes.services.writing import checked_amount, count, end_of
from marketplace.rfqs.rules import MomentCode, RecipientState, RfqState, Side
from marketplace.rfqs.services import award_request
from marketplace.rfqs.services.limiting import spend_message
from marketplace.rfqs.services.timeline import note_moment

_COPIED = tuple(name for name in OFFERED if name not in {"author_side", "valid_until", "loading", "total_minor"})


def accept_quote(
    session: Session, actor: Actor, key: str, recipient_key: str, number: int, *, deal_key: str = ""
) -> Deal:
    """The buyer accepts this version, and no other: the request is agreed, everybody left over is told.

    ``deal_key`` names the deal where its address is to be known beforehand (see `kernel.public_keys`).

    Decided under the request's lock: the version stands and is current, its last second has not passed, the request is
    open and not agreed already, the seller's calendar still has room. Otherwise `Conflict` says which it was.
    """
    held = held_by_buyer(session, actor, key, recipient_key, are_lines_wanted=False)
    return _agree(session, actor, held, number, Side.BUYER, deal_key)


def accept_counter(session: Session, actor: Actor, key: str, number: int) -> Deal:
    """The seller accepts the buyer's counter-offer, by the same rules."""
    return _agree(session, actor, held_by_seller(session, actor, key), number, Side.SELLER)


def decline_quote(
    session: Session, actor: Actor, key: str, recipient_key: str, number: int, reason: QuoteDecline, note: str = ""
) -> QuoteVersion:
    """The buyer says no to a standing version and why; the seller may send a better one."""
    held = held_by_buyer(session, actor, key, recipient_key)
    if reason not in BUYERS_REASONS:
        raise DomainError(_("Choose a reason. The seller reads it."))
    return _decline(session, actor, held, number, Side.BUYER, reason, note)


def decline_counter(session: Session, actor: Actor, key: str, number: int, note: str = "") -> QuoteVersion:
    """The seller says no to the buyer's counter-offer; their own last version does not come back by itself."""
    held = held_by_seller(session, actor, key)
    return _decline(session, actor, held, number, Side.SELLER, QuoteDecline.SELLERS_NO, note)


def _decline(
    session: Session, actor: Actor, held: Held, number: int, side: Side, reason: QuoteDecline, note: str
) -> QuoteVersion:
    row = _standing(session, held, number)
    if row.author_side == side:
        raise Conflict(_sentence(Refusal.OWN))
    row.state = advance(QuoteState(row.state), QuoteState.DECLINED, QUOTE_MOVES)
    row.ended_at, row.decline_reason = now(), reason
    note_moment(
        session,
        held.rfq.id,
        MomentCode.QUOTE_DECLINED if side is Side.BUYER else MomentCode.COUNTER_DECLINED,
        side,
        recipient_id=held.recipient.id,
        note=note,
        author_id=actor.user_id,
    )
    record(session, QuoteDeclined(version_id=row.id))
    return row


def counter_quote(
    session: Session, actor: Actor, key: str, recipient_key: str, number: int, draft: CounterDraft
) -> QuoteVersion:
    """The buyer's own version: quantities and prices line by line, the other terms as the seller wrote them.

    A line without a quantity is left out. It replaces the version ``number``, which has to stand.
    """
    held = held_by_buyer(session, actor, key, recipient_key)
    base = _standing(session, held, number)
    if is_blocked(session, held.rfq.buyer_id, held.seller.organisation_id):
        raise Forbidden(_("You and this party cannot write to each other, because one side has blocked the other."))
    spend_message(session, held.rfq.buyer_id)
    wanted = {line.line_id: line for line in draft.lines}
    offered = {line.id for line in base.lines if line.answer != LineAnswer.NOT_AVAILABLE}
    if set(wanted) != offered or len(draft.lines) != len(offered):
        raise DomainError(_("Answer each line of the quote once."))
    row = QuoteVersion(
        quote_id=base.quote_id,
        author_side=Side.BUYER,
        author_id=actor.user_id,
        state=QuoteState.DRAFT,
        language=draft.language,
        note=cleaned(draft.note, 5000),
        valid_until=end_of(draft.valid_until),
        created_at=now(),
        changed_at=now(),
        loading={},
        promises=[],
        shares=base.shares,  # looked at once more when the seller accepts
        **{name: getattr(base, name) for name in _COPIED},
    )
    for line in base.lines:
        copied = _copied(line)
        if line.id in wanted:
            copied.quantity = checked_amount(wanted[line.id].quantity)
            copied.unit_price = checked_amount(wanted[line.id].unit_price)
            if copied.quantity is None:
                copied.answer, copied.unit_price = LineAnswer.NOT_AVAILABLE, None
            elif copied.unit_price is None:
                raise DomainError(_("Give quantity and price of “%(goods)s”.", goods=line.description))
        row.lines.append(copied)
    if not any(line.quantity is not None for line in row.lines):
        raise DomainError(_("Keep at least one line, or decline the quote."))
    session.add(row)
    keys = [line.product_id for line in row.lines if line.product_id is not None]
    count(row, held.rfq, products_by_key(session, held.seller.id, keys))
    require_validity(row)
    if [(one.quantity, one.unit_price) for one in row.lines] == [(one.quantity, one.unit_price) for one in base.lines]:
        raise DomainError(_("You changed nothing. Accept the quote as it is, or change a quantity or a price."))
    release(session, held, row, Side.BUYER)
    note_moment(session, held.rfq.id, MomentCode.QUOTE_COUNTERED, Side.BUYER, recipient_id=held.recipient.id)
    record(session, QuoteCountered(version_id=row.id))
    return row


def _copied(line: QuoteLine) -> QuoteLine:
    names = (
        "rfq_line_id", "position", "answer", "reason", "description", "product_id", "quantity", "unit", "unit_price",
        "price_unit",
    )  # fmt: skip
    return QuoteLine(rungs=[], **{name: getattr(line, name) for name in names})


def _standing(session: Session, held: Held, number: int) -> QuoteVersion:
    """The version under this number if it is current and stands; `Conflict` says why not."""
    quote = held.own_quote()
    row = numbered(session, quote, number)
    cause = _cause(held, row, side=None)
    if cause is not None:
        raise Conflict(_sentence(cause, row))
    return row


def _cause(held: Held, row: QuoteVersion, side: Side | None) -> Refusal | None:
    assert row.valid_until is not None
    return refusal(
        is_awarded=held.rfq.state == RfqState.AWARDED,
        is_request_open=held.is_open and held.recipient.state == RecipientState.QUOTED,
        is_current=row.number == held.own_quote().current_number,
        is_own=row.author_side == side,
        state=QuoteState(row.state),
        valid_until=row.valid_until,
        moment=now(),
    )


def _agree(session: Session, actor: Actor, held: Held, number: int, side: Side, deal_key: str = "") -> Deal:
    row = numbered(session, held.own_quote(), number)
    cause = _cause(held, row, side)
    if cause is not None:
        raise Conflict(_sentence(cause, row))
    if is_blocked(session, held.rfq.buyer_id, held.seller.organisation_id):
        raise Forbidden(_("You and this party cannot write to each other, because one side has blocked the other."))
    require_active(held)
    require_members(session, row)
    promise(session, row, is_told_figures=side is Side.SELLER, are_members_held=True)
    take_offers(session, row)
    with session.no_autoflush:  # nothing below asks for what is changed here, so that it is written in one go
        row.state = advance(QuoteState(row.state), QuoteState.ACCEPTED, QUOTE_MOVES)
        row.ended_at = now()
        deal = _deal(session, actor, held, row, side, deal_key or new_public_key())
        write_family(session, deal, deal.lines, "deal_id")  # the event needs the key
        note_moment(session, held.rfq.id, MomentCode.AGREED, side, recipient_id=held.recipient.id)
        award_request(session, held.rfq, held.recipient)
    keep(session, deal)
    record(session, DealAgreed(deal_id=deal.id))
    return deal


def _deal(session: Session, actor: Actor, held: Held, row: QuoteVersion, side: Side, key: str) -> Deal:
    """The agreement with its own copy of everything, so that nothing that changes later reaches it."""
    terms = row.content()
    del terms["lines"]
    lines = [line for line in row.lines if line.answer != LineAnswer.NOT_AVAILABLE]
    # all of them were locked for their capacity, so nothing is asked
    goods = {line.product_id: session.get(Product, line.product_id) for line in lines if line.product_id is not None}
    codes = {key: product.hs_code for key, product in goods.items() if product is not None}
    return Deal(
        key=key,
        rfq_id=held.rfq.id,
        recipient_id=held.recipient.id,
        version_id=row.id,
        buyer_id=held.rfq.buyer_id,
        seller_id=held.seller.id,
        accepted_side=side,
        accepted_by_id=actor.user_id,
        agreed_at=now(),
        currency=row.currency,
        total_minor=row.total_minor,
        terms=terms,
        content_sha256=row.content_sha256,
        created_at=now(),
        lines=[
            DealLine(
                position=place,
                product_id=line.product_id,
                description=line.description,
                hs_code=codes.get(line.product_id or 0, ""),
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                price_unit=line.price_unit,
                kilograms=line.kilograms,
                amount_minor=line.amount_minor,
            )
            for place, line in enumerate(lines)
        ],
    )


def _sentence(cause: Refusal, row: QuoteVersion | None = None) -> str:
    state = QuoteState(row.state) if row is not None else None
    if cause is Refusal.ENDED and state is QuoteState.WITHDRAWN:
        return str(_("The seller has withdrawn this quote. Write to them, or choose another one."))
    if cause is Refusal.ENDED and state is QuoteState.DECLINED:
        return str(_("This quote was declined. Ask the seller for a new version."))
    return {
        Refusal.AWARDED: str(_("This request is already agreed. Open it to see with whom.")),
        Refusal.REQUEST_OVER: str(
            _("This request is not open any more. If its closing date has passed, the buyer can move it.")
        ),
        Refusal.NOT_CURRENT: str(_("There is a newer version of this quote. Open it and decide on that one.")),
        Refusal.OWN: str(_("This version is your own. The other side decides on it.")),
        Refusal.ENDED: str(_("This quote was answered or replaced meanwhile. Open it to see how it stands now.")),
        Refusal.EXPIRED: str(_("This quote was valid until a day that has passed. Ask for a new version.")),
    }[cause]


def is_standing(row: QuoteVersion) -> bool:
    """Whether a version waits for an answer and its last second has not passed."""
    return QuoteState(row.state) in STANDING and row.valid_until is not None and now() <= row.valid_until
