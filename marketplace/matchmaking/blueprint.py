"""The one blueprint of matchmaking; the modules of `matchmaking.views` add to it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("matchmaking", __name__)
