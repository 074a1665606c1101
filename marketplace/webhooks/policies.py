"""Who may have events sent to their own systems: owners of sellers, buyers and chapters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, false

from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, Role, refused
from marketplace.webhooks.models import WebhookEndpoint
from marketplace.webhooks.rules import kinds_of


def may_manage_endpoints(actor: Actor) -> Decision:
    """Owners alone: who holds a secret reads along whatever the organisation may read."""
    if actor.organisation_id is None or actor.is_suspended or not kinds_of(actor.kind):
        return HIDDEN
    if actor.is_partner and not actor.has_second_factor:
        return HIDDEN
    if Role.OWNER in actor.roles:
        return ALLOWED
    return refused(_("Only an owner of your organisation can do this. Ask one of them."))


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """Endpoints of the actor's own organisation, as an SQL condition."""
    if not may_manage_endpoints(actor).is_allowed:
        return false()
    return WebhookEndpoint.organisation_id == actor.organisation_id
