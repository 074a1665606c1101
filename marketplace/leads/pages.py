"""What the inbox and a lead's page show, as plain values in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.wording import LEVEL_NAMES, LEVELS
from marketplace.closures.queries import closed_now
from marketplace.closures.wording import closed_sentence, closure_sentence
from marketplace.i18n import formats
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.policy import Actor
from marketplace.kernel.shapes import shaped_page
from marketplace.leads.policies import may_decline, may_quote, may_settle, may_write
from marketplace.leads.queries import InboxRow
from marketplace.leads.whatsapp import chat_with_buyer, forward_text
from marketplace.quotes.queries import versions_of
from marketplace.quotes.showing import left_of, pill_of
from marketplace.rfqs import showing
from marketplace.rfqs.asked_lots import lots_asked_about
from marketplace.rfqs.contacts import without_contacts
from marketplace.rfqs.earnest import signs
from marketplace.rfqs.figures.showing import marked
from marketplace.rfqs.models import Recipient, RfqLine
from marketplace.rfqs.policies import is_check_valid
from marketplace.rfqs.queries.contacts import Guard, as_written, guard_of, why_hidden
from marketplace.rfqs.queries.conversation import evidence_of, messages_of, seller_moments
from marketplace.rfqs.queries.files import files_of
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.rules import Side
from marketplace.rfqs.talk import bubbles
from marketplace.rfqs.wording import DECLINE_REASONS, HIDDEN_CONTACTS, SIGNS, TRADES


def inbox_rows(session: Session, rows: list[InboxRow], root: str, locale: str, zone: str) -> list[dict[str, Any]]:
    """Cards of the inbox; ``root`` is the language prefix of the address."""
    titles = product_titles(session, [row.line.product_id or 0 for row in rows if row.line], locale)
    return [_card(row, titles, root, locale, zone) for row in rows]


def _card(row: InboxRow, titles: dict[int, str], root: str, locale: str, zone: str) -> dict[str, Any]:
    recipient = row.recipient
    label, tone = showing.lead_pill(recipient, recipient.rfq)
    guard: Guard = as_written if is_check_valid(row.verification_level, None, today()) else without_contacts
    return {
        "href": f"{root}/leads/{recipient.key}",
        "country": formats.format_country(row.buyer_country, locale),
        "product": guard(showing.goods_of(row.line, titles, locale, _("A request in the buyer's own words"))),
        "quantity": showing.quantity_of(row.line, locale),
        "summary": guard(showing.summary_of(recipient.rfq, row.line, locale, row.buyer_country)),
        "buyer": recipient.rfq.buyer.name if recipient.committed_at else LEVEL_NAMES.get(row.verification_level, ""),
        "clock": showing.clock_of(recipient, recipient.rfq, locale, zone),
        "state": (label, tone),
        "unread": row.unread,
        "is_new": recipient.seen_at is None or row.unread > 0,
    }


def closed_notice(session: Session, actor: Actor) -> Markup:
    """That the seller is closed now, and where they open again; empty for those who are open."""
    closure = closed_now(session, actor.organisation_id or 0)
    if closure is None:
        return Markup()
    locale, prefix = current_locale(), prefix_of(request.environ)
    return shaped_page("leads/closed.html", locale, prefix=prefix, closed=closure_sentence(closure, locale))


def goods_named(session: Session, recipient: Recipient, locale: str) -> str:
    """What a lead is about, in the reader's language."""
    lines = recipient.rfq.lines
    titles = product_titles(session, [line.product_id or 0 for line in lines], locale)
    goods = showing.goods_of(lines[0] if lines else None, titles, locale, _("A request in the buyer's own words"))
    return guard_of(session, recipient.id)(goods)


def lead_values(session: Session, actor: Actor, recipient: Recipient, locale: str, zone: str) -> dict[str, Any]:
    """Everything the page of one lead shows."""
    rfq = recipient.rfq
    titles = product_titles(session, [line.product_id or 0 for line in rfq.lines], locale)
    first: RfqLine | None = rfq.lines[0] if rfq.lines else None
    why = why_hidden(session, recipient.id)
    guard: Guard = without_contacts if why else as_written
    goods = guard(showing.goods_of(first, titles, locale, _("A request in the buyer's own words")))
    evidence = evidence_of(session, recipient)
    buyer = evidence.name or _("Buyer in %(country)s", country=formats.format_country(evidence.country, locale))
    messages = messages_of(session, recipient.id, reader=Side.SELLER)
    moments = seller_moments(session, recipient)
    colleague = None
    if recipient.assigned_to_id is not None:
        colleague = session.scalar(select(User.name).where(User.id == recipient.assigned_to_id))
    return {
        "lead": recipient,
        "rfq": rfq,
        "titles": titles,
        "goods": goods,
        "fence": guard,
        "showing": showing,
        "evidence": evidence,
        "buyer": buyer,
        "trade": TRADES.get(evidence.trade, ""),
        "level": LEVELS[evidence.level],
        "signs": signs(evidence.level, evidence.record),
        "sign_words": SIGNS,
        "summary": guard(showing.summary_of(rfq, first, locale, evidence.country)),
        "quantity": showing.quantity_of(first, locale),
        "terms": [(name, guard(str(said))) for name, said, *_more in showing.wanted_pairs(rfq, locale, zone)],
        "files": [(guard(name), key) for name, key in files_of(session, rfq.id)],
        "lots": lots_asked_about(session, rfq, locale),
        "closed": closed_sentence(session, recipient.seller_id, locale),
        "pill": showing.lead_pill(recipient, rfq),
        "clock": showing.clock_of(recipient, rfq, locale, zone),
        "decline_reason": DECLINE_REASONS.get(recipient.decline_reason, ""),
        "messages": bubbles(
            messages,
            Side.SELLER,
            buyer,
            locale=locale,
            zone=zone,
            goods=goods_by_line(session, rfq.id, locale) if any(one.parts for one in messages) else None,
            read_at=recipient.buyer_read_at,
            closed_files=recipient.committed_at is None,
        ),
        "asked": marked(guard(rfq.text), rfq.language, locale),
        "asked_note": HIDDEN_CONTACTS[why, False] if why and guard(rfq.text) != rfq.text else "",
        "steps": showing.timeline_items(
            moments,
            rfq,
            locale=locale,
            zone=zone,
            sellers={recipient.id: ("", recipient.decline_reason)},
            own=Side.SELLER,
            guard=guard,
        ),
        "can_write": may_write(recipient).is_allowed,
        "can_settle": may_settle(recipient).is_allowed,
        "can_quote": may_quote(recipient),
        "quote": _quote(session, recipient),
        "can_decline": may_decline(recipient).is_allowed,
        "colleague": colleague,
        "chat": "" if why else chat_with_buyer(recipient, goods, actor.organisation_name),
        "forward": forward_text(recipient, goods, locale, zone),
        "zone": zone,
    }


def _quote(session: Session, recipient: Recipient) -> dict[str, Any] | None:
    """How the seller's quote stands: the unsent one before the last that was sent; None before the first word."""
    rows = versions_of(session, recipient.id, Side.SELLER)
    if not rows:
        return None
    return {
        "state": pill_of(rows[0], Side.SELLER),
        "is_unsent": rows[0].number is None,
        "is_counter": rows[0].author_side == Side.BUYER,
        "left": left_of(rows[0]),
        "total": rows[0].total,
    }
