"""Work with the card company, repeated until it is certain."""

from __future__ import annotations

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.payments.doors import gateway, takes_cards
from marketplace.payments.services import apply_event, open_card_page, send_refund


@job("payments.apply_event")
def apply(event_id: str) -> None:
    """Bring rows in line with one signed event."""
    with transaction() as session:
        apply_event(session, event_id, is_live=gateway().is_live)


@job("payments.open_card_page")
def open_page(attempt_id: int, address: str) -> None:
    """Open the card page that the request could not open itself."""
    if takes_cards():
        open_card_page(gateway(), attempt_id, address)


@job("payments.send_refund")
def refund(refund_id: int) -> None:
    """Have a refund made."""
    send_refund(gateway(), refund_id)
