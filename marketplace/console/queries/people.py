"""People, organisations and sellers as staff look for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.models import Membership, Organisation, StoredFile, User, Verification
from marketplace.accounts.rules import VerificationLevel
from marketplace.catalogue.models import Product
from marketplace.console.queries.overview import DUE_SOON
from marketplace.kernel.clock import today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import OrganisationKind
from marketplace.sellers.models import Producer, Seller, SellerProducer


@dataclass(frozen=True)
class PersonRow:
    """A person in the operators' list."""

    id: int
    name: str
    email: str
    phone: str
    created_at: datetime
    suspended_at: datetime | None
    has_second_factor: bool
    organisations: tuple[str, ...]


def _like(text: str) -> str:
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def people_page(session: Session, text: str, number: int) -> Page[PersonRow]:
    """People whose name, address or number contains ``text``, newest first; with their organisations."""
    query = select(User).where(User.erased_at.is_(None)).order_by(User.id.desc())
    if text.strip():
        wish = _like(text)
        query = query.where(
            or_(
                User.name.ilike(wish, escape="\\"),
                User.email.ilike(wish, escape="\\"),
                User.phone.ilike(wish, escape="\\"),
                User.stated_phone.ilike(wish, escape="\\"),
            )
        )
    page = page_of(session, query, number)
    names: dict[int, list[str]] = {}
    rows = session.execute(
        select(Membership.user_id, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_([user.id for user in page.items]))
        .order_by(Membership.id)
    )
    for user_id, name in rows:
        names.setdefault(user_id, []).append(name)
    items = [
        PersonRow(
            user.id,
            user.name,
            user.email or "",
            user.phone or user.stated_phone or "",
            user.created_at,
            user.suspended_at,
            user.totp_enabled_at is not None,
            tuple(names.get(user.id, ())),
        )
        for user in page.items
    ]
    return Page(items, page.number, page.size, page.has_next)


def organisation_page(session: Session, text: str, kind: str, number: int) -> Page[Organisation]:
    """Organisations whose name contains ``text``, of one kind or all, newest first."""
    query = select(Organisation).order_by(Organisation.id.desc())
    if text.strip():
        query = query.where(Organisation.name.ilike(_like(text), escape="\\"))
    if kind in set(OrganisationKind):
        query = query.where(Organisation.kind == kind)
    return page_of(session, query, number)


def to_verify(session: Session, show: str, number: int) -> Page[Organisation]:
    """Organisations to check: ``new`` never checked, ``due`` whose check ends within a month, or all checked ones."""
    query = select(Organisation).where(
        Organisation.kind != OrganisationKind.PROGRAMME, Organisation.suspended_at.is_(None)
    )
    if show == "due":
        query = query.where(Organisation.verified_until < today() + DUE_SOON).order_by(Organisation.verified_until)
    elif show == "checked":
        query = query.where(Organisation.verification_level != VerificationLevel.NONE).order_by(Organisation.name)
    else:
        query = query.where(Organisation.verification_level == VerificationLevel.NONE)
    return page_of(session, query.order_by(Organisation.id), number)


def staff_organisation(session: Session, slug: str) -> Organisation:
    """An organisation by its address part; `NotFound` where there is none."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None or organisation.kind == OrganisationKind.PROGRAMME:
        raise NotFound
    return organisation


def verifications_of(
    session: Session, organisation_id: int
) -> tuple[list[tuple[Verification, str]], list[StoredFile], list[User]]:
    """Earlier checks with the checker's name, the organisation's documents, and its people."""
    checks = session.execute(
        select(Verification, User.name)
        .outerjoin(User, User.id == Verification.checked_by_id)
        .where(Verification.organisation_id == organisation_id)
        .order_by(Verification.id.desc())
    ).all()
    files = session.scalars(
        select(StoredFile).where(StoredFile.organisation_id == organisation_id).order_by(StoredFile.id.desc()).limit(50)
    )
    people = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.id)
    )
    return [(check, name or "") for check, name in checks], list(files), list(people)


def sellers_page(session: Session, state: str, number: int) -> Page[Seller]:
    """Sellers in one state of curation or all, newest first, with their organisation."""
    query = select(Seller).options(joinedload(Seller.organisation)).order_by(Seller.id.desc())
    if state:
        query = query.where(Seller.curation == state)
    return page_of(session, query, number)


def staff_seller(session: Session, slug: str) -> tuple[Seller, list[Producer], dict[str, int]]:
    """A seller with organisation and producers, and how many products it has in each state."""
    seller = session.scalar(
        select(Seller)
        .where(Seller.slug == slug)
        .options(
            joinedload(Seller.organisation),
            selectinload(Seller.producers).joinedload(SellerProducer.producer).selectinload(Producer.texts),
        )
    )
    if seller is None:
        raise NotFound
    states = session.execute(
        select(Product.state, func.count()).where(Product.seller_id == seller.id).group_by(Product.state)
    )
    return seller, [link.producer for link in seller.producers], dict(states.all())


def people_without_mail(session: Session, organisation_id: int) -> list[User]:
    """Members who sign in by telephone number alone, so that only staff can send them a new password link."""
    rows = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.phone.is_not(None), User.erased_at.is_(None))
        .where(User.email.is_(None) | User.email_verified_at.is_(None))
        .order_by(User.name, User.id)
    )
    return list(rows)


def mentors(session: Session) -> list[tuple[int, str]]:
    """The programme's people, by name."""
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.kind == OrganisationKind.PROGRAMME, User.suspended_at.is_(None), User.erased_at.is_(None))
        .distinct()
        .order_by(User.name)
    )
    return [(key, name) for key, name in rows]
