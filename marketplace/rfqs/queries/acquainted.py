"""Whom a seller knows by name: companies whose requests they committed to answer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.policy import Actor
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.policies import is_opened
from marketplace.sellers.models import Seller


def known_buyers(session: Session, actor: Actor, most: int = 200) -> list[tuple[int, str]]:
    """Key and name of each buying company that the actor's organisation may call by name, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Rfq, Rfq.buyer_id == Organisation.id)
        .join(Recipient, Recipient.rfq_id == Rfq.id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(
            Seller.organisation_id == actor.organisation_id,
            Recipient.committed_at.is_not(None),
            Organisation.suspended_at.is_(None),
            is_opened(),
        )
        .distinct()
        .order_by(Organisation.name, Organisation.id)
        .limit(most)
    )
    return [(key, name) for key, name in rows]
