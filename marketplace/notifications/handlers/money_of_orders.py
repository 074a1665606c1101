"""Money of samples and deals that a step makes due or gives back: what the two sides are told of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.notifications.handlers.rfqs import lead_of, lead_of_deal, seller_people, tell_buyer
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.orders.events import FreightOwed, OrderMoved
from marketplace.orders.models import Order, Sample
from marketplace.orders.rules import BALANCE_AT
from marketplace.payments.models import Payment, SettlementAccount
from marketplace.payments.queries import payment_about
from marketplace.payments.rules import PaymentState
from marketplace.quotes.models import Deal
from marketplace.quotes.rules import PaymentTerms
from marketplace.rfqs.rules import Side


def balance_due_with(session: Session, deal: Deal, milestone: str) -> Payment | None:
    """The balance that the buyer has to pay with this very step; None where this step makes none due."""
    terms = deal.terms.get("payment", "")
    if not terms or BALANCE_AT.get(PaymentTerms(terms)) != milestone:
        return None
    payment = payment_about(session, f"balance:{deal.key}")
    return payment if payment is not None and payment.state == PaymentState.DUE else None


@on(OrderMoved)
def say_balance_due(session: Session, event: OrderMoved) -> None:
    """A buyer who reports the step that makes the balance due is told so; of the seller's step the notice says it."""
    if event.side != Side.BUYER:
        return
    deal = session.get_one(Deal, session.get_one(Order, event.order_id).deal_id)
    payment = balance_due_with(session, deal, event.milestone)
    if payment is None:
        return
    lead = lead_of_deal(session, deal)
    said = replace(lead, context={**lead.context, "step": event.milestone})
    tell_buyer(session, said, Kind.BALANCE_DUE, f"payment:{payment.id}", f"/payments/{payment.key}")


@on(FreightOwed)
def say_freight(session: Session, event: FreightOwed) -> None:
    """Buyer, seller and whoever took the card payment learn what goes back of the freight, and what does not."""
    row, payment = session.get_one(Sample, event.sample_id), session.get_one(Payment, event.payment_id)
    lead, currency = lead_of(session, row.recipient_id), payment.currency
    amounts = {
        "freight": f"{row.freight_minor} {currency}",
        "earlier": f"{event.given_back_minor} {currency}",
        "amount": f"{event.left_minor} {currency}",
    }
    about, path = f"sample:{row.id}", f"/payments/{payment.key}"
    told = replace(lead, context={**lead.context, **amounts, "news": f"{event.news}_buyer"})
    tell_buyer(session, told, Kind.FREIGHT_BUYER, about, path)
    readers = set(seller_people(session, lead))
    if payment.is_by_card and payment.settlement_account_id is not None:
        holder = session.get_one(SettlementAccount, payment.settlement_account_id)
        readers |= set(member_ids(session, holder.organisation_id))
    context = {**told.context, "news": f"{event.news}_seller"}
    notify(session, Kind.FREIGHT_SELLER, about, readers, context, path)
