"""What sellers read of a buyer's company, shown to the company itself."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.rules import VerificationLevel
from marketplace.buyers.queries import own_buyer
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.rfqs import wording
from marketplace.rfqs.earnest import signs
from marketplace.rfqs.queries.records import record_of

bp = Blueprint("buyer_record", __name__)


@bp.get("/buying/company/record")
def record() -> ResponseReturnValue:
    """The company's own record, as it stands beside its next request."""
    buyer = own_buyer(db.session(), current_actor())
    found = record_of(db.session(), buyer.organisation_id)
    return render_template(
        "web/buyer_record.html",
        buyer=buyer,
        record=found,
        signs=signs(VerificationLevel(buyer.organisation.verification_level), found),
        sign_words=wording.SIGNS,
    )
