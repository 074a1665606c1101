"""The desk's own addresses of fairs: staff record the programme's and look after all."""

from __future__ import annotations

from flask import Blueprint

from marketplace.fairs import views

bp = Blueprint("fair_desk", __name__, url_prefix="/console")
bp.get("/fairs")(views.fairs)
bp.route("/fairs/new", methods=["GET", "POST"])(views.new)
bp.route("/fairs/<int:key>/edit", methods=["GET", "POST"])(views.edit)
bp.post("/fairs/<int:key>/withdraw")(views.withdraw)
bp.get("/fairs/<int:key>/poster")(views.poster)
