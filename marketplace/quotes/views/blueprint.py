"""The blueprint of quotes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("quotes", __name__)
