"""The desk's and mentors' own addresses of the papers of quotes, deals and samples."""

from __future__ import annotations

from flask import Blueprint

from marketplace.documents import views
from marketplace.orders.policies import DESK

bp = Blueprint("document_desk", __name__, url_prefix=DESK)
bp.route("/quotations/<recipient_key>/<int(max=2147483647):number>/papers", methods=["GET", "POST"])(views.quote_papers)
bp.route("/deals/<key>/papers", methods=["GET", "POST"])(views.deal_papers)
bp.route("/samples/<key>/papers", methods=["GET", "POST"])(views.sample_papers)
bp.get("/papers/<key>")(views.paper)
bp.post("/papers/<key>/again")(views.again)
