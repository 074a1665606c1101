"""Work that operators start by a button."""

from __future__ import annotations

from marketplace.discovery.checking import check_index, rebuild_index
from marketplace.kernel.jobs import job


@job("console.check_index", is_long=True)
def check() -> None:
    """Compare the search index with the rows, and mend what differs."""
    check_index(is_repairing=True)


@job("console.rebuild_index", is_long=True)
def rebuild() -> None:
    """Write the search index anew; searching goes on meanwhile."""
    rebuild_index()
