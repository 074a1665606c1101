"""A quote leaves the seller's house: at once, or after its mentor has read it; and how it is taken back."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.rules.trade import SEA_TERMS, normal_place
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.quotes.events import (
    CoordinatorQuoted,
    QuoteCapReached,
    QuoteInReview,
    QuoteReturned,
    QuoteSent,
    QuoteWithdrawn,
)
from marketplace.quotes.models import Quote, QuoteVersion
from marketplace.quotes.queries.goods import products_by_key
from marketplace.quotes.rules import (
    MENTORED_QUOTES,
    MOST_VALID_DAYS,
    QUOTE_MOVES,
    STANDING,
    WITH_DEPOSIT,
    LineAnswer,
    QuoteState,
    fingerprint,
    words_digest,
)
from marketplace.quotes.services.holding import (
    Held,
    held_by_mentor,
    held_by_seller,
    held_by_writer,
    numbered,
    require_quotable,
    unsent_held,
)
from marketplace.quotes.services.pooling import frozen_shares
from marketplace.quotes.services.promising import foreseen_shortage, promise
from marketplace.quotes.services.taking import foreseen_short_offer, require_left
from marketplace.quotes.services.writing import count, waits_for_mentor_sentence
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.rules import (
    COMMITTED,
    RECIPIENT_MOVES,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
)
from marketplace.rfqs.services import close_left_over
from marketplace.rfqs.services.clocks import run_on, stop_clock
from marketplace.rfqs.services.conversation import settle_information
from marketplace.rfqs.services.limiting import spend_message
from marketplace.rfqs.services.timeline import note_moment


def send_quote(session: Session, actor: Actor, key: str, version: int) -> QuoteVersion:
    """Send the seller's draft, or give it to their mentor if it is one of the first three of a mentored pesantren.

    `DomainError` names what is missing; `Conflict` where the draft has changed, the request takes no more quotes, or
    the calendar has too little left.
    """
    held = held_by_writer(session, actor, key)
    require_quotable(session, held)
    row = unsent_held(session, held.own_quote())
    if row is None or row.version != version:
        raise Conflict(_("This quote has changed meanwhile. Reload the page to see how it stands now."))
    if row.state == QuoteState.MENTOR_REVIEW:
        raise Conflict(waits_for_mentor_sentence(actor))
    _require_room(session, held)
    spend_message(session, actor.organisation_id or held.seller.organisation_id)
    _complete(session, held, row)
    if actor.is_partner:  # the seller answers for it, so they are told and it is on record who sent it
        audit(session, actor, "quote.sent_by_coordinator", f"quote_version:{row.id}")
        record(session, CoordinatorQuoted(version_id=row.id))
    if needs_mentor(session, held):
        promise(session, row, is_told_figures=True)  # said now, held only once it is sent
        require_left(session, row)
        row.promises.clear()
        row.state = advance(QuoteState(row.state), QuoteState.MENTOR_REVIEW, QUOTE_MOVES)
        row.changed_at, row.author_id = now(), actor.user_id
        _note(session, held, MomentCode.QUOTE_IN_REVIEW, Side.SELLER)
        session.flush()  # the event needs the key
        record(session, QuoteInReview(version_id=row.id))
        return row
    release(session, held, row, Side.SELLER)
    return row


def foreseen_refusal(session: Session, row: QuoteVersion) -> str:
    """Why the calendar or the pool would refuse a draft, were it sent now; empty where they would not.

    Shown before sending, which looks again: nothing is held until then.
    """
    recipient_id = session.scalars(select(Quote.recipient_id).where(Quote.id == row.quote_id)).one()
    try:
        shares = frozen_shares(session, recipient_id, row)
    except DomainError as fault:
        return str(fault.sentence)
    return foreseen_shortage(session, row, shares) or foreseen_short_offer(session, row)


def needs_mentor(session: Session, held: Held) -> bool:
    """Whether a mentor reads this quote first: the first three of a mentored seller, each until it was sent once."""
    quote = held.own_quote()
    if held.seller.mentor_id is None or quote.current_number:
        return False
    sent = select(func.count(Quote.id)).where(Quote.seller_id == held.seller.id, Quote.current_number > 0)
    return (session.scalar(sent) or 0) < MENTORED_QUOTES


def approve_quote(session: Session, actor: Actor, version_id: int, version: int) -> QuoteVersion:
    """The mentor lets go what they read; it is sent as the seller's own. `Conflict` where it was written anew since."""
    held, row = held_by_mentor(session, actor, version_id)
    _require_read(row, version)
    require_quotable(session, held)
    _require_room(session, held)
    _complete(session, held, row)
    row.reviewed_by_id, row.reviewed_at, row.review_note = actor.user_id, now(), ""
    audit(session, actor, "quote.approved", f"quote_version:{row.id}")
    release(session, held, row, Side.SELLER, was_reviewed=True)
    return row


