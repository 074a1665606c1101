"""Colleagues: invited by an owner, made owners or members, removed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import AccountOpened
from marketplace.accounts.models import LinkToken, Membership, User
from marketplace.accounts.policies import may_manage_members
from marketplace.accounts.queries import owner_count
from marketplace.accounts.rules import Document, Purpose
from marketplace.accounts.services import throttle
from marketplace.accounts.services.consents import give_consent
from marketplace.accounts.services.links import open_link, send_link, use_link
from marketplace.accounts.services.organisations import add_member
from marketplace.accounts.services.people import person_of_address
from marketplace.accounts.services.sessions import end_all_sessions
from marketplace.i18n.locales import known
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, OrganisationKind, Role, require
from marketplace.kernel.text import cleaned


def roles_to_give(actor: Actor) -> tuple[Role, ...]:
    """The roles an owner (in the programme: an operator) can give in their organisation."""
    if actor.kind is OrganisationKind.PROGRAMME:
        return (Role.CURATOR, Role.OPERATOR)
    return (Role.MEMBER, Role.OWNER)


def invite_member(session: Session, actor: Actor, email: str, name: str, role: Role, network: str | None) -> None:
    """Send a colleague a link to join. The answer is the same whether or not they have an account elsewhere."""
    require(may_manage_members(actor))
    if role not in roles_to_give(actor):
        raise DomainError(_("Choose one of the roles of your organisation."))
    throttle.spend(session, throttle.INVITE_ORGANISATION, str(actor.organisation_id))
    throttle.spend(session, throttle.MAIL_ADDRESS, throttle.network_of(network))
    throttle.spend(session, throttle.MAIL_RECIPIENT, email)
    user = person_of_address(session, email, name, actor.locale, actor.time_zone)
    present = select(Membership.id).where(
        Membership.user_id == user.id, Membership.organisation_id == actor.organisation_id
    )
    if session.scalar(present) is not None:
        raise Conflict(_("This person is a member already."))
    payload = {
        "organisation_id": actor.organisation_id,
        "organisation_name": actor.organisation_name,
        "invited_by": actor.name,
        "inviter_id": actor.user_id,
        "name": cleaned(name, 200),
        "role": role.value,
    }
    send_link(session, Purpose.MEMBER_INVITE, user.id, payload, email)
    audit(session, actor, "member.invited", f"organisation:{actor.organisation_id}", role=role)


def member_invitation(session: Session, token: str) -> tuple[LinkToken, User]:
    """An invitation and the invited person's account; it has no password if they are new."""
    link = open_link(session, Purpose.MEMBER_INVITE, token)
    user = session.get(User, link.user_id)
    if user is None or user.suspended_at is not None or user.erased_at is not None:
        raise NotFound
    _require_inviter(session, link.payload)
    return link, user


def accept_member_invitation(
    session: Session, token: str, *, new_password_hash: str = "", name: str = "", locale: str = ""
) -> User:
    """Join. A new person comes with a password and consents; a known one has shown their password before."""
    link = use_link(session, Purpose.MEMBER_INVITE, token)
    user = session.get(User, link.user_id)
    if user is None or user.suspended_at is not None or user.erased_at is not None:
        raise NotFound
    _require_inviter(session, link.payload)
    if new_password_hash:
        if user.password_hash is not None:
            raise Conflict(_("This address has an account already. Open the link again and type its password."))
        user.name, user.locale = cleaned(name, 200), known(locale)
        user.password_hash = new_password_hash
        give_consent(session, user.id, list(Document), user.locale)
        record(session, AccountOpened(user.id))
    user.email_verified_at = user.email_verified_at or now()
    payload: dict[str, Any] = link.payload
    present = select(Membership.id).where(
        Membership.user_id == user.id, Membership.organisation_id == payload["organisation_id"]
    )
    if session.scalar(present) is None:
        add_member(session, payload["organisation_id"], user.id, Role(payload["role"]))
    return user


def _require_inviter(session: Session, payload: dict[str, Any]) -> None:
    """Whoever invited must still be in charge: nobody comes back by a link they sent before they had to go.

    A chapter's manager is invited by an operator, who is in charge of the programme and not of the chapter.
    """
    in_charge = session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.user_id == payload.get("inviter_id"),
            Membership.organisation_id == payload.get("inviter_organisation_id", payload["organisation_id"]),
            Membership.role.in_([Role.OWNER, Role.OPERATOR]),
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
        )
    )
    if in_charge is None:
        raise NotFound(_("This invitation does not hold any more. Ask for a new one."))


def change_role(session: Session, actor: Actor, membership_id: int, role: Role) -> None:
    """Give a colleague another role; they are signed out everywhere. The last owner stays owner."""
    membership = _own_membership(session, actor, membership_id)
    if role not in roles_to_give(actor):
        raise DomainError(_("Choose one of the roles of your organisation."))
    if membership.role == role:
        return
    _keep_one_in_charge(session, actor, membership)
    membership.role = role
    end_all_sessions(session, membership.user_id)
    audit(session, actor, "member.role_changed", f"user:{membership.user_id}", role=role)


def remove_member(session: Session, actor: Actor, membership_id: int) -> None:
    """Take a colleague out of the organisation; they are signed out everywhere."""
    membership = _own_membership(session, actor, membership_id)
    _keep_one_in_charge(session, actor, membership)
    end_all_sessions(session, membership.user_id)
    audit(session, actor, "member.removed", f"user:{membership.user_id}")
    session.delete(membership)


def _own_membership(session: Session, actor: Actor, membership_id: int) -> Membership:
    require(may_manage_members(actor))
    membership = session.scalar(
        select(Membership)
        .where(Membership.id == membership_id, Membership.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    if membership is None:
        raise NotFound
    return membership


def _keep_one_in_charge(session: Session, actor: Actor, membership: Membership) -> None:
    in_charge = Role.OPERATOR if actor.kind is OrganisationKind.PROGRAMME else Role.OWNER
    if membership.role == in_charge and owner_count(session, membership.organisation_id, in_charge) < 2:
        raise Conflict(_("Somebody has to stay in charge. Give another person this role first."))
