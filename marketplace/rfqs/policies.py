"""Who may ask, read and answer; each reading rule has its twin in SQL, so that lists and pages agree."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, false, select

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import LEVEL_ORDER, VerificationLevel
from marketplace.kernel.policy import ALLOWED, Actor, Decision, OrganisationKind, refused
from marketplace.partners.models import Chapter
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import RfqState
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState


def may_ask(actor: Actor) -> Decision:
    """Whether this person may send requests at all."""
    if actor.is_buyer and actor.organisation_id is not None and not actor.is_suspended:
        return ALLOWED
    return refused(_("Requests are sent by buying companies. Sign in with a buyer's account."))


def is_checked(organisation: Organisation, day: date) -> bool:
    """Whether an organisation's papers were looked at and the check still holds, so that its requests open at once."""
    return is_check_valid(organisation.verification_level, organisation.verified_until, day)


def is_check_valid(level: str, until: date | None, day: date) -> bool:
    """Whether papers of this level were looked at and the check, which ends with ``until``, holds on ``day``."""
    holds = until is None or day <= until
    return holds and LEVEL_ORDER[VerificationLevel(level)] >= LEVEL_ORDER[VerificationLevel.REVIEWED]


def owner_of(actor: Actor) -> int | None:
    """The company whose requests this person may change, as their buyer; None, which no request has, for others."""
    return actor.organisation_id if actor.is_buyer else None


def owned_by(actor: Actor) -> ColumnElement[bool]:
    """Requests of the actor's own company: the only ones they may change."""
    owner = owner_of(actor)
    return false() if owner is None else Rfq.buyer_id == owner


def may_read_request(actor: Actor, rfq: Rfq, chapter_organisation_id: int | None) -> bool:
    """The twin of `readable_by` on a loaded request; the chapter's organisation is that of ``rfq.chapter_id``."""
    if actor.is_staff:
        return rfq.state != RfqState.DRAFT
    if actor.organisation_id is None:
        return False
    if actor.is_buyer:
        return rfq.buyer_id == actor.organisation_id
    return actor.is_partner and rfq.state != RfqState.DRAFT and chapter_organisation_id == actor.organisation_id


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Requests this person may read: their company's, those of their chapter's distributors, and all for staff."""
    was_sent = Rfq.state != RfqState.DRAFT
    if actor.is_staff:
        return was_sent
    if actor.is_buyer:
        return owned_by(actor)
    if actor.is_partner and actor.organisation_id is not None:
        own = select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id).scalar_subquery()
        return was_sent & (Rfq.chapter_id == own)
    return false()


def looked_after_by(actor: Actor) -> ColumnElement[bool]:
    """Silent leads (Recipient joined with Rfq) this person may look after: all for staff, else their chapter's."""
    if actor.is_staff:
        return is_opened()
    if actor.is_partner:
        return is_opened() & readable_by(actor)
    return false()


def is_opened() -> ColumnElement[bool]:
    """Requests that ever reached their sellers; before that a seller may not know of them."""
    return Rfq.opened_at.is_not(None)


def talked_in_by(actor: Actor) -> ColumnElement[bool]:
    """Recipients (joined with Rfq and Seller) in whose conversation the actor's organisation takes part."""
    if actor.organisation_id is None:
        return false()
    if actor.kind is OrganisationKind.SELLER:
        return (Seller.organisation_id == actor.organisation_id) & is_opened()
    return owned_by(actor)


def can_be_asked() -> ColumnElement[bool]:
    """Sellers (joined with their Organisation) who can be asked: not paused, not suspended."""
    return (Seller.curation != CurationState.PAUSED) & Organisation.suspended_at.is_(None)


def knows_buyer(recipient: Recipient) -> bool:
    """Whether this seller may read the buyer's name: once they have committed to answer."""
    return recipient.committed_at is not None
