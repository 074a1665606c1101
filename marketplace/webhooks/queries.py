"""Reads of endpoints and of what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor, require
from marketplace.webhooks.models import WebhookDelivery, WebhookEndpoint
from marketplace.webhooks.policies import managed_by, may_manage_endpoints


def endpoints_of(session: Session, actor: Actor) -> Sequence[WebhookEndpoint]:
    """The endpoints of the actor's organisation, oldest first. `Forbidden` for who is no owner."""
    require(may_manage_endpoints(actor))
    return session.scalars(select(WebhookEndpoint).where(managed_by(actor)).order_by(WebhookEndpoint.id)).all()


def endpoint_of(session: Session, actor: Actor, key: str, *, is_locked: bool = False) -> WebhookEndpoint:
    """One endpoint of the actor's organisation; anything else does not exist."""
    require(may_manage_endpoints(actor))
    query = select(WebhookEndpoint).where(WebhookEndpoint.key == key, managed_by(actor))
    query = query.execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if is_locked else query)
    if found is None:
        raise NotFound
    return found


def count_of(session: Session, organisation_id: int) -> int:
    """How many endpoints an organisation has."""
    query = select(func.count()).select_from(WebhookEndpoint)
    return session.scalar(query.where(WebhookEndpoint.organisation_id == organisation_id)) or 0


def deliveries_of(session: Session, endpoint: WebhookEndpoint, number: int) -> Page[WebhookDelivery]:
    """What was sent to an endpoint, newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id)
    return page_of(session, query.order_by(WebhookDelivery.id.desc()), number)


def delivery_of(session: Session, endpoint: WebhookEndpoint, key: str) -> WebhookDelivery:
    """One delivery to an endpoint, with its row lock."""
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.key == key)
    found = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found
