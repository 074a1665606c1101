"""Files of a request, and who reads them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.kernel.policy import Actor
from marketplace.rfqs.models import Recipient, Rfq, RfqFile
from marketplace.rfqs.policies import is_opened
from marketplace.sellers.models import Seller


def files_of(session: Session, rfq_id: int) -> list[tuple[str, int]]:
    """Name and key of a request's files in their order; whoever calls has checked that the reader may know them."""
    rows = session.execute(
        select(StoredFile.name, StoredFile.id)
        .join(RfqFile, RfqFile.file_id == StoredFile.id)
        .where(RfqFile.rfq_id == rfq_id)
        .order_by(RfqFile.id)
    )
    return [(name, key) for name, key in rows]


def may_read_request_file(session: Session, actor: Actor, file_id: int) -> bool:
    """Whether the actor is a seller who was asked with this file's request and has committed to answer it.

    A file may name its company in every line, so it opens together with the buyer's name.
    """
    if not actor.is_seller or actor.organisation_id is None:
        return False
    query = (
        select(RfqFile.id)
        .join(Rfq, Rfq.id == RfqFile.rfq_id)
        .join(Recipient, Recipient.rfq_id == Rfq.id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(
            RfqFile.file_id == file_id,
            Seller.organisation_id == actor.organisation_id,
            Recipient.committed_at.is_not(None),
            is_opened(),
        )
    )
    return session.scalar(query.limit(1)) is not None
