"""A chapter's door to the leads nobody answers: the desk's pages at addresses of its own, without the link maker."""

from __future__ import annotations

from flask import Blueprint

from marketplace.web import rescue

bp = Blueprint("partner_rescue", __name__)
bp.get(rescue.CHAPTER)(rescue.waiting)
bp.get(f"{rescue.CHAPTER}/<key>")(rescue.lead)
bp.post(f"{rescue.CHAPTER}/<key>/write")(rescue.write)
bp.post(f"{rescue.CHAPTER}/<key>/release")(rescue.release)
