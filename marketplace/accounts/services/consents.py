"""Consents: given to a version of a text that stays readable, withdrawn when the person says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.legal import legal_text
from marketplace.accounts.models import Consent, LegalText
from marketplace.accounts.rules import DOCUMENT_VERSIONS, Document
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.policy import Actor


def give_consent(
    session: Session, user_id: int, documents: Iterable[Document], locale: str, at: datetime | None = None
) -> None:
    """Write down that a person agreed to the present versions, in the language in which they read them."""
    for document in documents:
        version = DOCUMENT_VERSIONS[document]
        keep_text(session, document, version, locale)
        session.add(Consent(user_id=user_id, document=document, document_version=version, given_at=at or now()))


def keep_text(session: Session, document: Document, version: str, locale: str) -> None:
    """Keep the words of a document as they stand, once per version and language."""
    present = select(LegalText.id).where(
        LegalText.document == document, LegalText.document_version == version, LegalText.language == locale
    )
    if session.scalar(present) is None:
        body = legal_text(document, locale)
        session.add(LegalText(document=document, document_version=version, language=locale, body=body))
        session.flush()  # a second consent of the same transaction finds it


def withdraw_consents(session: Session, actor: Actor) -> None:
    """Mark everything the person agreed to as withdrawn; without these consents the account cannot go on."""
    given = session.scalars(select(Consent).where(Consent.user_id == actor.user_id, Consent.withdrawn_at.is_(None)))
    for consent in given:
        consent.withdrawn_at = now()
    audit(session, actor, "consent.withdrawn", f"user:{actor.user_id}")
