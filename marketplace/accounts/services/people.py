"""People: made by the command line or staff, suspended and let back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.contact import email_or_none, phone_or_none
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.passwords import hash_password, password_fault
from marketplace.accounts.policies import may_suspend
from marketplace.accounts.services.sessions import end_all_sessions
from marketplace.i18n.locales import known
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.policy import Actor, OrganisationKind, require
from marketplace.kernel.text import cleaned


def create_user(
    session: Session,
    name: str,
    *,
    email: str = "",
    phone: str = "",
    password: str = "",
    locale: str = "en",
    time_zone: str = "UTC",
    is_verified: bool = True,
) -> User:
    """A person who can sign in at once: by command or by someone who knows them. The password is judged as any other.

    Raises `DomainError` for an address, number or password that cannot be taken, `Conflict` for one that is taken.
    """
    address = email_or_none(email) if email else None
    number = phone_or_none(phone) if phone else None
    if (email and address is None) or (phone and number is None) or not (address or number):
        raise DomainError(_("Give a complete e-mail address or a telephone number with its country code."))
    if password and (fault := password_fault(password, [address or "", name])) is not None:
        raise DomainError(fault)
    taken = select(User.id).where((User.email == address) if address else (User.phone == number))
    if number and address:
        taken = select(User.id).where((User.email == address) | (User.phone == number))
    if session.scalar(taken.limit(1)) is not None:
        raise Conflict(_("There is an account with this address or number already."))
    user = User(
        name=cleaned(name, 200),
        email=address,
        phone=number,
        password_hash=hash_password(password) if password else None,
        locale=known(locale),
        time_zone=time_zone,
        email_verified_at=now() if address and is_verified else None,
        created_at=now(),
    )
    session.add(user)
    session.flush()  # memberships need the key
    return user


def person_of_address(session: Session, email: str, name: str, locale: str, time_zone: str = "UTC") -> User:
    """The account of ``email``; where there is none, an unconfirmed one without a password comes into being."""
    query = select(User).where(User.email == email)
    found = session.scalar(query)
    if found is not None:
        return found
    user = User(name=cleaned(name, 200), email=email, locale=known(locale), time_zone=time_zone, created_at=now())
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # another registration with the same address came first
        return session.scalars(query).one()
    return user


def suspend_user(session: Session, actor: Actor, user_id: int) -> None:
    """Sign a person out everywhere and keep them out. Audited."""
    user = _to_suspend(session, actor, user_id)
    if user.suspended_at is not None:
        raise Conflict(_("This person is suspended already."))
    user.suspended_at = now()
    end_all_sessions(session, user.id)
    audit(session, actor, "account.suspended", f"user:{user.id}")


def unsuspend_user(session: Session, actor: Actor, user_id: int) -> None:
    """Let a person sign in again. Audited."""
    user = _to_suspend(session, actor, user_id)
    if user.suspended_at is None:
        raise Conflict(_("This person is not suspended."))
    user.suspended_at = None
    audit(session, actor, "account.unsuspended", f"user:{user.id}")


def _to_suspend(session: Session, actor: Actor, user_id: int) -> User:
    require(may_suspend(actor))
    user = session.get(User, user_id)
    if user is None or user.erased_at is not None:
        raise NotFound
    if user.id == actor.user_id:
        raise DomainError(_("Nobody suspends themselves."))
    works_for_programme = session.scalar(
        select(Membership.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == user_id, Organisation.kind == OrganisationKind.PROGRAMME)
        .limit(1)
    )
    if works_for_programme is not None and not actor.is_operator:
        raise NotFound
    return user
