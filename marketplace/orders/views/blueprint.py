"""The blueprint of samples and deals on their way."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("orders", __name__)
