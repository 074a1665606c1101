"""A registered organisation of the buyer's kind gets its profile."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.events import RegistrationConfirmed
from marketplace.accounts.models import LinkToken
from marketplace.buyers.rules import Trade
from marketplace.buyers.services import register_buyer
from marketplace.kernel.events import on
from marketplace.kernel.policy import OrganisationKind


@on(RegistrationConfirmed)
def begin_profile(session: Session, event: RegistrationConfirmed) -> None:
    """Make the buyer from what waits in the link."""
    if event.kind != OrganisationKind.BUYER:
        return
    payload = session.get_one(LinkToken, event.link_id).payload
    profile = payload["profile"]
    register_buyer(
        session,
        event.organisation_id,
        Trade(profile["trade"]),
        profile.get("interests", []),
        payload["locale"],
        profile.get("about", ""),
    )
