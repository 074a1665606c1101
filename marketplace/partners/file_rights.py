"""A chapter may read the papers handed in with applications to it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.policies import also_reads_files
from marketplace.kernel.policy import Actor
from marketplace.partners.queries import reads_as_reviewer


def reviewer_reads(session: Session, actor: Actor, row: StoredFile) -> bool:
    """Whether the file came with an application to the actor's chapter."""
    return actor.is_partner and reads_as_reviewer(session, actor, row.id)


also_reads_files(reviewer_reads)
