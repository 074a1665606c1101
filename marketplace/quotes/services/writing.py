"""A quote while it is written: what the seller typed becomes lines and terms, all sums counted here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.trade import Incoterm, normal_place
from marketplace.kernel.clock import now
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.measures import UNITS, Contents, Dimension, Quantity, UnitMismatch
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.policy import Actor
from marketplace.kernel.regions import TIME_ZONE
from marketplace.kernel.text import cleaned
from marketplace.quotes.drafts import LineDraft, QuoteDraft, RungDraft, TermsDraft
from marketplace.quotes.models import Quote, QuoteLine, QuoteVersion
from marketplace.quotes.queries.goods import commodity_of, goods_contents, products_by_key
from marketplace.quotes.rules import (
    MOST_LEAD_DAYS,
    MOST_RUNGS,
    Goods,
    LineAnswer,
    PaymentTerms,
    QuoteState,
    SampleFreight,
    container_plan,
    plain,
)
from marketplace.quotes.services.holding import Held, held_by_writer, require_quotable, unsent_held
from marketplace.rfqs.models import Rfq, RfqLine
from marketplace.rfqs.rules import Side

_MOST = Decimal(10) ** 9
_SIX = Decimal("0.000001")
_MOST_MINOR = 10**16


def save_quote(session: Session, actor: Actor, key: str, draft: QuoteDraft, version: int) -> QuoteVersion:
    """Keep what the seller wrote; nobody is told. ``version`` is that of the draft which was shown, 0 for none.

    `NotFound` for another seller's lead (a chapter writes where it coordinates), `Conflict` where it may not be
    quoted or the draft has changed meanwhile, `DomainError` names what cannot stand.
    """
    held = held_by_writer(session, actor, key)
    require_quotable(session, held)
    quote = held.quote
    if quote is None:
        quote = Quote(rfq_id=held.rfq.id, recipient_id=held.recipient.id, seller_id=held.seller.id, created_at=now())
        session.add(quote)
        session.flush()  # the version names it
        held.quote = quote
    row = unsent_held(session, quote)
    if (row.version if row else 0) != version:
        raise Conflict(_("This quote has changed meanwhile. Reload the page to see how it stands now."))
    if row is not None and row.state == QuoteState.MENTOR_REVIEW:
        raise Conflict(waits_for_mentor_sentence(actor))
    if row is None:
        row = QuoteVersion(
            quote_id=quote.id, author_side=Side.SELLER, created_at=now(), lines=[], loading={}, promises=[]
        )
        session.add(row)
    row.author_id, row.changed_at = actor.user_id, now()
    _apply_terms(row, draft.terms)
    _apply_lines(session, held, row, draft.lines, "–" if actor.is_partner else held.rfq.subject)
    session.flush()  # pages name the draft's version
    return row


def drop_draft(session: Session, actor: Actor, key: str, version: int) -> None:
    """Throw an unsent draft away; `Conflict` where it is with the mentor or has changed."""
    held = held_by_writer(session, actor, key)
    row = unsent_held(session, held.own_quote())
    if row is None or row.version != version or row.state != QuoteState.DRAFT:
        raise Conflict(_("This quote has changed meanwhile. Reload the page to see how it stands now."))
    session.delete(row)


def waits_for_mentor_sentence(actor: Actor) -> str:
    """Why a version that a mentor reads cannot be changed, for the seller or the chapter that writes it."""
    if actor.is_partner:
        return str(_("This quote is with the seller's mentor. You can change it once they have looked at it."))
    return str(_("This quote is with your mentor. You can change it once they have looked at it."))


def end_of(day: date | None) -> datetime | None:
    """The last second of a day where the sellers are, in UTC."""
    return None if day is None else datetime.combine(day, time(23, 59, 59), ZoneInfo(TIME_ZONE)).astimezone(UTC)


def _apply_terms(row: QuoteVersion, terms: TermsDraft) -> None:
    if terms.currency not in CURRENCIES:
        raise DomainError(_("Choose the currency from the list."))
    if terms.incoterm and terms.incoterm not in set(Incoterm):
        raise DomainError(_("Choose one of the Incoterms 2020."))
    if terms.payment and terms.payment not in set(PaymentTerms):
        raise DomainError(_("Choose the terms of payment from the list."))
    if terms.sample_freight and terms.sample_freight not in set(SampleFreight):
        raise DomainError(_("Choose who pays for sending the sample."))
    if terms.package_unit and terms.package_unit not in UNITS:
        raise DomainError(_("Choose the package from the list."))
    if terms.lead_time_days is not None and not 0 < terms.lead_time_days <= MOST_LEAD_DAYS:
        raise DomainError(_("The lead time is from 1 to %(most)s days.", most=MOST_LEAD_DAYS))
    if terms.deposit_percent is not None and not 0 < terms.deposit_percent <= 100:
        raise DomainError(_("The deposit is from 1 to 100 percent."))
    known = load_registry().fields["certifications"].values
    row.currency = terms.currency
    row.incoterm = terms.incoterm
    row.place = (normal_place(terms.incoterm, terms.place) if terms.incoterm else None) or cleaned(terms.place, 80)
    row.port = cleaned(terms.port, 80)
    row.valid_until = end_of(terms.valid_until)
    row.lead_time_days = terms.lead_time_days if terms.ship_by is None else None
    row.ship_by = terms.ship_by
    row.payment = terms.payment
    row.deposit_percent = terms.deposit_percent
    row.payment_note = cleaned(terms.payment_note, 200)
    row.sample_is_offered = terms.sample_is_offered
    row.sample_is_free = terms.sample_is_offered and terms.sample_is_free
    row.sample_days = terms.sample_days if terms.sample_is_offered else None
    row.sample_freight = terms.sample_freight if terms.sample_is_offered else ""
    row.sample_note = cleaned(terms.sample_note, 200) if terms.sample_is_offered else ""
    row.packing = cleaned(terms.packing, 200)
    row.package_unit = terms.package_unit
    row.package_kg = checked_amount(terms.package_kg)
    row.certificates = [code for code in dict.fromkeys(terms.certificates) if code in known]
    row.note = cleaned(terms.note, 5000)
    row.language = terms.language


def _apply_lines(session: Session, held: Held, row: QuoteVersion, drafts: tuple[LineDraft, ...], subject: str) -> None:
    """``subject`` stands for a line without any name; a chapter's pages never carry the buyer's own words for it."""
    wanted = {line.id: line for line in held.rfq.lines}
    by_line = {draft.rfq_line_id: draft for draft in drafts}
    if len(by_line) != len(drafts) or not set(by_line) <= set(wanted):
        raise DomainError(_("Answer each line of the request once."))
    products = products_by_key(
        session, held.seller.id, [draft.product_id for draft in drafts if draft.product_id is not None]
    )
    row.lines = [
        _line(
            place,
            line,
            by_line.get(line.id) or LineDraft(line.id, LineAnswer.NOT_AVAILABLE),
            products,
            held.rfq,
            subject,
        )
        for place, line in enumerate(held.rfq.lines)
    ]
    count(row, held.rfq, products)


def _line(
    place: int, asked: RfqLine, draft: LineDraft, products: Mapping[int, Product], rfq: Rfq, subject: str
) -> QuoteLine:
    if draft.answer not in set(LineAnswer):
        raise DomainError(_("Say for each line whether you offer it."))
    if draft.product_id is not None and draft.product_id not in products:
        raise DomainError(_("Choose one of your products."))
    line = QuoteLine(
        rfq_line_id=asked.id, position=place, answer=draft.answer, reason=cleaned(draft.reason, 200), rungs=[]
    )
    if draft.answer == LineAnswer.NOT_AVAILABLE:
        line.description = _goods_asked(asked, rfq.language, subject)
        return line
    product = products.get(draft.product_id or 0)
    title = title_in(product.card_titles, rfq.language, product.original_language) if product else ""
    own = cleaned(draft.description, 200)
    line.product_id = product.id if product else None
    line.description = (own or title or _goods_asked(asked, rfq.language, subject))[:200]
    line.quantity, line.unit = checked_amount(draft.quantity), draft.unit
    line.unit_price, line.price_unit = checked_amount(draft.unit_price), draft.price_unit
    if (line.unit and line.unit not in UNITS) or (line.price_unit and line.price_unit not in UNITS):
        raise DomainError(_("Choose the unit from the list."))
    line.rungs = checked_rungs(draft.rungs, line)
    return line


def _goods_asked(asked: RfqLine, language: str, subject: str) -> str:
    known = commodity_of(asked.commodity)
    return (asked.description or (known.name(language) if known else "") or subject)[:200]


def checked_rungs(rungs: tuple[RungDraft, ...], line: QuoteLine) -> list[list[str]]:
    """Further steps of the ladder as pairs of texts; more goods never cost more apiece."""
    if len(rungs) > MOST_RUNGS:
        raise DomainError(_("A line has at most %(count)s further prices.", count=MOST_RUNGS))
    steps = sorted(rungs, key=lambda rung: rung.min_quantity)
    found: list[list[str]] = []
    quantity, price = line.quantity, line.unit_price
    for rung in steps:
        least, cost = checked_amount(rung.min_quantity), checked_amount(rung.unit_price)
        assert least is not None
        assert cost is not None
        if (quantity is not None and least <= quantity) or (price is not None and cost >= price):
            raise DomainError(_("Each further price is for a larger quantity and is lower than the one before."))
        quantity, price = least, cost
        found.append([plain(least), plain(cost)])
    return found


def checked_amount(value: Decimal | None) -> Decimal | None:
    """The number with six places; `DomainError` unless it is above zero and not beyond a thousand million."""
    if value is None:
        return None
    if not value.is_finite() or not 0 < value <= _MOST or value.quantize(_SIX) <= 0:
        raise DomainError(_("Quantities and prices are above zero and at most a thousand million."))
    if value != value.quantize(_SIX):
        raise DomainError(_("At most six decimals are kept. Shorten the number."))
    return value.quantize(_SIX)


def count(row: QuoteVersion, rfq: Rfq, products: Mapping[int, Product]) -> None:
    """Weight and price of every line, the sum, and how it is loaded. Each line is rounded once, half up."""
    commodities = {line.id: line.commodity for line in rfq.lines}
    total, kilograms, loads, is_weighed = 0, Decimal(0), list[Goods](), True
    for line in row.lines:
        line.amount_minor, line.kilograms = 0, None
        if line.quantity is None or not line.unit or line.answer == LineAnswer.NOT_AVAILABLE:
            continue
        product = products.get(line.product_id or 0)
        commodity = product.commodity if product else commodities.get(line.rfq_line_id, "")
        contents = goods_contents(product, commodity)
        quantity = Quantity(line.quantity, line.unit)
        line.kilograms = _kilograms(quantity, contents)
        if line.unit_price is not None and line.price_unit:
            line.amount_minor = _amount(line, quantity, row.currency, contents)
        total += line.amount_minor
        is_weighed = is_weighed and line.kilograms is not None
        kilograms += line.kilograms or 0
        known = commodity_of(commodity)
        if known is not None:
            loads.append(Goods(known, quantity, contents))
    if total > _MOST_MINOR:
        raise DomainError(_("This sum is too large. Check quantities and prices."))
    row.total_minor = total
    package = (row.package_unit, row.package_kg) if row.package_unit and row.package_kg else None
    answered = [line for line in row.lines if line.answer != LineAnswer.NOT_AVAILABLE]
    row.loading = container_plan(
        loads if len(loads) == len(answered) else [], kilograms if is_weighed and kilograms else None, package
    )


def _kilograms(quantity: Quantity, contents: Contents) -> Decimal | None:
    if UNITS[quantity.unit].dimension not in {Dimension.MASS, Dimension.PACKAGE, Dimension.CONTAINER, Dimension.COUNT}:
        return None
    try:
        return quantity.to("kg", contents).rounded().amount
    except (UnitMismatch, ValueError):
        return None


def _amount(line: QuoteLine, quantity: Quantity, currency: str, contents: Contents) -> int:
    assert line.unit_price is not None
    try:
        amount = UnitPrice(line.unit_price, currency, line.price_unit).line(quantity, contents).minor
    except UnitMismatch:
        raise DomainError(
            _("Write quantity and price of “%(goods)s” in units that convert into each other.", goods=line.description)
        ) from None
    except ValueError:
        raise DomainError(_("This sum is too large. Check quantities and prices.")) from None
    if amount > _MOST_MINOR:
        raise DomainError(_("This sum is too large. Check quantities and prices."))
    return amount
