"""What this domain keeps about a person: addresses they added for their organisation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.personal_data import PersonalData, register
from marketplace.webhooks.models import WebhookEndpoint


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Addresses the person added; never a secret."""
    rows = session.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.created_by_id == user_id).order_by(WebhookEndpoint.id)
    )
    return {"endpoints": [{"address": one.url, "events": one.kinds, "at": one.created_at.isoformat()} for one in rows]}


def erase(session: Session, user_id: int) -> None:
    """Addresses stay with the organisation, without the person; where nobody is left, they go with what was sent."""
    closing = organisations_left_empty(session, user_id)
    for statement in (
        delete(WebhookEndpoint).where(WebhookEndpoint.organisation_id.in_(closing)),
        update(WebhookEndpoint).where(WebhookEndpoint.created_by_id == user_id).values(created_by_id=None),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()


register(PersonalData("webhooks", export, erase))
