"""The desk's own addresses of meetings: staff look after those of all fairs."""

from __future__ import annotations

from flask import Blueprint

from marketplace.meetings.views import plans

bp = Blueprint("meeting_desk", __name__, url_prefix="/console")
_ROOT = "/fairs/<int:fair>/meetings"
bp.get(_ROOT)(plans.plan)
bp.post(f"{_ROOT}/terms")(plans.save_terms)
bp.route(f"{_ROOT}/sessions/new", methods=["GET", "POST"])(plans.new_session)
bp.route(f"{_ROOT}/sessions/<int:key>", methods=["GET", "POST"])(plans.edit_session)
bp.post(f"{_ROOT}/sessions/<int:key>/remove")(plans.remove_session)
bp.get(f"{_ROOT}/<key>")(plans.meeting)
bp.post(f"{_ROOT}/<key>/schedule")(plans.schedule)
bp.post(f"{_ROOT}/<key>/cancel")(plans.cancel)
bp.post(f"{_ROOT}/<key>/came")(plans.came)
