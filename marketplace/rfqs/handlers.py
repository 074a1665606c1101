"""Papers of a conversation are read by both its sides, those of a request by sellers who committed to answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.policies import also_reads_files
from marketplace.kernel.policy import Actor
from marketplace.rfqs.queries.conversation import attachment_for
from marketplace.rfqs.queries.files import may_read_request_file


@also_reads_files
def reads_attachment(session: Session, actor: Actor, row: StoredFile) -> bool:
    """Whether this file came with a conversation or request of the actor's that lets it be read by now."""
    return attachment_for(session, actor, row.id) is not None or may_read_request_file(session, actor, row.id)
