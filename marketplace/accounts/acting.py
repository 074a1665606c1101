"""Who acts where no session stands behind it: an answer by link, by mail, or a guest's first request."""

from __future__ import annotations

from marketplace.accounts.models import Organisation, User
from marketplace.kernel.policy import Actor, OrganisationKind, Role


def acting_for(user: User, organisation: Organisation, role: Role) -> Actor:
    """The person as a member of one organisation, without session and second factor."""
    return Actor(
        user_id=user.id,
        name=user.name,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        kind=OrganisationKind(organisation.kind),
        roles=frozenset({role}),
        locale=user.locale,
        time_zone=user.time_zone,
        is_suspended=organisation.suspended_at is not None,
    )
