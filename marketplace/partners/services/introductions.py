"""Introductions of distributors to sellers: proposed by their chapter, answered by either side for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.inserting import hold, write
from marketplace.kernel.policy import Actor
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.partners.events import IntroductionMade, IntroductionProposed, IntroductionRefused
from marketplace.partners.introduction_queries import introduction_for, introduction_of_chapter
from marketplace.partners.models import Application, Introduction
from marketplace.partners.rules import (
    HOLDING,
    INTRODUCTION_LIFE,
    INTRODUCTION_MOVES,
    Answer,
    IntroductionSide,
    IntroductionState,
    RefusalReason,
    state_after,
)

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Found:
    """A seller who was found for a distributor: by which goods, and why (codes and values)."""

    seller_id: int
    product_id: int
    score: Decimal
    reasons: Mapping[str, Any]
    model: str


@dataclass(frozen=True)
class Refusal:
    """Why a distributor says no, and whether it has been in touch with the seller already."""

    reason: RefusalReason
    was_contacted: bool
    note: str = ""


def introduce(session: Session, actor: Actor, application: Application, found: Found, note: str) -> Introduction:
    """Propose a seller and an approved distributor of the actor's chapter to one another. `Conflict` while the two
    are introduced already, or when one of them has refused before."""
    moment = now()
    row = Introduction(
        chapter_id=application.chapter_id,
        application_id=application.id,
        organisation_id=application.organisation_id,
        seller_id=found.seller_id,
        product_id=found.product_id,
        pair=f"{found.seller_id}:{application.organisation_id}",
        state=IntroductionState.PROPOSED,
        score=found.score,
        reasons=dict(found.reasons),
        model=found.model,
        note=cleaned(note, LONGEST_NOTE),
        proposed_by_id=actor.user_id,
        proposed_at=moment,
        closes_at=moment + INTRODUCTION_LIFE,
        version=1,
    )
    if not write(session, row, unless_taken=("pair",)):
        raise Conflict(_("These two have been introduced to each other already."))
    hold(session, row)
    record(session, IntroductionProposed(row.id))
    audit(session, actor, "introduction.proposed", f"introduction:{row.id}")
    return row


def answer_introduction(
    session: Session, actor: Actor, key: int, answer: Answer, refusal: Refusal | None = None
) -> Introduction:
    """Accept or refuse for one's own side, once; a distributor refuses with ``refusal``, which its chapter reads.

    `Conflict` where it was answered, withdrawn or ran out meanwhile; `DomainError` for a refusal without a reason.
    """
    row, side = introduction_for(session, actor, key)
    given = row.seller_answer if side == IntroductionSide.SELLER else row.distributor_answer
    if row.state != IntroductionState.PROPOSED or row.closes_at <= now() or given:
        raise Conflict(_("This introduction has been answered or has ended meanwhile."))
    if side == IntroductionSide.SELLER:
        row.seller_answer = answer
    else:
        if answer is Answer.REFUSED:
            _note_refusal(row, refusal)
        row.distributor_answer = answer
    target = state_after((row.seller_answer, row.distributor_answer))
    if target != IntroductionState.PROPOSED:
        _end(row, target)
        made = target == IntroductionState.ACCEPTED
        record(session, IntroductionMade(row.id) if made else IntroductionRefused(row.id))
    audit(session, actor, f"introduction.{answer.value}", f"introduction:{row.id}")
    return row


def _note_refusal(row: Introduction, refusal: Refusal | None) -> None:
    if refusal is None:
        raise DomainError(_("Say why not. Only your chapter reads it, and looks for better sellers by it."))
    row.refusal_reason, row.distributor_contacted = refusal.reason, refusal.was_contacted
    row.refusal_note = cleaned(refusal.note, LONGEST_NOTE)


def withdraw_introduction(session: Session, actor: Actor, key: int) -> Introduction:
    """The chapter takes an open proposal back; the two may be introduced again later."""
    row = introduction_of_chapter(session, actor, key)
    _end(row, IntroductionState.WITHDRAWN)
    audit(session, actor, "introduction.withdrawn", f"introduction:{row.id}")
    return row


def end_unanswered(session: Session) -> int:
    """Close proposals whose time has run out; gives how many."""
    rows = session.scalars(
        select(Introduction)
        .where(Introduction.state == IntroductionState.PROPOSED, Introduction.closes_at <= now())
        .with_for_update()
    ).all()
    for row in rows:
        _end(row, IntroductionState.EXPIRED)
    return len(rows)


def _end(row: Introduction, target: IntroductionState) -> None:
    row.state = advance(IntroductionState(row.state), target, INTRODUCTION_MOVES)
    row.decided_at = now()
    if target not in HOLDING:
        row.pair = None
