"""A small market to write on: two buyers, two sellers, open conversations between them, and a draft."""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings
from marketplace.kernel.database import db
from tests.crash.site import Site
from tests.support.application import build, prepared_database
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import an_inquiry
from tests.support.people import Cast


def small_market(folder: Path) -> Path:
    """Make the home in ``folder``; gives it back."""
    prepared_database(folder)
    application = build(Settings.from_env(Site.environment(folder)))
    with application.app_context():
        cast = Cast(application)
        products = [a_listed_product(cast.seller()) for _ in range(2)]
        for buyer in (cast.buyer(), cast.buyer()):
            for product in products:
                an_inquiry(buyer, product)
        a_draft(cast.seller())
        db.session.remove()
        db.engine.dispose()
    return folder
