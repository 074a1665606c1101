"""Open requests: posted by buyers, stepped into or put aside by sellers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.closures.queries import spans_of
from marketplace.closures.rules import runs_out
from marketplace.kernel.clock import now
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.matchmaking.models import PostedRequest, Suggestion
from marketplace.matchmaking.queries.for_sellers import ForYou, request_for
from marketplace.matchmaking.rules import NOT_FOR_ME
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import ANSWER_TIME, LIVE, MomentCode, RecipientState, RfqState, Side
from marketplace.rfqs.services.timeline import note_moment


def post_openly(session: Session, rfq: Rfq) -> None:
    """Let every seller who can serve the request see it once it is open."""
    if session.get(PostedRequest, rfq.id) is None:
        session.add(PostedRequest(rfq_id=rfq.id, posted_at=now()))
        if RfqState(rfq.state) in LIVE:  # others are looked at when they are sent
            enqueue(session, "matchmaking.fit_request", rfq_id=rfq.id)


def step_in(session: Session, actor: Actor, key: str) -> Recipient:
    """Take an open request among the seller's leads; the buyer hears of it with the answer. `NotFound` for a request
    that is not open to them (any more)."""
    found = request_for(session, actor, key)
    moment = now()
    lead = Recipient(
        key=new_public_key(),
        rfq_id=found.rfq.id,
        seller_id=found.fit.seller_id,
        product_id=found.fit.product_id,
        state=RecipientState.SEEN,
        score=found.fit.score,
        reasons=dict(found.fit.reasons),
        invited_at=moment,
        seen_at=moment,
        deadline_at=runs_out(moment, ANSWER_TIME, spans_of(session, found.fit.seller_id, moment)),
    )
    session.add(lead)
    session.flush()  # the moment belongs to this lead
    note_moment(session, found.rfq.id, MomentCode.SEEN, Side.SELLER, recipient_id=lead.id)
    return lead


def put_aside(session: Session, actor: Actor, key: str) -> None:
    """ "Not for me": the request leaves the seller's page, and its buyer is not shown this seller for it."""
    found = request_for(session, actor, key)
    rows = _suggestions(session, found)
    if not any(each.product_id == found.fit.product_id for each in rows):
        fit = found.fit
        row = Suggestion(
            rfq_id=fit.rfq_id, product_id=fit.product_id, seller_id=fit.seller_id, position=0, fits=fit.is_fitting,
            score=fit.score, reasons=fit.reasons, model=fit.model, created_at=now(),
        )  # fmt: skip
        session.add(row)
        rows.append(row)
    for row in rows:
        row.seller_verdict = NOT_FOR_ME


def take_back(session: Session, actor: Actor, key: str) -> None:
    """Bring back what was put aside."""
    for row in _suggestions(session, request_for(session, actor, key, is_put_aside=True)):
        row.seller_verdict = ""


def _suggestions(session: Session, found: ForYou) -> list[Suggestion]:
    return list(
        session.scalars(
            select(Suggestion).where(Suggestion.rfq_id == found.rfq.id, Suggestion.seller_id == found.fit.seller_id)
        )
    )
