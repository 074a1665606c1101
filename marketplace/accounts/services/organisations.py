"""Organisations: made, joined, verified, suspended; and whom they do not want to hear from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from marketplace.accounts.events import OrganisationChanged, OrganisationVerified
from marketplace.accounts.models import Block, Membership, Organisation, User, Verification
from marketplace.accounts.policies import may_change_organisation, may_suspend, may_verify
from marketplace.accounts.rules import VerificationLevel, VerificationMethod
from marketplace.accounts.services.sessions import end_all_sessions
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, OrganisationKind, Role, require
from marketplace.kernel.text import cleaned, slug

LONGEST_VERIFICATION = timedelta(days=2 * 366)


@dataclass(frozen=True)
class OrganisationDraft:
    """What an organisation may change about itself at once."""

    name: str
    country: str
    city: str
    website: str
    registration_number: str


def create_organisation(
    session: Session,
    kind: OrganisationKind,
    name: str,
    country: str,
    *,
    city: str = "",
    website: str = "",
    registration_number: str = "",
    is_sample: bool = False,
) -> Organisation:
    """A new organisation with an address part of its own; unverified and without members."""
    organisation = Organisation(
        kind=kind,
        slug=free_slug(session, name),
        name=cleaned(name, 200),
        country=country,
        city=cleaned(city, 80),
        website=cleaned(website, 200),
        registration_number=cleaned(registration_number, 80),
        is_sample=is_sample,
        created_at=now(),
    )
    session.add(organisation)
    session.flush()  # members and profiles need its key
    return organisation


def free_slug(session: Session, name: str) -> str:
    """An address part made from ``name`` that no organisation has yet."""
    base = slug(name, "organisation")
    taken = set(session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def add_member(session: Session, organisation_id: int, user_id: int, role: Role) -> Membership:
    """Make a person a member; their sessions go on."""
    membership = Membership(user_id=user_id, organisation_id=organisation_id, role=role, created_at=now())
    session.add(membership)
    session.flush()  # a session opened next looks it up
    return membership


def verify_organisation(
    session: Session,
    actor: Actor,
    organisation_id: int,
    level: VerificationLevel,
    method: VerificationMethod,
    evidence: str,
    next_check_on: date,
    note: str = "",
) -> Verification:
    """Write down a check of an organisation; its level counts until the next check is due. Staff only, audited."""
    require(may_verify(actor))
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    if actor.organisation_id == organisation_id:
        raise DomainError(_("Nobody verifies their own organisation. Ask a colleague of another one."))
    if not evidence.strip():
        raise DomainError(_("Write down what was seen: which document, whom you spoke with, where you were."))
    if not today() < next_check_on <= today() + LONGEST_VERIFICATION:
        raise DomainError(_("The next check is due within two years. Choose a later day than today."))
    check = Verification(
        organisation_id=organisation_id,
        level=level,
        method=method,
        evidence=cleaned(evidence, 500),
        note=cleaned(note, 500),
        checked_by_id=actor.user_id,
        checked_on=today(),
        next_check_on=next_check_on,
        created_at=now(),
    )
    session.add(check)
    organisation.verification_level = level
    organisation.verified_until = next_check_on if level is not VerificationLevel.NONE else None
    audit(session, actor, "organisation.verified", f"organisation:{organisation_id}", level=level, method=method)
    record(session, OrganisationVerified(organisation_id, level))
    record(session, OrganisationChanged(organisation_id))
    return check


def change_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    draft: OrganisationDraft,
    *,
    claims_changed: bool = False,
) -> bool:
    """Keep an organisation's own answers; gives True when what was verified has changed and the level is gone.

    ``claims_changed`` says that a checked answer outside the organisation's own row has changed.
    """
    require(may_change_organisation(actor, organisation))
    before = (organisation.name, organisation.country, organisation.registration_number)
    organisation.name = cleaned(draft.name, 200)
    organisation.country = draft.country
    organisation.city = cleaned(draft.city, 80)
    organisation.website = cleaned(draft.website, 200)
    organisation.registration_number = cleaned(draft.registration_number, 80)
    after = (organisation.name, organisation.country, organisation.registration_number)
    is_level_gone = (claims_changed or before != after) and organisation.verification_level != VerificationLevel.NONE
    if is_level_gone:
        organisation.verification_level = VerificationLevel.NONE
        organisation.verified_until = None
        audit(session, actor, "organisation.verification_voided", f"organisation:{organisation.id}")
    flag_modified(organisation, "name")  # every saved page is a new version, even if only its profile changed
    record(session, OrganisationChanged(organisation.id))
    return is_level_gone


def lapse_verifications(session: Session) -> int:
    """Take the level off organisations whose next check was due before today; gives how many."""
    due = session.scalars(select(Organisation).where(Organisation.verified_until < today()))
    count = 0
    for organisation in due:
        organisation.verification_level = VerificationLevel.NONE
        organisation.verified_until = None
        audit(session, None, "organisation.verification_lapsed", f"organisation:{organisation.id}")
        record(session, OrganisationChanged(organisation.id))
        count += 1
    return count


def suspend_organisation(session: Session, actor: Actor, organisation_id: int) -> None:
    """Take an organisation off the market; its people are signed out and find only their account pages again."""
    organisation = _to_suspend(session, actor, organisation_id)
    if organisation.suspended_at is not None:
        raise Conflict(_("This organisation is suspended already."))
    organisation.suspended_at = now()
    for user_id in session.scalars(select(Membership.user_id).where(Membership.organisation_id == organisation_id)):
        end_all_sessions(session, user_id)
    audit(session, actor, "organisation.suspended", f"organisation:{organisation_id}")
    record(session, OrganisationChanged(organisation_id))


def unsuspend_organisation(session: Session, actor: Actor, organisation_id: int) -> None:
    """Let an organisation back."""
    organisation = _to_suspend(session, actor, organisation_id)
    if organisation.suspended_at is None:
        raise Conflict(_("This organisation is not suspended."))
    organisation.suspended_at = None
    audit(session, actor, "organisation.unsuspended", f"organisation:{organisation_id}")
    record(session, OrganisationChanged(organisation_id))


def block_organisation(session: Session, actor: Actor, organisation_slug: str) -> Organisation:
    """Hear no more from an organisation: neither side can write to the other. Blocking twice changes nothing."""
    blocked = session.scalar(select(Organisation).where(Organisation.slug == organisation_slug))
    if blocked is None or actor.organisation_id is None:
        raise NotFound
    if blocked.id == actor.organisation_id:
        raise DomainError(_("This is your own organisation."))
    if blocked.kind == OrganisationKind.PROGRAMME:
        raise DomainError(_("The programme's own messages cannot be blocked; you can turn most of them off."))
    present = select(Block.id).where(Block.organisation_id == actor.organisation_id, Block.blocked_id == blocked.id)
    if session.scalar(present) is None:
        session.add(Block(organisation_id=actor.organisation_id, blocked_id=blocked.id, created_at=now()))
        audit(session, actor, "organisation.blocked", f"organisation:{blocked.id}")
    return blocked


def lift_block(session: Session, actor: Actor, block_id: int) -> None:
    """Hear from an organisation again."""
    gone = session.execute(
        delete(Block).where(Block.id == block_id, Block.organisation_id == actor.organisation_id).returning(Block.id)
    ).first()
    if gone is None:
        raise NotFound
    audit(session, actor, "organisation.block_lifted", f"block:{block_id}")


def people_of(session: Session, organisation_id: int) -> list[User]:
    """The people of an organisation."""
    query = select(User).join(Membership, Membership.user_id == User.id)
    return list(session.scalars(query.where(Membership.organisation_id == organisation_id)))


def _to_suspend(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    require(may_suspend(actor))
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    if organisation.id == actor.organisation_id:
        raise DomainError(_("Nobody suspends their own organisation."))
    if organisation.kind == OrganisationKind.PROGRAMME and not actor.is_operator:
        raise NotFound
    return organisation
