"""A guest's request in own words: kept in their link, and sent like anybody's once they confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.services.guests import ask_as_guest
from marketplace.accounts.services.registration import Registration
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.queries import chosen_suggestions
from marketplace.matchmaking.rules import LONGEST_TEXT
from marketplace.matchmaking.services.requests import start_request
from marketplace.matchmaking.services.stepping_in import post_openly
from marketplace.rfqs.drafts import ChosenRecipient
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import MAX_RECIPIENTS, RfqSource
from marketplace.rfqs.services import send_request
from marketplace.rfqs.services.checking import checked_text


def keep_words(
    session: Session,
    guest: Registration,
    text: str,
    products: Sequence[int],
    network: str | None,
    *,
    is_posted: bool,
    fair: str = "",
) -> None:
    """Let a request in own words, and the sellers chosen for it, wait for the guest's confirmation."""
    wish = {
        "kind": RfqSource.REQUEST.value,
        "text": checked_text(text)[:LONGEST_TEXT],
        "products": list(dict.fromkeys(products))[:MAX_RECIPIENTS],
        "is_posted": is_posted,
        "fair": fair,
    }
    ask_as_guest(session, guest, wish, network)


def send_kept_words(session: Session, actor: Actor, wish: dict[str, Any], locale: str) -> Rfq:
    """Send what `keep_words` kept to those of the chosen sellers who can still serve it; with none it is posted."""
    rfq = start_request(session, actor, str(wish["text"]), locale, fair=str(wish.get("fair", "")))
    picked = chosen_suggestions(session, rfq.id, [int(key) for key in wish["products"]])
    recipients = [ChosenRecipient(each.seller_id, each.product_id, each.score, dict(each.reasons)) for each in picked]
    if wish["is_posted"] or not recipients:
        post_openly(session, rfq)
    return send_request(session, actor, rfq, recipients)
