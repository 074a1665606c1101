"""The desk's and mentors' own addresses of samples, deals and outcomes: they read the pages of both sides."""

from __future__ import annotations

from flask import Blueprint

from marketplace.orders.policies import DESK
from marketplace.orders.views import deals, outcomes, samples

bp = Blueprint("order_desk", __name__, url_prefix=DESK)
bp.get("/samples")(samples.samples)
bp.get("/samples/<key>")(samples.sample)
bp.get("/deals")(deals.deals)
bp.get("/deals/<key>/progress")(deals.progress)
bp.get("/outcomes")(outcomes.outcomes)
bp.get("/outcomes.xlsx")(outcomes.outcomes_table)
