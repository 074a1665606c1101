"""Papers are read by both sides of a conversation, or by sellers who committed; clocks stand on closed days."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.policies import also_reads_files
from marketplace.closures.events import ClosureChanged
from marketplace.kernel.events import on
from marketplace.kernel.policy import Actor
from marketplace.rfqs.queries.conversation import attachment_for
from marketplace.rfqs.queries.files import may_read_request_file
from marketplace.rfqs.services.clocks import move_clocks


@also_reads_files
def reads_attachment(session: Session, actor: Actor, row: StoredFile) -> bool:
    """Whether this file came with a conversation or request of the actor's that lets it be read by now."""
    return attachment_for(session, actor, row.id) is not None or may_read_request_file(session, actor, row.id)


@on(ClosureChanged)
def move_deadlines(session: Session, event: ClosureChanged) -> None:
    """Leads that wait for an answer wait by the closed days as they are now."""
    move_clocks(session, event.seller_id, event.before)
