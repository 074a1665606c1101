"""Whether this is the sample marketplace: a loopback site whose organisations are all made up."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kernel.database import db
from marketplace.kernel.outside import settings

_KEY = "souq_is_sample"


def is_sample_marketplace() -> bool:
    """Asked of the database once a process; sample rows appear only before the site is served."""
    known: bool | None = current_app.extensions.get(_KEY)
    if known is None:
        found = db.session.scalar(select(Organisation.id).where(Organisation.is_sample).limit(1))
        known = found is not None and settings().web.is_loopback
        current_app.extensions[_KEY] = known
    return known
