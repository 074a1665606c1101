"""Weights in store, and the requests on which weights are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.kernel.errors import NotFound
from marketplace.matchmaking.models import MatchWeights, Suggestion
from marketplace.matchmaking.rules import NOT_FOR_ME
from marketplace.matchmaking.weighing import of_matcher, of_seller
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import COMMITTED, RecipientState, RfqState

_MOST_COMPARED = 300
MOST_PREVIEWED = 20


def serving_row(session: Session) -> MatchWeights | None:
    """The weights that serve; None while those as delivered do."""
    return session.scalar(
        select(MatchWeights)
        .where(MatchWeights.promoted_at.is_not(None), MatchWeights.retired_at.is_(None))
        .order_by(MatchWeights.promoted_at.desc(), MatchWeights.id.desc())
        .limit(1)
    )


def serving_weights(session: Session) -> Mapping[str, float] | None:
    """What the features of the matcher are worth now, where an operator changed it."""
    row = serving_row(session)
    return of_matcher(row.weights) if row else None


def seller_weights(session: Session) -> Mapping[str, float]:
    """What the features beside them are worth now by which a seller's open requests are ordered."""
    row = serving_row(session)
    return of_seller(row.weights if row else {})


def weights_in_store(session: Session) -> list[MatchWeights]:
    """All that were ever tried, the newest first."""
    return list(session.scalars(select(MatchWeights).order_by(MatchWeights.id.desc()).limit(50)))


def weights_of(session: Session, key: int) -> MatchWeights:
    """One of them; `NotFound` where there is none."""
    row = session.get(MatchWeights, key)
    if row is None:
        raise NotFound
    return row


def decided_requests(session: Session) -> list[tuple[Rfq, set[int], set[int]]]:
    """Requests with the products whose sellers committed to answer, and those of sellers who declined, kept silent or
    were put aside by either side: what came of them, never what was clicked."""
    good, bad = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    asked = select(Recipient.rfq_id, Recipient.product_id, Recipient.state)
    for rfq_id, product_id, state in session.execute(asked.order_by(Recipient.id.desc()).limit(_MOST_COMPARED * 12)):
        if product_id is None:
            continue
        if state in COMMITTED:
            good[rfq_id].add(product_id)
        elif state in (RecipientState.DECLINED, RecipientState.NO_ANSWER):
            bad[rfq_id].add(product_id)
    aside = select(Suggestion.rfq_id, Suggestion.product_id).where(
        or_(Suggestion.buyer_verdict == NOT_FOR_ME, Suggestion.seller_verdict == NOT_FOR_ME)
    )
    for rfq_id, product_id in session.execute(aside.order_by(Suggestion.id.desc()).limit(_MOST_COMPARED * 12)):
        bad[rfq_id].add(product_id)
    keys = sorted(set(good) & set(bad), reverse=True)[:_MOST_COMPARED]
    rows = session.scalars(select(Rfq).where(Rfq.id.in_(keys)).order_by(Rfq.id).options(selectinload(Rfq.lines)))
    return [(rfq, good[rfq.id], bad[rfq.id] - good[rfq.id]) for rfq in rows]


def requests_to_preview(session: Session) -> list[Rfq]:
    """The latest requests in own words that went out."""
    return list(
        session.scalars(
            select(Rfq)
            .where(Rfq.state != RfqState.DRAFT, Rfq.text != "")
            .order_by(Rfq.id.desc())
            .limit(MOST_PREVIEWED)
            .options(selectinload(Rfq.lines))
        )
    )
