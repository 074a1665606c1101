"""The blueprint of everything that people keep."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("saved", __name__)
