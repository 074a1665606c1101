"""Fitting the model, after changes and once a day; finding out who can serve a request that was sent."""

from __future__ import annotations

import logging
from dataclasses import asdict

from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.jobs import enqueue_in_slot, job
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.fitting import outgrown, refit, spoiled
from marketplace.matchmaking.models import MatchWeights
from marketplace.matchmaking.near import is_due, is_filling, look_after, refresh_offers
from marketplace.matchmaking.queries.live import requests_to_fit
from marketplace.matchmaking.rules import (
    LOOKED_AFTER_EVERY,
    NEAR_AGAIN,
    NEAR_LOOKED_AFTER_EVERY,
    REFIT_EVERY,
    TOLD_EVERY,
)
from marketplace.matchmaking.services.fits import keep_ranking, rank_sellers
from marketplace.matchmaking.services.learning import file_lesson, learn
from marketplace.matchmaking.services.news import tell_due
from marketplace.matchmaking.services.weights import compared
from marketplace.matchmaking.weighing import LEARNT_EVERY
from search.errors import EngineUnavailable, SearchError

log = logging.getLogger(__name__)


@job("matchmaking.refit", every=REFIT_EVERY, is_long=True)
def refit_model() -> None:
    """Fit the model from the database and hold it beside the one that serves; where it takes over, live requests are
    looked at again with it."""
    done = refit()
    log.info("matchmaking.refitted", extra={"model": done.name, "offers": done.offers, "serves": done.is_serving})
    with transaction() as session:
        enqueue(session, "matchmaking.fit_requests", dedupe_key=f"matchmaking.fit_requests:{done.name}")


@job("matchmaking.look_after_model", every=LOOKED_AFTER_EVERY)
def look_after_model() -> None:
    """Have a model fitted anew where the stored one cannot be used, or an import outgrew it; for one model once a
    day."""
    name = spoiled()
    if name is not None:
        log.warning("matchmaking.model_spoiled", extra={"model": name})
    else:
        name = outgrown()
    if name is not None:
        with transaction() as session:
            enqueue(session, "matchmaking.refit", dedupe_key=f"matchmaking.refit:{name}:{today()}"[:200])


@job("matchmaking.ask_for_near", every=NEAR_LOOKED_AFTER_EVERY)
def ask_for_near() -> None:
    """Have that index looked after where there is anything to do: a process of its own takes a second to say that there
    is not."""
    try:
        is_wanted = is_due(db.session())
    except SearchError as fault:
        is_wanted = False
        log.warning("matchmaking.near_rests", extra={"fault": str(fault)})
    db.session.rollback()
    if is_wanted:
        enqueue_in_slot("matchmaking.look_after_near", NEAR_LOOKED_AFTER_EVERY)


@job("matchmaking.look_after_near", is_long=True)
def look_after_near() -> None:
    """Fill the index of offers near to requests where it is wanted and missing, of another lexicon, or old."""
    try:
        look_after(db.session())
    except SearchError as fault:
        log.warning("matchmaking.near_rests", extra={"fault": str(fault)})
    db.session.rollback()


@job("matchmaking.refresh_near")
def refresh_near(products: list[int]) -> None:
    """Bring changed offers in that index to what their rows say now.

    A server that does not answer is no failure of this task: it comes again, so an outage leaves nothing behind. While
    an index is being filled it comes again too: the rows may have been read before they changed.
    """
    is_to_come_again = is_filling()
    try:
        done = refresh_offers(db.session(), products)
    except EngineUnavailable as fault:
        is_to_come_again, done = True, 0
        log.warning("matchmaking.near_rests", extra={"fault": str(fault)})
    db.session.rollback()
    if is_to_come_again:
        with transaction() as session:
            enqueue(session, "matchmaking.refresh_near", delay=NEAR_AGAIN, products=products)
    log.info("matchmaking.near_refreshed", extra={"offers": done})


@job("matchmaking.fit_requests", is_long=True)
def fit_requests() -> None:
    """How sellers stand to every live request, each in a transaction of its own."""
    keys = requests_to_fit(db.session())
    db.session.rollback()
    for key in keys:
        fit_one(key)


@job("matchmaking.fit_request")
def fit_one(rfq_id: int) -> None:
    """How sellers stand to one request."""
    found = rank_sellers(db.session(), rfq_id)  # before the transaction: loading a model and ranking take their time
    db.session.rollback()
    with transaction() as session:
        count = keep_ranking(session, rfq_id, found)
    log.info("matchmaking.request_fitted", extra={"rfq_id": rfq_id, "sellers": count})


@job("matchmaking.tell", every=TOLD_EVERY)
def tell() -> None:
    """Tell buyers of suppliers found later, and sellers of open requests that fit their goods."""
    if told := tell_due():
        log.info("matchmaking.told", extra={"people": told})


@job("matchmaking.compare_weights", is_long=True)
def compare_weights(weights_id: int) -> None:
    """Score candidate weights beside those that serve, on requests of which the outcome is known."""
    row = db.session().get(MatchWeights, weights_id)
    if row is None:
        return
    figures = compared(db.session(), row.weights)
    db.session.rollback()
    with transaction() as session:
        kept = session.get(MatchWeights, weights_id)
        if kept is not None:
            kept.figures, kept.compared_at = figures, now()
    log.info("matchmaking.weights_compared", extra={"weights": weights_id, **figures})


@job("matchmaking.learn_weights", every=LEARNT_EVERY)
def learn_weights() -> None:
    """Learn weights from what came of showings; what wins on requests held back is filed for an operator to judge."""
    from matching.learning import TooFew

    try:
        lesson = learn(db.session())
    except TooFew as fault:
        log.info("matchmaking.too_few_outcomes", extra={"pairs": fault.pairs, "requests": fault.requests})
        return
    finally:
        db.session.rollback()
    with transaction() as session:
        row = file_lesson(session, lesson)
        filed = row.id if row is not None else None
    log.info("matchmaking.weights_learnt", extra={"weights": filed, "won": lesson.is_won, **asdict(lesson.learnt)})
