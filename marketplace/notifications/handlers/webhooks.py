"""Addresses for events: what owners are told of them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership
from marketplace.kernel.events import on
from marketplace.kernel.policy import Role
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.webhooks.events import EndpointSwitchedOff
from marketplace.webhooks.models import WebhookEndpoint


@on(EndpointSwitchedOff)
def say_off(session: Session, event: EndpointSwitchedOff) -> None:
    """Owners learn that nothing is sent there any more, each time it happens."""
    row = session.get_one(WebhookEndpoint, event.endpoint_id, populate_existing=True)
    owners = session.scalars(
        select(Membership.user_id)
        .where(Membership.organisation_id == row.organisation_id, Membership.role == Role.OWNER)
        .order_by(Membership.id)
    ).all()
    moment = f"{row.off_at:%Y%m%d%H%M%S}" if row.off_at else ""
    notify(session, Kind.ENDPOINT_OFF, f"endpoint:{row.id}:{moment}", owners, {}, f"/organisation/endpoints/{row.key}")
