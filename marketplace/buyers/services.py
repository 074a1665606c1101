"""Writes about buying companies."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.services.organisations import OrganisationDraft, change_organisation
from marketplace.buyers.events import BuyerRegistered
from marketplace.buyers.models import Buyer
from marketplace.buyers.queries import own_buyer
from marketplace.buyers.rules import Trade
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned


@dataclass(frozen=True)
class CompanyDraft:
    """A buying company's answers."""

    organisation: OrganisationDraft
    trade: Trade
    about: str = ""
    import_history: str = ""
    interests: list[str] = field(default_factory=list)


def register_buyer(
    session: Session, organisation_id: int, trade: Trade, interests: list[str], language: str, about: str = ""
) -> Buyer:
    """The buyer's side of an organisation that has just come into being."""
    buyer = Buyer(
        organisation_id=organisation_id,
        trade=trade,
        about=cleaned(about, 500),
        interests=list(interests),
        language=language,
        created_at=now(),
    )
    session.add(buyer)
    session.flush()  # the event needs the key
    record(session, BuyerRegistered(buyer.id, organisation_id))
    return buyer


def change_company(session: Session, actor: Actor, draft: CompanyDraft, version: int) -> bool:
    """Keep a company's answers; True when it has to be checked again. `Conflict` for a stale ``version``."""
    buyer = own_buyer(session, actor)
    if buyer.organisation.version != version:
        raise Conflict(_("A colleague has changed this page meanwhile. Reload it and enter your changes again."))
    is_level_gone = change_organisation(session, actor, buyer.organisation, draft.organisation)
    buyer.trade = draft.trade
    buyer.about = cleaned(draft.about, 500)
    buyer.import_history = cleaned(draft.import_history, 500)
    buyer.interests = list(draft.interests)
    return is_level_gone
