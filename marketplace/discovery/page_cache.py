"""Which pages may be kept for visitors without an account (see `discovery.keeper`), and the market's state."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue

from marketplace.discovery.engine import engine, known_engine, switched_off
from marketplace.discovery.keeper import CHANCE, Chance
from marketplace.discovery.overlay import applied
from marketplace.kernel.clock import today
from marketplace.kernel.http import actor_or_none
from search.document import Change
from search.errors import EngineUnavailable

_STATE = "souq.market_state"


def kept(make: Callable[[], ResponseReturnValue], beside: Callable[[], str] | None = None) -> ResponseReturnValue:
    """The page, kept for the next visitors if it went well; nothing at all where the browser has it already.

    ``beside`` gives a text that changes with what the page shows besides the market; such a change shows when the kept
    copy's time is over (`keeper.SECONDS`).
    """
    chance: Chance | None = request.environ.get(CHANCE)
    if chance is None or actor_or_none() is not None:
        return make()
    state = market_state()
    if state is None:
        return make()
    rule = request.url_rule
    name = chance.take(state, rule.rule if rule else "", beside() if beside is not None else "")
    if name in request.if_none_match.as_set(include_weak=True):
        response = Response(status=304)
    else:
        response = make_response(make())
    if response.status_code in {200, 304}:
        response.set_etag(name, weak=True)  # the same content, packed or not
    return response


def market_state() -> str | None:
    """A text that changes with everything a public page shows; one reading a request.

    Empty where the engine cannot tell, None where it does not answer.
    """
    if _STATE not in request.environ:
        try:
            request.environ[_STATE] = _of_today(engine().revision(), switched_off())
        except EngineUnavailable:
            request.environ[_STATE] = None
    state: str | None = request.environ[_STATE]
    return state


def state_of(app: Flask) -> str | None:
    """The same outside of a request; None also before the engine was first used."""
    known = known_engine(app)
    try:
        off = app.extensions["souq_settings"].stores.ranked_without
        return None if known is None else _of_today(known.revision(), off)
    except EngineUnavailable:
        return None


def changes_between(app: Flask, old: str, new: str) -> tuple[Change, ...] | None:
    """Documents of the market that changed from one state to another of the same day, lexicon and settings; None where
    that cannot be told."""
    known, (since, _, before), (until, _, after) = known_engine(app), old.partition(" "), new.partition(" ")
    if known is None or before != after:
        return None
    try:
        return known.changes(since, until)
    except EngineUnavailable:
        return None


def _of_today(revision: str, off: frozenset[str]) -> str:
    # an edit of the lexicon changes what a search means, also where it changes no document; so does what operators
    # switch off, and browsers come again with pages from before
    return f"{revision} {today().isoformat()} {applied()} {','.join(sorted(off))}" if revision else ""
