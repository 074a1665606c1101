"""A seller's place on the market: decided by curators, with a note the seller sees, and helped by a mentor."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, OrganisationKind, require
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.sellers.events import SellerChanged, SellerCurated
from marketplace.sellers.models import Seller, SellerNote
from marketplace.sellers.policies import may_curate_sellers
from marketplace.sellers.rules import CURATION_MOVES, NOTE_NEEDED, CurationState


def curate_seller(
    session: Session, actor: Actor, seller_id: int, state: CurationState, note: str = "", version: int | None = None
) -> Seller:
    """Move a seller along `CURATION_MOVES`; the note is shown to them. Staff only, audited.

    ``version`` is the one the curator saw; `Conflict` if somebody was quicker.
    """
    seller = _to_curate(session, actor, seller_id)
    if version is not None and version != seller.version:
        raise Conflict(_("Somebody else has decided meanwhile. Reload the page to see how it stands."))
    if state in NOTE_NEEDED and not note.strip():
        raise DomainError(_("Write to the seller what to do next, so that they know why."))
    seller.curation = advance(CurationState(seller.curation), state, CURATION_MOVES)
    _write_note(session, actor, seller, note)
    audit(session, actor, "seller.curated", f"seller:{seller.id}", state=state)
    record(session, SellerCurated(seller.id, state))
    record(session, SellerChanged(seller.id))
    return seller


def add_note(session: Session, actor: Actor, seller_id: int, note: str) -> None:
    """Write to a seller without changing their state. Staff only."""
    seller = _to_curate(session, actor, seller_id)
    if not note.strip():
        raise DomainError(_("Write a note first."))
    _write_note(session, actor, seller, note)


def assign_mentor(session: Session, actor: Actor, seller_id: int, mentor_id: int | None) -> None:
    """Give a seller a mentor of the programme, or none. Staff only, audited."""
    seller = _to_curate(session, actor, seller_id)
    if mentor_id is not None:
        works_for_programme = session.scalar(
            select(Membership.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.user_id == mentor_id, Organisation.kind == OrganisationKind.PROGRAMME)
            .limit(1)
        )
        if works_for_programme is None:
            raise DomainError(_("A mentor is somebody of the programme. Choose one of its people."))
    seller.mentor_id = mentor_id
    audit(session, actor, "seller.mentor_assigned", f"seller:{seller.id}", mentor=mentor_id)


def keep_answer_statistics(
    session: Session, seller_id: int, lead_count: int, answered_count: int, answer_minutes: int
) -> None:
    """Keep how a seller answers, counted by whoever knows the leads; tells the index only when it changed."""
    seller = session.get(Seller, seller_id)
    figures = (lead_count, answered_count, answer_minutes)
    if seller is None or (seller.lead_count, seller.answered_count, seller.answer_minutes) == figures:
        return
    seller.lead_count, seller.answered_count, seller.answer_minutes = figures
    record(session, SellerChanged(seller.id, in_answers_alone=True))


def _to_curate(session: Session, actor: Actor, seller_id: int) -> Seller:
    require(may_curate_sellers(actor))
    seller = session.get(Seller, seller_id)
    if seller is None:
        raise NotFound
    return seller


def _write_note(session: Session, actor: Actor, seller: Seller, note: str) -> None:
    session.add(
        SellerNote(
            seller_id=seller.id,
            author_id=actor.user_id,
            state=seller.curation,
            text=cleaned(note),
            created_at=now(),
        )
    )
