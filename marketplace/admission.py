"""The gate: every request is held against the table of who may use which route."""

from __future__ import annotations

from flask import Flask, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.access import ACCESS
from marketplace.kernel.errors import Forbidden, NotFound
from marketplace.kernel.http import actor_or_none
from marketplace.kernel.visitors import HIDDEN_FROM_OTHERS, NEEDS_SECOND_FACTOR, Who, classes_of


def check_access(sign_in_endpoint: str, second_factor_path: str, is_sample: bool) -> Response | None:
    """Let the request through, lead it to the sign-in, or refuse it."""
    from flask import url_for

    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself
    allowed = ACCESS.get(request.endpoint)
    if allowed is None:
        raise NotFound
    if Who.PUBLIC in allowed or (Who.SAMPLE in allowed and is_sample):
        return None
    if Who.SAMPLE in allowed:
        raise NotFound
    actor = actor_or_none()
    if actor is None:
        if allowed <= HIDDEN_FROM_OTHERS:
            raise NotFound
        if request.method in {"GET", "HEAD"}:
            wish = request.full_path.rstrip("?") if request.query_string else request.path
            return redirect(url_for(sign_in_endpoint, next=wish), 302)
        raise Forbidden(_("Please sign in first. Nothing was changed."))
    granted = classes_of(actor) & allowed
    if not granted:
        if allowed <= HIDDEN_FROM_OTHERS:
            raise NotFound
        if actor.is_suspended:
            raise Forbidden(_("Your organisation is suspended. You can still read your account and write to us."))
        raise Forbidden(_("Your account cannot do this. It is open to others, such as buyers, sellers or partners."))
    if granted & NEEDS_SECOND_FACTOR and Who.SIGNED_IN not in allowed and not actor.has_second_factor:
        return redirect(request.script_root + second_factor_path, 302)
    return None


def unlisted_endpoints(app: Flask) -> list[str]:
    """Endpoints of ``app`` without an entry, and entries without an endpoint: both must be empty."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(endpoints ^ set(ACCESS))
