"""Work on the index after the commit."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Certificate, MarketRegistration, ProductCertificate
from marketplace.discovery.checking import check_index, fill_empty_index, lacks_documents
from marketplace.discovery.engine import engine, switched_off
from marketplace.discovery.learning import are_vectors_due, look_after_vectors
from marketplace.discovery.naming import read_listings_anew
from marketplace.discovery.overlay import bring_current
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.discovery.services import are_marked, mark, refresh_marked
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.jobs import enqueue_in_slot, job
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.uow import transaction
from search.errors import SearchError
from search.ranking import RELATED_NAME

log = logging.getLogger(__name__)
AGAIN = timedelta(seconds=5)
LOOKED_AFTER_EVERY = timedelta(hours=1)
FILLING = timedelta(minutes=10)  # longer than a rebuild takes: a second one would end the first


@job("discovery.refresh_index", every=timedelta(minutes=1), is_prompt=True)
def refresh_index() -> None:
    """Bring every marked document up to date. Queued with each change; the slot catches what an outage left.

    An engine that does not answer, or that lost its index, is no failure of this task: the marks stay, and it comes
    again in a few seconds. So an outage leaves nothing behind that anybody would have to try again by hand.
    """
    is_any = are_marked(db.session())
    db.session.rollback()
    if not is_any:
        return  # the task before has brought it in together with its own
    bring_current(db.session())
    try:
        done = refresh_marked()
    except SearchError as fault:
        db.session.rollback()
        log.warning("discovery.engine_rests", extra={"detail": str(fault)})
        _come_again()
        look_after_index()  # it may have lost its index
    else:
        log.info("discovery.refreshed", extra={"documents": done})


@job("discovery.look_after_index", every=timedelta(minutes=1))
def look_after_index() -> None:
    """Have an index filled that lacks most of what is public, as one that was lost; nothing may have been marked."""
    if lacks_documents():
        _fill()


@job("discovery.fill_index", is_long=True)
def fill_index() -> None:
    """Fill an index that lacks most of what is public, and bring in what waited for it."""
    filled = fill_empty_index()
    if filled:
        log.warning("discovery.filled", extra={"documents": filled})
        refresh_marked()


@job("discovery.ask_for_vectors", every=LOOKED_AFTER_EVERY)
def ask_for_vectors() -> None:
    """Have vectors looked after where there is anything to do: a process of its own takes a second to say that there
    is not."""
    if RELATED_NAME in switched_off():
        return
    bring_current(db.session())
    is_due = are_vectors_due(db.session())
    db.session.rollback()
    if is_due:
        enqueue_in_slot("discovery.look_after_vectors", LOOKED_AFTER_EVERY)


@job("discovery.look_after_vectors", is_long=True)
def look_after() -> None:
    """Learn which goods are near to each other where that is due; an engine that rests gets it the next time.

    Not where operators have switched it off. What was learnt before stays and goes on into the index: switched on
    again, only what is due is done.
    """
    if RELATED_NAME in switched_off():
        return
    bring_current(db.session())
    try:
        look_after_vectors()
    except SearchError as fault:
        db.session.rollback()
        log.warning("discovery.vectors_wait", extra={"detail": str(fault)})


def _come_again() -> None:
    moment = now()
    key = f"discovery.refresh_index:again:{int(moment.timestamp() // AGAIN.total_seconds())}"
    with transaction() as session:
        enqueue(session, "discovery.refresh_index", dedupe_key=key, delay=AGAIN)


def _fill() -> None:
    """Queue a rebuild: one at a time, however many workers see that it is needed."""
    key = f"discovery.fill_index:{int(now().timestamp() // FILLING.total_seconds())}"
    with transaction() as session:
        enqueue(session, "discovery.fill_index", dedupe_key=key)


@job("discovery.read_listings_anew", is_long=True)
def read_again(name: str) -> None:
    """The lexicon has learnt or forgotten a name: documents that have it are made anew, and no others."""
    bring_current(db.session())
    with transaction() as session:
        read_listings_anew(session, name)
    refresh_marked()


@job("discovery.scrub_index", is_long=True)
def scrub_index() -> None:
    """After an erasure: bring the index up to date, then let no deleted word stay in its files."""
    refresh_marked()
    engine().scrub()


@job("discovery.check", every=timedelta(days=1), is_long=True)
def check() -> None:
    """Compare index and database once a day, mark what differs, and what begins or ends with the day."""
    with transaction() as session:
        _mark_what_the_day_changes(session)
    report = check_index(is_repairing=True)
    refresh_marked()
    log.info("discovery.checked", extra={"faults": report.faults})


def _mark_what_the_day_changes(session: Session) -> None:
    """Certificates that begin today, registrations that ended: documents state what holds, so they are made anew."""
    day = today()
    begun = session.execute(
        select(ProductCertificate.product_id, Certificate.seller_id)
        .join(Certificate, ProductCertificate.certificate_id == Certificate.id)
        .where(Certificate.valid_from == day)
    ).all()
    ended = session.scalars(
        select(MarketRegistration.product_id).where(MarketRegistration.valid_to == day - timedelta(days=1))
    ).all()
    names = [(PRODUCT, row.product_id) for row in begun] + [(SELLER, row.seller_id) for row in begun]
    mark(session, [*names, *((PRODUCT, key) for key in ended)])
