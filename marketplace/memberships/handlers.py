"""What is paid begins a membership; what goes back as a whole ends it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.memberships.queries import held_with
from marketplace.memberships.rules import EndedWhy
from marketplace.memberships.services import begin_membership, end_membership
from marketplace.payments.events import DisputeClosed, PaymentRefunded, PaymentSettled
from marketplace.payments.models import Payment
from marketplace.payments.rules import PaymentState
from marketplace.payments.services.facts import minor_gone
from marketplace.payments.services.holding import held_first

_KIND = "membership"
_ENDS = {PaymentState.REFUNDED: EndedWhy.GIVEN_BACK, PaymentState.CHARGED_BACK: EndedWhy.TAKEN_BACK}


@held_first(_KIND)
def hold_memberships(session: Session, key: str) -> None:
    """Orders of one plan by one organisation are locked before the money of any of them."""
    held_with(session, key)


@on(PaymentSettled)
def begin(session: Session, event: PaymentSettled) -> None:
    """The whole price has arrived."""
    payment = session.get_one(Payment, event.payment_id)
    kind, _colon, key = payment.about.partition(":")
    if kind == _KIND:
        begin_membership(session, key)


@on(PaymentRefunded)
def end_refunded(session: Session, event: PaymentRefunded) -> None:
    """Money went back, a part or all of it."""
    _end(session, event.payment_id)


@on(DisputeClosed)
def end_decided(session: Session, event: DisputeClosed) -> None:
    """The payer's bank has decided; what was given back while it looked has gone whatever it decided."""
    _end(session, event.payment_id)


def _end(session: Session, payment_id: int) -> None:
    """Once the whole price is gone it ends, in whichever order refunds and the bank's words came; a part ends nothing.

    A lost dispute may be over a part of the price: with what was given back it counts as the rest does.
    """
    payment = session.get_one(Payment, payment_id)
    kind, _colon, key = payment.about.partition(":")
    why = _ENDS.get(PaymentState(payment.state))
    if kind == _KIND and why is not None and minor_gone(session, payment) >= payment.minor:
        end_membership(session, key, why)
