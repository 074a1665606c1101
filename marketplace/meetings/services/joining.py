"""An organisation takes part in the meetings of a fair, says something else of itself, or leaves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.inserting import hold, write
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.text import cleaned
from marketplace.meetings.drafts import GuestDraft
from marketplace.meetings.models import MeetingGuest
from marketplace.meetings.policies import may_take_part
from marketplace.meetings.queries import own_guest, plan_at
from marketplace.meetings.rules import GuestKind
from marketplace.meetings.services.booking import drop_open
from marketplace.partners.models import Application
from marketplace.partners.rules import ApplicationState
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState

MOST_COMMODITIES = 40


def take_part(session: Session, actor: Actor, fair_id: int, draft: GuestDraft) -> MeetingGuest:
    """Join the meetings of a fair, come back, or change what is said; `DomainError` names what is wrong."""
    require(may_take_part(actor))
    assert actor.organisation_id is not None  # see the policy
    fair, plan = plan_at(session, fair_id)
    if fair.last_day < today():
        raise Conflict(_("This fair is over."))
    kind = _kind(session, actor)
    known = load_registry().commodities
    person, about = cleaned(draft.person, 80), cleaned(draft.about, 500)
    goods = [key for key in dict.fromkeys(draft.commodities) if key in known][:MOST_COMMODITIES]
    if not person:
        raise DomainError(_("Write who comes."))
    if not goods:
        raise DomainError(_("Choose at least one commodity."))
    values = {"kind": kind, "person": person, "about": about, "commodities": goods, "joined_by_id": actor.user_id}
    audit(session, actor, "meeting.joined", f"fair:{fair.id}")
    guest = own_guest(session, actor, plan.id)
    if guest is None:
        fresh = MeetingGuest(
            plan_id=plan.id, organisation_id=actor.organisation_id, joined_at=now(), left_at=None, version=1, **values
        )
        if write(session, fresh, unless_taken=("plan_id", "organisation_id")):
            hold(session, fresh)
            return fresh
        guest = own_guest(session, actor, plan.id)  # a colleague was faster
        assert guest is not None
    for name, value in values.items():
        setattr(guest, name, value)
    guest.left_at = None
    return guest


def leave(session: Session, actor: Actor, fair_id: int) -> None:
    """Take part no more; open requests and meetings to come are cancelled and the others told."""
    _fair, plan = plan_at(session, fair_id)
    guest = own_guest(session, actor, plan.id)
    if guest is None or guest.left_at is not None:
        return
    drop_open(session, guest, actor.user_id)
    guest.left_at = now()
    audit(session, actor, "meeting.left", f"fair:{fair_id}")


def _kind(session: Session, actor: Actor) -> GuestKind:
    if actor.is_seller:
        curation = session.scalar(select(Seller.curation).where(Seller.organisation_id == actor.organisation_id))
        if curation != CurationState.APPROVED:
            raise Forbidden(_("Sellers take part once the programme has approved them."))
        return GuestKind.SELLER
    is_distributor = session.scalar(
        select(Application.id).where(
            Application.organisation_id == actor.organisation_id, Application.state == ApplicationState.APPROVED
        )
    )
    return GuestKind.BUYER if is_distributor is None else GuestKind.DISTRIBUTOR
