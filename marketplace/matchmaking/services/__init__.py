"""Writes and readings of matchmaking."""

from marketplace.matchmaking.services.requests import read_request, revise_request, start_request
from marketplace.matchmaking.services.suggesting import give_verdict, matches_for_text, suggest

__all__ = ["give_verdict", "matches_for_text", "read_request", "revise_request", "start_request", "suggest"]