def return_quote(session: Session, actor: Actor, version_id: int, version: int, note: str) -> QuoteVersion:
    """The mentor gives a quote back and says what to mend."""
    reason = cleaned(note, 500)
    if not reason:
        raise DomainError(_("Tell the seller what to mend in a sentence."))
    held, row = held_by_mentor(session, actor, version_id)
    _require_read(row, version)
    row.state = advance(QuoteState(row.state), QuoteState.DRAFT, QUOTE_MOVES)
    row.reviewed_by_id, row.reviewed_at, row.review_note = actor.user_id, now(), reason
    row.changed_at = now()
    _note(session, held, MomentCode.QUOTE_RETURNED, Side.PROGRAMME)
    audit(session, actor, "quote.returned", f"quote_version:{row.id}")
    record(session, QuoteReturned(version_id=row.id))
    return row


def _require_read(row: QuoteVersion, version: int) -> None:
    """Go on if the mentor read the quote as it stands: one that was given back comes again as the same row."""
    if row.version != version:
        raise Conflict(_("This quote has changed meanwhile. Reload the page to see how it stands now."))


def withdraw_quote(session: Session, actor: Actor, key: str, number: int) -> QuoteVersion:
    """The seller takes their standing quote back. `Conflict` where it was answered, replaced or has run out."""
    held = held_by_seller(session, actor, key)
    quote = held.own_quote()
    row = numbered(session, quote, number)
    if row.number != quote.current_number or row.author_side != Side.SELLER or QuoteState(row.state) not in STANDING:
        raise Conflict(_("This quote was answered or replaced meanwhile. Open it to see how it stands now."))
    row.state = advance(QuoteState(row.state), QuoteState.WITHDRAWN, QUOTE_MOVES)
    row.ended_at = now()
    if held.recipient.state == RecipientState.QUOTED:
        held.recipient.state = advance(RecipientState.QUOTED, RecipientState.WILL_QUOTE, RECIPIENT_MOVES)
    _note(session, held, MomentCode.QUOTE_WITHDRAWN, Side.SELLER)
    record(session, QuoteWithdrawn(version_id=row.id))
    return row


def release(session: Session, held: Held, row: QuoteVersion, side: Side, *, was_reviewed: bool = False) -> None:
    """Number, freeze and hash a complete version and let it take the place of the one before."""
    quote = held.own_quote()
    before = numbered(session, quote, quote.current_number) if quote.current_number else None
    if before is not None:
        row.supersedes_id = before.id
        if QuoteState(before.state) in STANDING:
            target = QuoteState.SUPERSEDED if before.author_side == side else QuoteState.COUNTERED
            before.state = advance(QuoteState(before.state), target, QUOTE_MOVES)
            before.ended_at = now()
    session.flush()  # the place of the version before is free, and its promise too
    if side is Side.SELLER:
        promise(session, row, is_told_figures=True)
        require_left(session, row)
        _commit(session, held)
    row.note_sha256 = words_digest(row.note)
    row.content_sha256 = fingerprint(row.content())
    row.state = advance(QuoteState(row.state), QuoteState.SENT, QUOTE_MOVES)
    row.number = quote.current_number = quote.current_number + 1
    row.sent_at = row.changed_at = now()
    session.flush()  # the event needs the key
    if side is Side.SELLER:
        _note(session, held, MomentCode.QUOTE_REVISED if before else MomentCode.QUOTED, side)
        record(session, QuoteSent(version_id=row.id, was_reviewed=was_reviewed))
        _close_left_over(session, held)


