"""Where the pages of one lead's pool and quote lie: with the seller's leads, or the pools a chapter coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from marketplace.kernel.database import db
from marketplace.kernel.policy import Actor
from marketplace.quotes.pool_words import goods_of_pool
from marketplace.quotes.queries.pooling import pool_of
from marketplace.rfqs.models import Recipient


@dataclass(frozen=True)
class Desk:
    """Local addresses for who writes a quote, and what its pages are called. ``here`` is the page to go back to."""

    is_sellers: bool
    list_name: str
    list_path: str
    here: str
    pool: str
    back: str

    def to(self, path: str) -> str:
        """An address below this desk in the reader's language."""
        return f"{request.script_root}{path}"


def subject_for(actor: Actor, lead: Recipient) -> str:
    """What a lead is called where no goods name it: the buyer's words for its seller; for a chapter, which may not
    know who buys, the goods of the pool."""
    if not actor.is_partner:
        return lead.rfq.subject
    found = pool_of(db.session(), lead.id)
    return goods_of_pool(found) if found is not None else ""


def desk_of(actor: Actor, key: str) -> Desk:
    """The desk of the actor for one lead; what they may do there is for the services to say."""
    if actor.is_partner:
        here = f"/partner/pools/{key}"
        return Desk(False, _("Pools we coordinate"), "/partner/pools", here, here, _("Back to the pool"))
    here = f"/leads/{key}"
    return Desk(True, _("Leads"), "/leads", here, f"{here}/pool", _("Back to the lead"))
