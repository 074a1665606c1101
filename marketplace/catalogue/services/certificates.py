"""Certificates: stated by sellers, verified by staff, ended by the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.models import StoredFile
from marketplace.catalogue.events import (
    CertificateChanged,
    CertificateExpired,
    CertificateExpiring,
    ProductChanged,
)
from marketplace.catalogue.labels import certificate_codes
from marketplace.catalogue.models import Certificate
from marketplace.catalogue.policies import may_curate
from marketplace.catalogue.queries.own import any_product, own_certificate, producers_of, products_with, seller_of
from marketplace.catalogue.rules import ListingState, VerifiedBy, is_valid_on
from marketplace.catalogue.rules.curation import REMINDERS, reminder_due
from marketplace.catalogue.services.card import refresh_card
from marketplace.catalogue.services.drafts import CertificateDraft
from marketplace.catalogue.services.problems import Unfit, stale
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.text import cleaned

MOST_CERTIFICATES = 200
BATCH = 100


def add_certificate(session: Session, actor: Actor, draft: CertificateDraft) -> Certificate:
    """A certificate of the actor's seller, not yet verified."""
    seller = seller_of(session, actor)
    certificate = Certificate(seller_id=seller.id, created_at=now())
    _fill(session, actor, certificate, draft)
    session.add(certificate)
    session.flush()  # the event needs the key
    record(session, CertificateChanged(certificate.id))
    return certificate


def edit_certificate(
    session: Session, actor: Actor, certificate_id: int, version: int, draft: CertificateDraft
) -> Certificate:
    """Change what a certificate says. A verified one loses its mark until staff have looked again."""
    certificate = own_certificate(session, actor, certificate_id)
    if certificate.version != version:
        raise stale()
    before = _facts(certificate)
    _fill(session, actor, certificate, draft)
    if _facts(certificate) != before:
        certificate.verified_at = certificate.verified_by_id = None
        certificate.verified_method = ""
        certificate.reminded_days = certificate.ended_at = None
        spread(session, certificate)
    return certificate


def remove_certificate(session: Session, actor: Actor, certificate_id: int) -> str | None:
    """Delete a certificate that no listing leans on; gives the storage key of its document."""
    certificate = own_certificate(session, actor, certificate_id)
    document = certificate.file
    leaning = [slug for _key, slug, state in products_with(session, certificate_id) if state == ListingState.LISTED]
    if leaning:
        raise Conflict(_("Products on the market carry this certificate. Take it off those products first."))
    held = products_with(session, certificate_id)
    for key, _slug, _state in held:
        product = any_product(session, key)
        product.certificates = [link for link in product.certificates if link.certificate_id != certificate_id]
        refresh_card(product)
        product.changed_at = now()
        record(session, ProductChanged(key))
    session.flush()  # the links go before the certificate
    session.delete(certificate)
    if document is not None:
        session.delete(document)
    audit(session, actor, "certificate.removed", f"certificate:{certificate_id}")
    session.flush()  # handlers must find it gone
    return document.key if document is not None else None


def verify_certificate(
    session: Session, actor: Actor, certificate_id: int, method: str, version: int | None = None
) -> Certificate:
    """Staff confirm a certificate, and how; from now on it shows in badges and facets while it holds."""
    certificate = _any(session, actor, certificate_id)
    if version is not None and certificate.version != version:
        raise stale()
    if method not in set(VerifiedBy):
        raise Unfit({"method": _("Say how the certificate was checked.")})
    if not is_valid_on(None, certificate.valid_to, today()):
        raise Conflict(_("This certificate has ended and cannot be verified. Ask the seller for the new one."))
    certificate.verified_at, certificate.verified_by_id = now(), actor.user_id
    certificate.verified_method = method
    audit(session, actor, "certificate.verified", f"certificate:{certificate_id}", method=method)
    spread(session, certificate)
    return certificate


