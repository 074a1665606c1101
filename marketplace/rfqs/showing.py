"""Requests and leads as values for templates, in the reader's language: built from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n import formats
from marketplace.i18n.locales import BY_LOCALE
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.rfqs.models import Recipient, Rfq, RfqLine, RfqMoment
from marketplace.rfqs.rules import ANSWER_TIME, MomentCode, RecipientState, RfqState, Side, is_answerable
from marketplace.rfqs.wording import (
    CLOSE_REASONS,
    DECLINE_REASONS,
    LEAD_STATES,
    MOMENT_TONES,
    MOMENTS,
    RECIPIENT_STATES,
    SIDES,
    WAITS_FOR_BUYER,
    WAITS_FOR_CHECK,
    WANTED_PAPERS,
    Pill,
)

SOON = timedelta(hours=24)
VERY_SOON = timedelta(hours=8)


def goods_of(line: RfqLine | None, titles: Mapping[int, str], locale: str, fallback: str = "") -> str:
    """What a line is about: the product's title, else the commodity's name, else the buyer's words."""
    if line is None:
        return fallback
    if line.product_id is not None and line.product_id in titles:
        return titles[line.product_id]
    commodity = load_registry().commodities.get(line.commodity)
    return commodity.name(locale) if commodity else line.description or fallback


def quantity_of(line: RfqLine | None, locale: str) -> str:
    """The wanted quantity with its unit, empty where none was given."""
    if line is None or line.quantity is None:
        return ""
    return formats.format_quantity(Quantity(line.quantity, line.unit), locale)


def target_price_of(line: RfqLine, locale: str) -> str:
    """The target price per unit, empty where none was given."""
    if line.target_price is None:
        return ""
    return formats.format_unit_price(UnitPrice(line.target_price, line.currency, line.price_unit), locale)


def certificate_names(codes: Sequence[str], locale: str) -> list[str]:
    """Names of the wanted certificates."""
    field = load_registry().fields["certifications"]
    return [field.value_name(code, locale) for code in codes if code in field.values]


def term_of(rfq: Rfq) -> str:
    """Incoterm and place, such as "FOB Tanjung Perak"."""
    return f"{rfq.incoterm} {rfq.place}".strip()


def summary_of(rfq: Rfq, line: RfqLine | None, locale: str, home: str = "") -> str:
    """One line of facts in the reader's language, without the buyer's words.

    ``home`` is the buyer's country; a destination there goes without saying, because the country stands beside.
    """
    facts = []
    if rfq.destination and rfq.destination != home:
        facts.append(_("to %(country)s", country=formats.format_country(rfq.destination, locale)))
    if rfq.incoterm or rfq.place:
        facts.append(term_of(rfq))
    if line is not None and line.target_price is not None:
        facts.append(_("target %(price)s", price=target_price_of(line, locale)))
    facts += certificate_names(rfq.certificates, locale)
    if rfq.needed_by:
        facts.append(_("needed by %(date)s", date=formats.format_date(rfq.needed_by, locale)))
    if rfq.sample_is_wanted:
        facts.append(_("wants a sample"))
    if line is not None and line.is_below_moq:
        facts.append(_("below the minimum order"))
    if len(rfq.lines) > 1:
        more = len(rfq.lines) - 1
        facts.append(ngettext("and %(num)s more product", "and %(num)s more products", more))
    return " · ".join(facts)


def wanted_pairs(rfq: Rfq, locale: str, zone: str) -> list[tuple[Any, ...]]:
    """The terms that hold for the whole request, as pairs for a specification sheet."""
    pairs: list[tuple[Any, ...]] = []
    if rfq.destination:
        pairs.append((_("Destination"), formats.format_country(rfq.destination, locale)))
    if rfq.incoterm or rfq.place:
        pairs.append((_("Incoterm and place"), term_of(rfq)))
    if rfq.needed_from and rfq.needed_by:
        window = (formats.format_date(rfq.needed_from, locale), formats.format_date(rfq.needed_by, locale))
        pairs.append((_("Delivery"), _("from %(first)s to %(last)s", first=window[0], last=window[1])))
    elif rfq.needed_from:
        pairs.append((_("Not before"), formats.format_date(rfq.needed_from, locale)))
    elif rfq.needed_by:
        pairs.append((_("Needed by"), formats.format_date(rfq.needed_by, locale)))
    if rfq.packaging:
        pairs.append((_("Packaging"), rfq.packaging))
    if rfq.certificates:
        pairs.append((_("Certificates"), formats.format_list(certificate_names(rfq.certificates, locale), locale)))
    if rfq.papers:
        papers = [str(WANTED_PAPERS[code]) for code in rfq.papers if code in WANTED_PAPERS]
        pairs.append((_("Documents"), formats.format_list(papers, locale)))
    pairs.append((_("Sample"), _("wanted") if rfq.sample_is_wanted else _("not asked for")))
    pairs.append((_("Open until"), formats.format_datetime(rfq.closes_at, locale, zone)))
    return pairs


def line_pairs(line: RfqLine, goods: str, locale: str) -> list[tuple[Any, ...]]:
    """What one line asks for."""
    pairs: list[tuple[Any, ...]] = [(_("Product"), goods)]
    if line.quantity is not None:
        note = _("below the seller's minimum order (MOQ)") if line.is_below_moq else ""
        pairs.append((_("Quantity"), quantity_of(line, locale), note))
    if line.target_price is not None:
        pairs.append((_("Target price"), target_price_of(line, locale)))
    return pairs


