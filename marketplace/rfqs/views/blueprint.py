"""The blueprint of buyers' requests."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rfqs", __name__)
