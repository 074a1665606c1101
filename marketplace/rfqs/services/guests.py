"""A guest's inquiry: checked when it is written, kept in their link, sent like anybody's once they confirm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.services.guests import ask_as_guest
from marketplace.accounts.services.registration import Registration
from marketplace.kernel.policy import Actor
from marketplace.offers.queries import offer_to_ask
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
    """Send what `keep_inquiry` kept; refusals as in `send_inquiry`. An offer of a lot that ended meanwhile is left out:
    the guest wrote while it was open, and their words still say what they want."""
    draft, product_id = InquiryDraft.of_json(wish["draft"]), int(wish["product"])
    if draft.offer and offer_to_ask(session, actor.organisation_id, draft.offer, product_id) is None:
        draft = replace(draft, offer="")
    return send_inquiry(session, actor, product_id, draft)