def _commit(session: Session, held: Held) -> None:
    """Who quotes has answered: names are known from here on, and the clock has done its work."""
    recipient, state = held.recipient, RecipientState(held.recipient.state)
    if state not in COMMITTED:
        state = advance(state, RecipientState.WILL_QUOTE, RECIPIENT_MOVES)
    recipient.state = (
        state if state is RecipientState.QUOTED else advance(state, RecipientState.QUOTED, RECIPIENT_MOVES)
    )
    recipient.seen_at = recipient.seen_at or now()
    if recipient.info_asked_at is not None:
        run_on(session, recipient, recipient.info_asked_at)
    if recipient.answered_at is None:
        stop_clock(session, recipient)
    recipient.answered_at = recipient.answered_at or now()
    recipient.committed_at = recipient.committed_at or now()
    if recipient.info_asked_at is not None:
        recipient.info_asked_at = None
        if held.rfq.state == RfqState.NEEDS_INFO:
            settle_information(session, held.rfq)


def _quoted(session: Session, rfq_id: int) -> int:
    query = select(func.count(Recipient.id)).where(Recipient.rfq_id == rfq_id, Recipient.state == RecipientState.QUOTED)
    return session.scalar(query) or 0


def _require_room(session: Session, held: Held) -> None:
    if held.recipient.state != RecipientState.QUOTED and _quoted(session, held.rfq.id) >= held.rfq.quote_cap:
        raise Conflict(_("The buyer has all the quotes they asked for, so no further one can be sent."))


def _close_left_over(session: Session, held: Held) -> None:
    quoted = _quoted(session, held.rfq.id)
    if quoted >= held.rfq.quote_cap:
        for key in close_left_over(session, held.rfq):
            record(session, QuoteCapReached(recipient_id=key, count=held.rfq.quote_cap))


def _complete(session: Session, held: Held, row: QuoteVersion) -> None:
    """Count everything anew and let a quote go only with all that the buyer has to know."""
    keys = [line.product_id for line in row.lines if line.product_id is not None]
    count(row, held.rfq, products_by_key(session, held.seller.id, keys))
    answered = [line for line in row.lines if line.answer != LineAnswer.NOT_AVAILABLE]
    if not answered:
        raise DomainError(_("Offer at least one line, or decline the lead."))
    for line in answered:
        if line.quantity is None or line.unit_price is None or not line.unit or not line.price_unit:
            raise DomainError(_("Give quantity and price of “%(goods)s”.", goods=line.description))
        if line.amount_minor <= 0:
            raise DomainError(_("The price of “%(goods)s” comes to nothing. Check it.", goods=line.description))
        if line.answer == LineAnswer.ALTERNATIVE and not line.reason:
            raise DomainError(_("Say why you offer something else for “%(goods)s”.", goods=line.description))
    if not row.incoterm or normal_place(row.incoterm, row.place) is None:
        if row.incoterm in SEA_TERMS and row.place:
            raise DomainError(_("%(term)s needs a sea port. Choose one of the suggestions.", term=row.incoterm))
        raise DomainError(_("Choose the Incoterm and name its place."))
    require_validity(row)
    if row.lead_time_days is None and row.ship_by is None:
        raise DomainError(_("Say how many days you need after the deposit, or by which date the goods ship."))
    if row.ship_by is not None and row.ship_by <= today():
        raise DomainError(_("The shipping date has passed. Choose a later one."))
    if not row.payment:
        raise DomainError(_("Choose the terms of payment."))
    if row.payment in WITH_DEPOSIT and row.deposit_percent is None:
        raise DomainError(_("Say how many percent the deposit is."))
    row.shares = frozen_shares(session, held.recipient.id, row) or None


def require_validity(row: QuoteVersion) -> None:
    """The last day of a quote lies ahead, and not further than half a year."""
    if row.valid_until is None:
        raise DomainError(_("Choose until when the quote is valid."))
    if not now() < row.valid_until <= now() + timedelta(days=MOST_VALID_DAYS + 1):
        raise DomainError(
            _("The quote's last day lies ahead and at most %(days)s days away. Change it.", days=MOST_VALID_DAYS)
        )


def _note(session: Session, held: Held, code: MomentCode, side: Side) -> None:
    note_moment(session, held.rfq.id, code, side, recipient_id=held.recipient.id)
