"""The one blueprint of the staff pages; the modules of `console.views` add to it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("console", __name__)
