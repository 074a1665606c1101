"""Saved searches look at what changed, and write to their people."""

from __future__ import annotations

import logging
from datetime import timedelta

from marketplace.discovery.overlay import bring_current
from marketplace.kernel.database import db
from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.saved.services.marks import note_unknown, note_what_the_day_brings
from marketplace.saved.services.matching import match_changed
from marketplace.saved.services.searches import read_anew
from marketplace.saved.services.telling import tell_due

log = logging.getLogger(__name__)


@job("saved.alert", every=timedelta(minutes=1))
def alert() -> None:
    """Match what changed since the last minute, then tell whoever is to be told now."""
    bring_current(db.session())
    while True:
        with transaction() as session:
            count = read_anew(session)
        if not count:
            break
    settled = match_changed()
    told = tell_due()
    if settled or told:
        log.info("saved.alerted", extra={"products": settled, "searches": told})


@job("saved.begin_day", every=timedelta(days=1))
def begin_day() -> None:
    """Certificates that begin to hold today make products match without any change of theirs."""
    with transaction() as session:
        note_what_the_day_brings(session)


@job("saved.learn", every=timedelta(minutes=10))
def learn() -> None:
    """Products that were listed before anyone could save a search are looked at as well, some at a time."""
    with transaction() as session:
        note_unknown(session)
