"""The fair at which a buyer met the programme: its code travels in addresses and is typed by hand."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import flash, request
from flask_babel import gettext as _

from marketplace.fairs.rules import code_in

PARAMETER = "fair"
_LONGEST = 200


def fair_of_visit() -> str:
    """What the address says, or the address of the page before: product pages are kept for all and carry no code."""
    if given := request.args.get(PARAMETER, "").strip():
        return given[:_LONGEST]
    try:
        before = urlsplit(request.referrer or "")
        codes = parse_qs(before.query, max_num_fields=50).get(PARAMETER, [""])
    except ValueError:
        return ""
    return code_in(codes[0]) if before.netloc == request.host else ""


def tell_left_out(typed: object, *, is_counted: bool) -> None:
    """Say on the next page that a code was left out; the request went without it."""
    if not is_counted and str(typed or "").strip():
        flash(_("The code of the fair is not known or has ended. Your request goes on without it."), "info")
