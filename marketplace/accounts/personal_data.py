"""What accounts keep about a person: handed out whole, erased or taken out of what others need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged, PersonErased
from marketplace.accounts.models import (
    Consent,
    DataRequest,
    LinkToken,
    Membership,
    Organisation,
    RecoveryCode,
    SessionRow,
    StoredFile,
    User,
    Verification,
)
from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """The account, its organisations, sessions, consents, documents, checks made and acts written down."""
    user = session.get_one(User, user_id)
    organisations = session.execute(
        select(Organisation, Membership)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.id)
    ).all()
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "phone": user.phone,
            "phone_stated": user.stated_phone,
            "language": user.locale,
            "time_zone": user.time_zone,
            "opened": user.created_at.isoformat(),
            "email_confirmed": _iso(user.email_verified_at),
            "second_factor_since": _iso(user.totp_enabled_at),
        },
        "organisations": [
            {
                "name": organisation.name,
                "kind": organisation.kind,
                "country": organisation.country,
                "city": organisation.city,
                "website": organisation.website,
                "registration_number": organisation.registration_number,
                "role": membership.role,
                "member_since": membership.created_at.isoformat(),
            }
            for organisation, membership in organisations
        ],
        "sessions": [
            {"device": row.device, "began": row.created_at.isoformat(), "last_used": row.last_seen_at.isoformat()}
            for row in session.scalars(_own(SessionRow, user_id))
        ],
        "consents": [
            {
                "document": row.document,
                "version": row.document_version,
                "given": row.given_at.isoformat(),
                "withdrawn": _iso(row.withdrawn_at),
            }
            for row in session.scalars(_own(Consent, user_id))
        ],
        "links": [
            {"purpose": row.purpose, "made": row.created_at.isoformat(), "contents": _without_secrets(row.payload)}
            for row in session.scalars(_own(LinkToken, user_id))
        ],
        "documents": [
            {"name": row.name, "kind": row.media_type, "bytes": row.size, "uploaded": row.created_at.isoformat()}
            for row in session.scalars(select(StoredFile).where(StoredFile.uploaded_by_id == user_id))
        ],
        "checks_made": [
            {
                "organisation": row.organisation_id,
                "level": row.level,
                "on": row.checked_on.isoformat(),
                "evidence": row.evidence,
                "note": row.note,
            }
            for row in session.scalars(select(Verification).where(Verification.checked_by_id == user_id))
        ],
        "data_requests": [
            {"kind": row.kind, "asked": row.asked_at.isoformat(), "done": _iso(row.done_at)}
            for row in session.scalars(_own(DataRequest, user_id))
        ],
        "acts": [
            {"at": row.at.isoformat(), "action": row.action, "subject": row.subject}
            for row in session.scalars(select(AuditEntry).where(AuditEntry.user_id == user_id).order_by(AuditEntry.id))
        ],
    }


def erase(session: Session, user_id: int) -> list[str]:
    """Empty the account and delete what is the person's alone; gives the files to delete.

    The row stays without a name, so that "who decided" and "who agreed" keep a number behind them. An organisation
    whose last person goes is closed; its name, contact data and documents go as well.
    """
    user = session.get_one(User, user_id)
    phone, stated, email = user.phone, user.stated_phone, user.email
    keys = list(
        session.scalars(
            select(DataRequest.file_key).where(DataRequest.user_id == user_id, DataRequest.file_key.is_not(None))
        )
    )
    closing = organisations_left_empty(session, user_id)
    for table in (SessionRow, RecoveryCode, LinkToken, Membership):
        session.execute(delete(table).where(table.user_id == user_id))
    _forget_links_to(session, phone, stated, email)
    session.execute(update(DataRequest).where(DataRequest.user_id == user_id).values(file_key=None))
    for organisation_id in closing:
        keys += _close(session, organisation_id)
    session.execute(update(StoredFile).where(StoredFile.uploaded_by_id == user_id).values(uploaded_by_id=None))
    user.name = ERASED_NAME
    user.email = user.phone = user.stated_phone = user.password_hash = user.totp_secret = None
    user.totp_enabled_at = user.totp_last_step = user.email_verified_at = None
    user.time_zone = "UTC"
    user.erased_at = user.erased_at or now()
    record(session, PersonErased(user_id))
    return [key for key in keys if key]


def _close(session: Session, organisation_id: int) -> list[str]:
    organisation = session.get_one(Organisation, organisation_id)
    organisation.name, organisation.slug = ERASED_NAME, f"closed-{organisation_id}"
    organisation.city = organisation.website = organisation.registration_number = ""
    organisation.suspended_at = organisation.suspended_at or now()
    session.execute(
        update(Verification).where(Verification.organisation_id == organisation_id).values(evidence="", note="")
    )
    record(session, OrganisationChanged(organisation_id))
    files = session.scalars(select(StoredFile).where(StoredFile.organisation_id == organisation_id)).all()
    for row in files:
        row.name, row.sha256 = f"{ERASED_NAME}.{row.key.rsplit('.', 1)[-1]}", ""
        row.size = 0
    return [row.key for row in files]


def _forget_links_to(session: Session, *addresses: str | None) -> None:
    """Drop invitations and registrations of nobody's account that name this address or number."""
    waiting = session.execute(
        select(LinkToken.id, LinkToken.payload).where(or_(LinkToken.user_id.is_(None), LinkToken.used_at.is_not(None)))
    )
    reached = {address for address in addresses if address}
    keys = [key for key, payload in waiting if reached & {payload.get("phone"), payload.get("email")}]
    if keys:
        session.execute(delete(LinkToken).where(LinkToken.id.in_(keys)))


def _own(model: type[Any], user_id: int) -> Select[Any]:
    return select(model).where(model.user_id == user_id).order_by(model.id)


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _without_secrets(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != "password_hash"}


register(PersonalData("accounts", export=export, erase=erase))
