"""Rows of a pool as the facts of its annex, through the owner check of the member or the coordinator."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.documents.papers.pool_annex import AnnexFacts
from marketplace.i18n.locales import LOCALES
from marketplace.kernel.errors import NotFound
from marketplace.kernel.measures import Quantity
from marketplace.kernel.policy import Actor
from marketplace.quotes.models import QuotePool, QuoteVersion
from marketplace.quotes.queries import lead_to_write
from marketplace.quotes.queries.goods import commodity_of
from marketplace.quotes.queries.pooling import frozen_version, pool_of, share_of
from marketplace.quotes.rules import ShareState
from marketplace.rfqs.models import Recipient
from marketplace.sellers.models import Seller


def annex_of_member(session: Session, actor: Actor, key: str) -> AnnexFacts:
    """The annex as a member reads it whose share is part of a version that was sent; `NotFound` otherwise."""
    share = share_of(session, actor, key)
    if share.state != ShareState.AGREED:
        raise NotFound
    return _annex(session, session.get_one(QuotePool, share.pool_id), share.id)


def annex_of_coordinator(session: Session, actor: Actor, key: str) -> AnnexFacts:
    """The same for the seller of record, and for the chapter that coordinates."""
    found = pool_of(session, lead_to_write(session, actor, key).id)
    if found is None:
        raise NotFound
    return _annex(session, found, None)


def _annex(session: Session, pool: QuotePool, share_id: int | None) -> AnnexFacts:
    version = frozen_version(session, pool, share_id)
    if version is None:
        raise NotFound
    coordinator = session.scalars(
        select(Organisation)
        .join(Seller, Seller.organisation_id == Organisation.id)
        .join(Recipient, Recipient.seller_id == Seller.id)
        .where(Recipient.id == pool.recipient_id)
    ).one()
    return _facts(session, pool, version, coordinator)


def _facts(session: Session, pool: QuotePool, version: QuoteVersion, coordinator: Organisation) -> AnnexFacts:
    assert version.sent_at is not None
    frozen = version.shares or []
    query = select(Seller.id, Organisation.name).join(Organisation, Organisation.id == Seller.organisation_id)
    names = dict(session.execute(query.where(Seller.id.in_([one["seller_id"] for one in frozen]))).all())
    shares = [(names[one["seller_id"]], Quantity(Decimal(one["quantity"]), one["unit"])) for one in frozen]
    if pool.own:
        shares.insert(0, (coordinator.name, Quantity(pool.own, pool.unit)))
    goods = commodity_of(pool.commodity)
    return AnnexFacts(
        number=f"POOL-{pool.id}-{version.number}",
        made_at=version.sent_at,
        coordinator=coordinator.name,
        goods={locale: goods.name(locale) if goods else pool.commodity for locale in LOCALES},
        specification=pool.specification,
        shares=shares,
        total=Quantity(sum((quantity.amount for _name, quantity in shares), Decimal(0)), pool.unit),
        is_sample_data=coordinator.is_sample,
    )
