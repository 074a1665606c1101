"""One step of a sample or a deal: done, or refused beside the form it was typed in."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from marketplace.kernel.errors import DomainError
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.http import action
from marketplace.rfqs.visits import refused_beside


def done(
    step: Callable[[Session], object],
    said: str,
    leads_to: str,
    form: GuardedForm | None,
    page: Callable[[], str],
) -> ResponseReturnValue:
    """Do ``step`` and say so on ``leads_to``; a refusal of what was typed is shown beside its form, on ``page``."""
    try:
        with action() as act:
            step(act.session)
            act.leads_to(leads_to)
    except DomainError as fault:
        if form is None or fault.status != 422:
            raise
        status, _headers = refused_beside(form, fault)
        return page(), status
    flash(said, "success")
    return act.redirect()
