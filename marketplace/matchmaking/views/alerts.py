"""How often a person hears of requests: the same choice for buyers and sellers."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import action, current_actor
from marketplace.matchmaking.forms import AlertForm
from marketplace.matchmaking.rules import AlertFrequency
from marketplace.matchmaking.services.news import choose_frequency


def alerts_chosen(address: str) -> ResponseReturnValue:
    """Keep what was chosen, then go to ``address``."""
    form = AlertForm()
    if not form.validate():
        raise DomainError(_("Choose how often we may write."))
    with action() as act:
        choose_frequency(act.session, current_actor(), AlertFrequency(form.frequency.data))
        act.leads_to(address)
    flash(_("We write as often as you chose."), "success")
    return act.redirect()