def time_left(moment: datetime) -> str:
    """The time left until ``moment``, or since it, in whole days or hours."""
    left = moment - now()
    hours = int(abs(left).total_seconds() // 3600)
    if left < timedelta(0):
        if hours >= 48:
            return str(ngettext("%(num)s day over", "%(num)s days over", hours // 24))
        return str(ngettext("%(num)s hour over", "%(num)s hours over", hours)) if hours else str(_("just over"))
    if hours >= 96:
        return str(ngettext("%(num)s day left", "%(num)s days left", hours // 24))
    if hours:
        return str(ngettext("%(num)s hour left", "%(num)s hours left", hours))
    return str(_("less than an hour left"))


def clock_of(recipient: Recipient, rfq: Rfq, locale: str, zone: str) -> dict[str, str] | None:
    """Parts of the deadline clock while an answer is due; None where no clock runs."""
    if recipient.info_asked_at is not None:
        return None
    if not is_answerable(RfqState(rfq.state), RecipientState(recipient.state)):
        return None
    left = recipient.deadline_at - now()
    return {
        "iso": recipient.deadline_at.isoformat(),
        "when": formats.format_datetime(recipient.deadline_at, locale, zone),
        "left": time_left(recipient.deadline_at),
        "tone": "critical" if left < VERY_SOON else "caution" if left < SOON else "plain",
    }


def later_answer(recipient: Recipient, locale: str, zone: str) -> str:
    """What a buyer reads once their inquiry is out and closed days of its seller move the deadline; else nothing."""
    if recipient.deadline_at - recipient.invited_at <= ANSWER_TIME:
        return ""
    when = formats.format_datetime(recipient.deadline_at, locale, zone)
    return str(
        _("Your inquiry is on its way. Because of closed days the seller has until %(when)s to answer.", when=when)
    )


def _is_agreed(recipient: Recipient, rfq: Rfq) -> bool:
    """Whether this seller's quote was accepted: everybody else's is closed with it."""
    return rfq.state == RfqState.AWARDED and recipient.state == RecipientState.QUOTED


def recipient_pill(recipient: Recipient, rfq: Rfq) -> Pill:
    """How a seller stands, for the buyer."""
    if rfq.opened_at is None:
        return WAITS_FOR_CHECK
    if recipient.info_asked_at is not None:
        return _("Asks you for information"), "caution"
    if _is_agreed(recipient, rfq):
        return _("Agreed"), "positive"
    return RECIPIENT_STATES[recipient.state]


def lead_pill(recipient: Recipient, rfq: Rfq) -> Pill:
    """How a lead stands, for the seller."""
    if recipient.info_asked_at is not None:
        return WAITS_FOR_BUYER
    if _is_agreed(recipient, rfq):
        return _("Agreed"), "positive"
    return LEAD_STATES[recipient.state]


def timeline_items(
    moments: Sequence[RfqMoment],
    rfq: Rfq,
    *,
    locale: str,
    zone: str,
    sellers: Mapping[int, tuple[str, str]] | None = None,
    own: Side | None = None,
    guard: Callable[[str], str] = str,
) -> list[dict[str, Any]]:
    """Steps for the timeline; ``sellers`` gives name and decline reason by recipient, ``own`` is the reader's side,
    ``guard`` gives what they read of the other side's notes."""
    known = sellers or {}
    return [_moment(one, rfq, locale, zone, known.get(one.recipient_id or 0, ("", "")), own, guard) for one in moments]


def _moment(
    one: RfqMoment,
    rfq: Rfq,
    locale: str,
    zone: str,
    seller: tuple[str, str],
    own: Side | None,
    guard: Callable[[str], str],
) -> dict[str, Any]:
    tone, icon = MOMENT_TONES.get(one.code, ("neutral", ""))
    name, reason = seller
    who = _("You") if own is not None and one.side == own else SIDES.get(one.side, "")
    if name and one.code != MomentCode.INFORMATION_GIVEN:
        who = name
    said = text = one.note if one.side in {own, Side.PROGRAMME} else guard(one.note)
    if one.code == MomentCode.EXTENDED and one.note:
        text = _("until %(date)s", date=formats.format_date(date.fromisoformat(one.note), locale))
    elif one.code == MomentCode.DECLINED and reason:
        text = "\n".join(part for part in (str(DECLINE_REASONS.get(reason, "")), said) if part)
    elif one.code == MomentCode.CLOSED and rfq.close_reason:
        text = str(CLOSE_REASONS.get(rfq.close_reason, ""))
    return {
        "title": MOMENTS.get(one.code, one.code),
        "when": formats.format_datetime(one.at, locale, zone),
        "iso": one.at.isoformat(),
        "text": text,
        "who": who,
        "tone": tone,
        "icon": icon,
    }


def language_name(locale: str) -> str:
    """A language's name in the reader's: who reads Indonesian is told "Inggris", not "English"."""
    return str(Locale.parse(current_locale()).languages.get(locale, locale))


def language_tag(locale: str) -> str:
    """The tag that browsers and screen readers understand."""
    return BY_LOCALE[locale].tag if locale in BY_LOCALE else "und"
