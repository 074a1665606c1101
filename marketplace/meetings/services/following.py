"""After a meeting: whether it was held, what came of it, and the inquiry that follows, counted for the fair."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.meetings.drafts import FollowUp
from marketplace.meetings.models import Meeting
from marketplace.meetings.queries import MeetingRow, meeting_for, meeting_kept
from marketplace.meetings.rules import MEETING_MOVES, REASON_LENGTH, SEATED, MeetingState, Missing, Outcome
from marketplace.meetings.services.booking import hold_meeting
from marketplace.meetings.services.telling import WISHED, tell
from marketplace.rfqs.drafts import InquiryDraft, TermsDraft
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.services import send_inquiry
from marketplace.sellers.models import Seller


def note_outcome(session: Session, actor: Actor, key: str, version: int, said: FollowUp) -> Meeting:
    """Either side says whether they met and what came of it.

    Where a seller says that the buyer wants a quote or a sample, the buyer is asked to send it in one step.
    """
    row, _fair, _plan = meeting_for(session, actor, key)
    hold_meeting(session, row, version)
    row, _fair, _plan = meeting_for(session, actor, key)
    _note(row, actor, said)
    audit(session, actor, "meeting.noted", f"meeting:{row.meeting.id}")
    own = row.own(actor)
    meeting = row.meeting
    is_wish = meeting.outcome in {Outcome.INQUIRY, Outcome.SAMPLE} and meeting.rfq_id is None
    if is_wish and own is not None and own.id == row.seller().id:
        tell(session, WISHED, row, row.buyer())
    return meeting


def note_kept(session: Session, actor: Actor, fair_id: int, key: str, version: int, said: FollowUp) -> Meeting:
    """Whoever looks after the fair says whether two met; what they agreed on is theirs to say."""
    row, _fair, _plan = meeting_kept(session, actor, fair_id, key)
    hold_meeting(session, row, version)
    row, _fair, _plan = meeting_kept(session, actor, fair_id, key)
    _note(row, actor, FollowUp(said.missing, row.meeting.outcome, row.meeting.outcome_note))
    audit(session, actor, "meeting.noted", f"meeting:{row.meeting.id}")
    return row.meeting


def send_what_was_agreed(
    session: Session,
    actor: Actor,
    key: str,
    version: int,
    *,
    slug: str,
    text: str,
    language: str,
    sample_is_wanted: bool = False,
) -> Rfq:
    """The buyer asks the seller they met about one of the seller's products: an inquiry that counts for the fair.

    The meeting is held with that. `NotFound` for a product of somebody else, `Conflict` where one was sent already.
    """
    row, fair, _plan = meeting_for(session, actor, key)
    hold_meeting(session, row, version)
    row, fair, _plan = meeting_for(session, actor, key)
    own, meeting = row.own(actor), row.meeting
    if own is None or own.id != row.buyer().id:
        raise NotFound
    if meeting.rfq_id is not None:
        raise Conflict(_("You have sent this seller an inquiry about your meeting already."))
    if meeting.state == MeetingState.NO_SHOW:
        raise Conflict(_("This meeting was not held. Say first that you met after all."))
    if meeting.state not in SEATED:  # only asked for, declined or cancelled: nothing was agreed
        raise Conflict(_("This meeting has no time. Nothing can be noted of it."))
    query = select(Product.id).join(Seller, Seller.id == Product.seller_id)
    product_id = session.scalar(
        query.where(Product.slug == slug, Seller.organisation_id == row.seller().organisation_id)
    )
    if product_id is None:
        raise NotFound
    outcome = Outcome.SAMPLE if sample_is_wanted else Outcome.INQUIRY
    if meeting.state == MeetingState.ACCEPTED:
        _note(row, actor, FollowUp("", outcome, meeting.outcome_note))
    draft = InquiryDraft(text, language, terms=TermsDraft(sample_is_wanted=sample_is_wanted), fair=fair.code)
    rfq = send_inquiry(session, actor, product_id, draft)
    session.flush()  # its key goes into the meeting
    meeting.rfq_id, meeting.outcome = rfq.id, outcome
    audit(session, actor, "meeting.followed", f"meeting:{meeting.id}")
    return rfq


def _note(row: MeetingRow, actor: Actor, said: FollowUp) -> None:
    meeting, slot = row.meeting, row.slot
    if meeting.state not in SEATED or slot is None:
        raise Conflict(_("This meeting has no time. Nothing can be noted of it."))
    if slot[0] > now():
        raise Conflict(_("This meeting has not begun yet."))
    if said.missing not in {"", *Missing} or said.outcome not in {"", *Outcome}:
        raise DomainError(_("Choose an answer from the list."))
    target = MeetingState.NO_SHOW if said.missing else MeetingState.HELD
    if meeting.state != target:
        meeting.state = advance(MeetingState(meeting.state), target, MEETING_MOVES)
    meeting.missing = said.missing
    # what was sent stays what came of it
    if meeting.rfq_id is None:
        meeting.outcome = "" if said.missing else said.outcome
    meeting.outcome_note = cleaned(said.note, REASON_LENGTH)
    meeting.noted_by_id = actor.user_id
