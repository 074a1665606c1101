"""Samples as one side reads them, always through the owner check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, contains_eager

from marketplace.accounts.models import Organisation
from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Sample
from marketplace.orders.policies import own_samples, readable_samples
from marketplace.orders.rules.freight import freight_left
from marketplace.payments.models import Payment
from marketplace.payments.queries import given_back
from marketplace.payments.rules import WITH_BANK, PaymentState
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.policies import talked_in_by
from marketplace.rfqs.rules import COMMITTED
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class SampleRow:
    """A sample with both sides' names."""

    sample: Sample
    seller: str
    buyer: str
    buyer_country: str
    lead: str  # the key of the conversation


def talk_of(session: Session, actor: Actor, recipient_key: str) -> tuple[Recipient, Organisation, Organisation]:
    """One's own conversation in which a seller has committed, with seller's and buyer's organisation."""
    selling, buying = aliased(Organisation), aliased(Organisation)
    found = session.execute(
        select(Recipient, selling, buying)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .join(selling, selling.id == Seller.organisation_id)
        .join(buying, buying.id == Rfq.buyer_id)
        .where(Recipient.key == recipient_key, talked_in_by(actor), Recipient.committed_at.is_not(None))
        .options(contains_eager(Recipient.rfq).selectinload(Rfq.lines), contains_eager(Recipient.seller))
    ).first()
    if found is None:
        raise NotFound
    recipient, seller, buyer = found
    return recipient, seller, buyer


def lines_to_sample(recipient: Recipient) -> list[RfqLine]:
    """The lines of a request of which a sample can be asked; the request was loaded with them."""
    return list(recipient.rfq.lines) if recipient.state in COMMITTED or recipient.committed_at else []


def line_of(recipient: Recipient, line_id: int) -> RfqLine:
    """One of them; `NotFound` for a line of another request."""
    found = next((line for line in lines_to_sample(recipient) if line.id == line_id), None)
    if found is None:
        raise NotFound
    return found


def sample_of(session: Session, actor: Actor, key: str) -> SampleRow:
    """A sample the actor may read; `NotFound` for anybody else's."""
    found = session.execute(_rows().where(Sample.key == key, readable_samples(actor))).first()
    if found is None:
        raise NotFound
    return SampleRow(*found)


def sample_held(session: Session, actor: Actor, key: str) -> Sample:
    """A sample of the actor's own company, locked, as it is now; `NotFound` for anybody else's."""
    own = select(Sample.id).join(Sample.seller).where(Sample.key == key, own_samples(actor))
    found = session.scalar(own)
    if found is None:
        raise NotFound
    return session.scalars(
        select(Sample).where(Sample.id == found).with_for_update(of=Sample).execution_options(populate_existing=True)
    ).one()


def samples_about(session: Session, actor: Actor, recipient_id: int) -> Sequence[Sample]:
    """The samples of one conversation, newest first."""
    return session.scalars(
        select(Sample)
        .join(Sample.seller)
        .where(Sample.recipient_id == recipient_id, own_samples(actor))
        .order_by(Sample.id.desc())
        .limit(50)
    ).all()


def samples_page(session: Session, actor: Actor, number: int) -> Page[SampleRow]:
    """All samples the actor may read, newest first."""
    page = page_of(session, _rows().where(readable_samples(actor)).order_by(Sample.id.desc()), number)
    return Page([SampleRow(*row) for row in page.items], page.number, page.size, page.has_next)


def _rows() -> Select[Sample, str, str, str, str]:
    selling, buying = aliased(Organisation), aliased(Organisation)
    return (
        select(Sample, selling.name, buying.name, buying.country, Recipient.key)
        .join(Sample.seller)
        .join(Sample.rfq)
        .join(Recipient, Recipient.id == Sample.recipient_id)
        .join(selling, selling.id == Seller.organisation_id)
        .join(buying, buying.id == Sample.buyer_id)
        .options(contains_eager(Sample.rfq), contains_eager(Sample.seller))
    )


def freight_to_send(session: Session, row: Sample, payment: Payment | None) -> Money | None:
    """What of promised freight the seller still has to send by bank, once the score sheet is there; None otherwise."""
    if payment is None or payment.paid_at is None or payment.is_by_card:
        return None
    if not row.refunds_freight or row.judged_at is None or PaymentState(payment.state) in WITH_BANK:
        return None
    return freight_left(Money(row.freight_minor, row.currency), given_back(session, payment)) or None
