"""A guest's inquiry: checked when it is written, kept in their link, sent like anybody's once they confirm."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.services.guests import ask_as_guest
from marketplace.accounts.services.registration import Registration
from marketplace.kernel.policy import Actor
from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.offers import Offer
from marketplace.rfqs.rules import RfqSource
from marketplace.rfqs.services.checking import checked_text, terms_values
from marketplace.rfqs.services.sending import inquiry_lines, send_inquiry


def keep_inquiry(session: Session, guest: Registration, offer: Offer, draft: InquiryDraft, network: str | None) -> None:
    """Let an inquiry wait for the guest's confirmation. `DomainError` for what nobody could send."""
    checked_text(draft.text)
    inquiry_lines(session, offer, draft)
    terms_values(draft.terms)
    wish = {"kind": RfqSource.INQUIRY.value, "product": offer.product_id, "draft": draft.as_json()}
    ask_as_guest(session, guest, wish, network)


def send_kept_inquiry(session: Session, actor: Actor, wish: dict[str, Any]) -> Rfq:
    """Send what `keep_inquiry` kept; refusals as in `send_inquiry`."""
    return send_inquiry(session, actor, int(wish["product"]), InquiryDraft.of_json(wish["draft"]))
