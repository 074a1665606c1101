"""Papers become files, and forget whom no law keeps in them."""

from __future__ import annotations

from datetime import timedelta

from marketplace.documents.models import Paper
from marketplace.documents.services import bytes_of, forget_old, make_file
from marketplace.kernel.database import db
from marketplace.kernel.jobs import job
from marketplace.kernel.outside import storage
from marketplace.kernel.uow import transaction


@job("documents.make_paper")
def make_paper(paper_id: int) -> None:
    """Draw a paper and keep it; drawn outside of a transaction, because it takes a while."""
    paper = db.session.get(Paper, paper_id)
    if paper is None or paper.file_id is not None:
        return
    data = bytes_of(paper)
    db.session.rollback()
    with transaction() as session:
        make_file(session, paper_id, data)


@job("documents.forget", every=timedelta(days=1))
def forget() -> None:
    """Addresses leave papers that are older than the law keeps them."""
    with transaction() as session:
        keys = forget_old(session)
    for key in keys:
        storage().delete(key)
