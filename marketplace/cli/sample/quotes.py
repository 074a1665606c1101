"""Quotes of the sample marketplace in every state, made from the sellers' own catalogue through the site's services."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Organisation
from marketplace.cli.sample.people import SampleSeller
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.errors import Conflict
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.quotes import services as quotes
from marketplace.quotes.drafts import CounterDraft, CounterLine, LineDraft, QuoteDraft, RungDraft, TermsDraft
from marketplace.quotes.models import Quote, QuoteVersion
from marketplace.quotes.prefilling import Data, from_catalogue
from marketplace.quotes.queries import own_goods
from marketplace.quotes.rules import QuoteDecline, QuoteState
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import LIVE, RecipientState, Side
from marketplace.sellers.models import Seller

ENDS = ("sent", "viewed", "draft", "countered", "revised", "declined", "withdrawn", "accepted", "expired", "review")
NOTE = "Harga berlaku untuk panen ini. Kami siap mengirim contoh lebih dulu. (Contoh)"


class QuoteMaker:
    """Lets sellers who said yes quote, and their buyers answer."""

    def __init__(self, transaction: Transaction, sellers: list[SampleSeller], curator: Actor) -> None:
        self.transaction = transaction
        self.by_seller = {seller.seller_id: seller for seller in sellers}
        self.curator = curator
        self.operator = replace(curator, roles=frozenset({Role.OPERATOR}))  # stands in for every mentor

    def quotes(self) -> int:
        """One quote for every lead that was answered, in every state in turn; gives how many were made."""
        with self.transaction() as session:
            rows = session.execute(
                select(Recipient.key, Recipient.seller_id, Rfq.key, Rfq.buyer_id, Rfq.created_by_id, Rfq.opened_at)
                .join(Rfq, Rfq.id == Recipient.rfq_id)
                .where(Recipient.state == RecipientState.WILL_QUOTE, Rfq.state.in_(LIVE))
                .order_by(Recipient.id)
            ).all()
        made = 0
        for number, (lead, seller_id, key, buyer_id, user_id, opened_at) in enumerate(rows):
            if user_id is None or opened_at is None:
                continue
            one = self.by_seller[seller_id]
            seller = actor_of(one.user_id, one.organisation_id, OrganisationKind.SELLER, "id")
            with self.transaction() as session:
                country = session.get_one(Organisation, buyer_id).country
            buyer = actor_of(user_id, buyer_id, OrganisationKind.BUYER, "de" if country == "DE" else "en")
            try:
                self._one(ENDS[number % len(ENDS)], seller, buyer, lead, key, opened_at)
                made += 1
            except Conflict:
                continue  # the calendar is full, or the buyer decided for another seller meanwhile
        return made

    def send(self, seller: Actor, lead: str) -> None:
        """One quote from the catalogue, sent now; a mentor lets it go at once."""
        self._send(seller, lead, self._write(seller, lead, 21, Decimal(1)), is_let_go=True)

    def _one(self, end: str, seller: Actor, buyer: Actor, lead: str, key: str, opened_at: datetime) -> None:
        moment = now()
        if end == "expired":
            moment = max(opened_at + timedelta(hours=30), now() - timedelta(days=9))
        elif end not in {"draft", "review"}:
            moment = max(opened_at + timedelta(hours=30), now() - timedelta(days=2))
        moment = min(moment, now())
        days = 2 if end == "expired" else 21
        with frozen(moment):
            version = self._write(seller, lead, days, Decimal(1))
            if end == "draft":
                return
            if end == "review":
                with self.transaction() as session:
                    charge = session.scalars(
                        select(Seller).where(Seller.organisation_id == seller.organisation_id)
                    ).one()
                    charge.mentor_id = self.curator.user_id
            self._send(seller, lead, version, is_let_go=end != "review")
        if end in {"sent", "expired", "review"}:
            return
        with frozen(min(now(), moment + timedelta(hours=5))):
            self._answer(end, seller, buyer, lead, key)

    def _send(self, seller: Actor, lead: str, version: int, *, is_let_go: bool) -> None:
        with self.transaction() as session:
            row = quotes.send_quote(session, seller, lead, version)
            if row.state == QuoteState.MENTOR_REVIEW and is_let_go:
                session.flush()  # the mentor's desk looks it up
                quotes.approve_quote(session, self.operator, row.id, row.version)

    def _answer(self, end: str, seller: Actor, buyer: Actor, lead: str, key: str) -> None:
        with self.transaction() as session:
            quotes.mark_viewed(session, self._current(session, lead).id, Side.BUYER)
        if end == "revised":
            self._send(seller, lead, self._write(seller, lead, 21, Decimal("0.97")), is_let_go=True)
            return
        with self.transaction() as session:
            row = self._current(session, lead)
            if end == "countered":
                lines = tuple(
                    CounterLine(line.id, line.quantity, (line.unit_price * Decimal("0.94")).quantize(Decimal("0.01")))
                    for line in row.lines
                    if line.unit_price is not None
                )
                draft = CounterDraft(lines, today() + timedelta(days=14), "Could you meet us here? (Example)", "en")
                quotes.counter_quote(session, buyer, key, lead, 1, draft)
            elif end == "declined":
                quotes.decline_quote(session, buyer, key, lead, 1, QuoteDecline.PRICE, "Above our budget. (Example)")
            elif end == "withdrawn":
                quotes.withdraw_quote(session, seller, lead, 1)
            elif end == "accepted":
                quotes.accept_quote(session, buyer, key, lead, 1)

    def _current(self, session: Session, lead: str) -> QuoteVersion:
        return session.scalars(
            select(QuoteVersion)
            .join(Quote, Quote.id == QuoteVersion.quote_id)
            .join(Recipient, Recipient.id == Quote.recipient_id)
            .where(Recipient.key == lead, QuoteVersion.number == Quote.current_number)
            .options(selectinload(QuoteVersion.lines))
        ).one()

    def _write(self, seller: Actor, lead: str, days: int, share: Decimal) -> int:
        with self.transaction() as session:
            recipient = session.scalars(select(Recipient).where(Recipient.key == lead)).one()
            rfq = session.get_one(Rfq, recipient.rfq_id, options=[selectinload(Rfq.lines)])
            data = from_catalogue(recipient, rfq, own_goods(session, recipient.seller_id), as_listed=True)
            keys = [line.id for line in rfq.lines]
            row = quotes.save_quote(session, seller, lead, _draft(data, keys, days, share), 0)
            return row.version


def _draft(data: Data, keys: list[int], days: int, share: Decimal) -> QuoteDraft:
    names = (
        "currency", "incoterm", "place", "port", "lead_time_days", "payment", "deposit_percent", "sample_is_offered",
        "sample_is_free", "sample_days", "sample_freight", "sample_note", "packing", "package_unit", "package_kg",
    )  # fmt: skip
    values: dict[str, Any] = {name: data[name] for name in names if data.get(name) is not None}
    terms = TermsDraft(
        valid_until=today() + timedelta(days=days),
        certificates=tuple(data["certificates"]),
        note=NOTE,
        language="id",
        **{"place": "Tanjung Perak", "lead_time_days": 30, **values},
    )
    return QuoteDraft(terms, tuple(_line(line, key, share) for line, key in zip(data["lines"], keys, strict=True)))


def _line(data: Data, key: int, share: Decimal) -> LineDraft:
    price = data.get("unit_price")
    if price is None or data.get("quantity") is None:
        return LineDraft(key, "not_available", reason="Belum musim panen (contoh).")
    steps = [(data.get(f"from_{step}"), data.get(f"price_{step}")) for step in (1, 2, 3)]
    return LineDraft(
        rfq_line_id=key,
        answer="offered",
        product_id=int(data["product"]) if data.get("product") else None,
        quantity=data["quantity"],
        unit=data["unit"],
        unit_price=(price * share).quantize(Decimal("0.000001")),
        price_unit=data["price_unit"],
        rungs=tuple(
            RungDraft(least, (cost * share).quantize(Decimal("0.000001"))) for least, cost in steps if least and cost
        ),
    )
