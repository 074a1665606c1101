"""Counting what sellers' standing rests on, once a day."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.standing.services import measure_standings


@job("standing.measure", every=timedelta(days=1))
def measure() -> None:
    """Count every seller's standing anew and tell those whose standing changed, also when a mentor's word ran out."""
    with transaction() as session:
        measure_standings(session)
