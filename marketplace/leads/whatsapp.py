"""Prepared texts for WhatsApp: to the buyer where they allowed it, to colleagues and mentors otherwise."""

from __future__ import annotations

from urllib.parse import quote

from flask_babel import gettext as _

from marketplace.accounts.contact import whatsapp_address
from marketplace.i18n.addresses import localised
from marketplace.i18n.translations import speaking
from marketplace.kernel.outside import settings
from marketplace.leads.policies import may_write
from marketplace.rfqs import showing
from marketplace.rfqs.models import Recipient


def chat_with_buyer(recipient: Recipient, goods: str, seller_name: str) -> str:
    """An address that opens a chat with the buyer; empty unless they gave a number and this seller has committed."""
    phone = recipient.rfq.contact_phone
    if not phone or recipient.committed_at is None or not may_write(recipient).is_allowed:
        return ""
    with speaking(recipient.rfq.language):
        text = _(
            "Hello, this is %(seller)s from Pesantren Souq. You asked about %(goods)s (request %(key)s).",
            seller=seller_name,
            goods=goods,
            key=recipient.rfq.key.upper(),
        )
    return whatsapp_address(phone, text)


def forward_text(recipient: Recipient, goods: str, locale: str, zone: str) -> str:
    """An address that opens WhatsApp with facts of the lead and its link, to send on to a colleague or mentor.

    The buyer's name and words are not in it; the link asks for a sign-in.
    """
    line = recipient.rfq.lines[0] if recipient.rfq.lines else None
    clock = showing.clock_of(recipient, recipient.rfq, locale, zone)
    facts = [goods, showing.quantity_of(line, locale), showing.summary_of(recipient.rfq, line, locale)]
    lines = [_("A buyer on Pesantren Souq asks us:"), " · ".join(fact for fact in facts if fact)]
    if clock:
        lines.append(_("Answer by %(when)s, %(left)s.", when=clock["when"], left=clock["left"]))
    lines.append(localised(settings().web.public_url, locale, f"/leads/{recipient.key}"))
    return f"https://wa.me/?text={quote(chr(10).join(lines))}"
