"""Fitting the model, after changes and once a day."""

from __future__ import annotations

import logging

from marketplace.kernel.jobs import job
from marketplace.matchmaking.fitting import refit
from marketplace.matchmaking.rules import REFIT_EVERY

log = logging.getLogger(__name__)


@job("matchmaking.refit", every=REFIT_EVERY)
def refit_model() -> None:
    """Fit the model from the database, store it and let it serve."""
    name, offers = refit()
    log.info("matchmaking.refitted", extra={"model": name, "offers": offers})
