"""Writes and readings of matchmaking."""

from marketplace.matchmaking.services.fits import fit_request
from marketplace.matchmaking.services.requests import read_request, revise_request, start_request
from marketplace.matchmaking.services.stepping_in import post_openly, put_aside, step_in, take_back
from marketplace.matchmaking.services.suggesting import give_verdict, load_matcher, matches_for_text, suggest

__all__ = [
    "fit_request",
    "give_verdict",
    "load_matcher",
    "matches_for_text",
    "post_openly",
    "put_aside",
    "read_request",
    "revise_request",
    "start_request",
    "step_in",
    "suggest",
    "take_back",
]