def doubt_certificate(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    """Staff take their confirmation back."""
    certificate = _any(session, actor, certificate_id)
    certificate.verified_at = certificate.verified_by_id = None
    certificate.verified_method = ""
    audit(session, actor, "certificate.doubted", f"certificate:{certificate_id}")
    spread(session, certificate)
    return certificate


def spread(session: Session, certificate: Certificate) -> None:
    """Tell every product that the certificate covers: its card, its version and whoever listens."""
    session.flush()  # products read the certificate's new values
    for key, _slug, _state in products_with(session, certificate.id):
        product = any_product(session, key)
        refresh_card(product)
        record(session, ProductChanged(key))
    record(session, CertificateChanged(certificate.id))


def expire_certificates(session: Session, batch: int = BATCH) -> int:
    """Announce what the calendar did, at most ``batch`` certificates: ends, reminders, first days. Gives how many.

    Badges and facets judge by the day themselves; this only tells people and the index. Safe to run twice.
    """
    day = today()
    due = session.scalars(
        select(Certificate)
        .where(
            Certificate.ended_at.is_(None),
            Certificate.valid_to.is_not(None),
            Certificate.valid_to <= day + timedelta(days=max(REMINDERS)),
            or_(
                Certificate.valid_to < day,
                Certificate.reminded_days.is_(None),
                *(
                    (Certificate.reminded_days > days) & (Certificate.valid_to <= day + timedelta(days=days))
                    for days in REMINDERS
                ),
            ),
        )
        .order_by(Certificate.valid_to, Certificate.id)
        .limit(batch)
    ).all()
    for certificate in due:
        _announce(session, certificate, day)
    return len(due)


def announce_first_days(session: Session) -> int:
    """Re-index the products of certificates that begin to hold today or began yesterday. Gives how many."""
    day = today()
    begun = session.scalars(
        select(Certificate.id).where(Certificate.valid_from.between(day - timedelta(days=1), day))
    ).all()
    for certificate_id in begun:
        for key, _slug, _state in products_with(session, certificate_id):
            record(session, ProductChanged(key))
    return len(begun)


def _announce(session: Session, certificate: Certificate, day: date) -> None:
    assert certificate.valid_to is not None  # the query asked for it
    if certificate.valid_to < day:
        certificate.ended_at = now()
        for key, _slug, _state in products_with(session, certificate.id):
            record(session, ProductChanged(key))
        record(session, CertificateExpired(certificate.id))
        return
    days = reminder_due((certificate.valid_to - day).days, certificate.reminded_days)
    if days is not None:
        certificate.reminded_days = days
        record(session, CertificateExpiring(certificate.id, days))


def _any(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    require(may_curate(actor))
    certificate = session.scalar(
        select(Certificate)
        .options(joinedload(Certificate.file))
        .where(Certificate.id == certificate_id)
        .execution_options(populate_existing=True)
    )
    if certificate is None:
        raise NotFound
    return certificate


def _fill(session: Session, actor: Actor, certificate: Certificate, draft: CertificateDraft) -> None:
    problems: dict[str, object] = {}
    if draft.code not in certificate_codes():
        problems["code"] = _("Choose the kind of certificate.")
    if not cleaned(draft.issuer):
        problems["issuer"] = _("Name who issued the certificate.")
    if not cleaned(draft.number):
        problems["number"] = _("Give the number of the certificate.")
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        problems["valid_to"] = _("The last day lies before the first.")
    if problems:
        raise Unfit(problems)
    if draft.producer_id is not None and draft.producer_id not in {
        one.id for one in producers_of(session, certificate.seller_id)
    }:
        raise NotFound
    if draft.file_id is not None and draft.file_id != certificate.file_id:
        found = session.get(StoredFile, draft.file_id)
        if found is None or found.organisation_id != actor.organisation_id:
            raise NotFound
        certificate.file_id = draft.file_id
    certificate.code, certificate.issuer = draft.code, cleaned(draft.issuer, 200)
    certificate.number, certificate.scope = cleaned(draft.number, 80), cleaned(draft.scope, 200)
    certificate.valid_from, certificate.valid_to = draft.valid_from, draft.valid_to
    certificate.producer_id = draft.producer_id


def _facts(certificate: Certificate) -> tuple[object, ...]:
    return (
        certificate.code, certificate.issuer, certificate.number, certificate.scope, certificate.valid_from,
        certificate.valid_to, certificate.producer_id, certificate.file_id,
    )  # fmt: skip
