"""A buyer's review that a curator does not let through: the reason is kept as a decision, with its second look."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.text import cleaned
from marketplace.moderation.events import ReportDecided
from marketplace.moderation.models import Report
from marketplace.moderation.rules import TEXT_LENGTH, ReportReason, ReportState, ReportTarget
from marketplace.reviews.services import refuse_review


def reject_review(
    session: Session, actor: Actor, key: str, reason: ReportReason, note: str, version: int, sentence: str
) -> Report:
    """Refuse a review that waits, with a reason and a note for its writer, who can ask somebody else to look again.

    ``sentence`` is what to say where the note is missing. `Conflict` for a review that is decided or has changed.
    """
    words = cleaned(note, TEXT_LENGTH)
    if not words:
        raise DomainError(sentence)
    review = refuse_review(session, actor, key, version)
    moment = now()
    report = Report(
        key=new_public_key(),
        target=ReportTarget.REVIEW,
        target_id=review.id,
        owner_id=review.buyer_id,
        reporter_id=None,  # nobody reported it: the desk read it first
        reason=reason,
        text="",
        state=ReportState.UPHELD,
        is_upheld=True,
        created_at=moment,
        decided_at=moment,
        decided_by_id=actor.user_id,
        decision_note=words,
    )
    session.add(report)
    session.flush()  # the event needs the key
    record(session, ReportDecided(report.id))
    people = tuple(member_ids(session, review.buyer_id))
    record(session, NoticeWanted("review_rejected", f"report:{report.id}", people, href=f"/reports/{report.key}"))
    audit(session, actor, "report.upheld", f"report:{report.id}", target=report.target, target_id=report.target_id)
    return report
