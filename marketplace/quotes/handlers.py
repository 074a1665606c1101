"""A request that ends takes its quotes with it; one that ran out keeps them, because its buyer may move the date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.quotes.rules import QuoteDecline
from marketplace.quotes.services import close_quotes
from marketplace.rfqs.events import RfqAwarded, RfqClosed
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import RfqState


@on(RfqClosed)
def close_with_request(session: Session, event: RfqClosed) -> None:
    """Closed or withdrawn by the buyer."""
    if session.get_one(Rfq, event.rfq_id).state != RfqState.EXPIRED:
        close_quotes(session, event.rfq_id, QuoteDecline.REQUEST_CLOSED)


@on(RfqAwarded)
def close_the_others(session: Session, event: RfqAwarded) -> None:
    """Agreed with one of the sellers."""
    close_quotes(session, event.rfq_id, QuoteDecline.AGREED_WITH_ANOTHER, besides=event.recipient_id)
