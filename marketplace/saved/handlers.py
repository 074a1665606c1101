"""Changes of products leave marks for the saved searches, in the transaction of the change."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.discovery.cascade import CASCADE
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.events import Event, on
from marketplace.saved.services.marks import note_changed


def _note(session: Session, event: Event) -> None:
    note_changed(session, (key for kind, key in CASCADE[type(event)](session, event) if kind == PRODUCT))


for _kind in CASCADE:
    on(_kind)(_note)
