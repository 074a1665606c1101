"""The matcher's page for operators: its card, how it does, which model serves."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.locales import BY_LOCALE
from marketplace.kernel.audit import audit
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.regions import REGENCIES
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.fitting import card_of, is_usable
from marketplace.matchmaking.fitting import promote as let_serve
from marketplace.matchmaking.model import models_folder
from marketplace.matchmaking.progress import progress_of
from marketplace.matchmaking.queries.drifting import drift_by_week
from marketplace.matchmaking.queries.models import (
    drift,
    models_in_store,
    outcomes_by_place,
    unknown_words,
    word_kept,
)
from marketplace.matchmaking.queries.shares import shares_of_exposure
from marketplace.matchmaking.queries.switches import PROMOTED, switches

_WORDS = 40


@bp.get("/console/matching")
def model_card() -> ResponseReturnValue:
    """The serving model's card, drift, outcomes, exposure, the models in store and in the shadow, and every switch."""
    session = db.session()
    models = models_in_store(session)
    serving = next((each for each in models if each.is_serving), None)
    shares = shares_of_exposure(session)
    return render_template(
        "matchmaking/model.html",
        models=models,
        serving=serving,
        card=card_of(serving.name) if serving else {},
        progress=progress_of(models_folder()),
        switches=switches(session),
        usable={each.name for each in models if is_usable(card_of(each.name))},
        drift=drift(session),
        words=unknown_words(session, _WORDS),
        kept=word_kept(session),
        places=outcomes_by_place(session),
        shares=shares,
        weeks=drift_by_week(session),
        language_names={locale: each.name for locale, each in BY_LOCALE.items()},
        regency_names={key: each.full_name for key, each in REGENCIES.items()},
    )


@bp.post("/console/matching/fit")
def fit_model() -> ResponseReturnValue:
    """Queue a fit from the offers as they are."""
    with action() as act:
        enqueue(act.session, "matchmaking.refit")
        audit(act.session, current_actor(), "model.fit", "model")
        act.leads_to(url_for("matchmaking.model_card"))
    flash(
        _("It is queued. The new model is compared with the one that serves and takes over if it does as well."),
        "success",
    )
    return act.redirect()


@bp.post("/console/matching/<name>/promote")
def promote_model(name: str) -> ResponseReturnValue:
    """Let a stored model serve: forward or back, in one step."""
    try:
        with action() as act:
            audit(act.session, current_actor(), PROMOTED, f"model:{name}"[:80])
            act.leads_to(url_for("matchmaking.model_card"))
            let_serve(act.session, name)
    except NotFound:
        raise Conflict(_("This model cannot be used any more. Choose another, or fit a new one.")) from None
    flash(_("This model serves now."), "success")
    return act.redirect()
