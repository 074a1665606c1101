"""Weights of matches, for operators: tried in the shadow, previewed, let serve after winning, taken back."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import action, current_actor
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.forms import WeightsForm
from marketplace.matchmaking.queries.learning import learnt_among
from marketplace.matchmaking.queries.weights import MOST_PREVIEWED, serving_row, weights_in_store, weights_of
from marketplace.matchmaking.services.weights import (
    back_to_delivered,
    compare_again,
    delivered_weights,
    drop_weights,
    is_dropped,
    is_for_sellers_alone,
    is_ready,
    let_weights_serve,
    preview,
    try_weights,
)
from marketplace.matchmaking.weighing import ALL_FEATURES, LEAST_PAIRS, has_won
from marketplace.rfqs import showing


@bp.get("/console/matching/weights")
def weights() -> ResponseReturnValue:
    """The weights that serve, those that were tried, and a form to try others."""
    row = serving_row(db.session())
    values = {**delivered_weights(), **(row.weights if row else {})}
    return _weights_page(WeightsForm(formdata=None, data=values))


@bp.post("/console/matching/weights")
def try_new_weights() -> ResponseReturnValue:
    """Keep weights as a candidate and compare them."""
    form = WeightsForm()
    if not form.validate() or any(form[name].data is None for name in ALL_FEATURES):
        return _weights_page(form, 422)
    try:
        with action() as act:
            row = try_weights(act.session, current_actor(), form.weights(), str(form.note.data))
            act.leads_to(url_for("matchmaking.candidate", key=row.id))
    except DomainError as fault:
        form.grade.errors = [str(fault)]
        return _weights_page(form, 422)
    return act.redirect()


@bp.get("/console/matching/weights/<int:key>")
def candidate(key: int) -> ResponseReturnValue:
    """One candidate: how its comparison went, and what it would change on the latest requests."""
    session, locale = db.session(), current_locale()
    row = weights_of(session, key)
    changes = preview(session, row.weights)
    keys = {key for each in changes for key in (*each.before, *each.after)}
    titles = {each.id: each.title for each in cards(session, sorted(keys), locale)}
    return render_template(
        "matchmaking/candidate.html",
        row=row,
        learnt=learnt_among(session, [key]).get(key),
        serving=serving_row(session),
        names={field.name: field.label.text for field in WeightsForm(formdata=None) if field.name in row.weights},
        changes=[
            {
                "goods": showing.goods_of(
                    each.rfq.lines[0] if each.rfq.lines else None, {}, locale, _("A request in the buyer's own words")
                ),
                "before": [titles[one] for one in each.before if one in titles],
                "after": [titles[one] for one in each.after if one in titles],
            }
            for each in changes
        ],
        looked_at=MOST_PREVIEWED,
        least=LEAST_PAIRS,
        has_won=has_won(row.figures) if row.compared_at else False,
        is_dropped=is_dropped(row),
        is_for_sellers_alone=is_for_sellers_alone(session, row),
        may_serve=not is_dropped(row) and is_ready(session, row),
    )


@bp.post("/console/matching/weights/<int:key>/compare")
def compare_weights_again(key: int) -> ResponseReturnValue:
    """Compare a candidate with the weights that serve now."""
    with action() as act:
        compare_again(act.session, weights_of(act.session, key))
        act.leads_to(url_for("matchmaking.candidate", key=key))
    flash(_("The comparison is queued. Reload this page in a minute."), "success")
    return act.redirect()


@bp.post("/console/matching/weights/<int:key>/promote")
def promote_weights(key: int) -> ResponseReturnValue:
    """Let weights that have won serve."""
    with action() as act:
        let_weights_serve(act.session, current_actor(), key)
        act.leads_to(url_for("matchmaking.weights"))
    flash(_("These weights serve now."), "success")
    return act.redirect()


@bp.post("/console/matching/weights/<int:key>/drop")
def drop_candidate(key: int) -> ResponseReturnValue:
    """Put a candidate away."""
    with action() as act:
        drop_weights(act.session, current_actor(), key)
        act.leads_to(url_for("matchmaking.weights"))
    flash(_("These weights are dropped."), "success")
    return act.redirect()


@bp.post("/console/matching/weights/delivered")
def deliver_weights() -> ResponseReturnValue:
    """Go back to the weights as the program comes."""
    with action() as act:
        back_to_delivered(act.session, current_actor())
        act.leads_to(url_for("matchmaking.weights"))
    flash(_("The weights as delivered serve again."), "success")
    return act.redirect()


def _weights_page(form: WeightsForm, status: int = 200) -> ResponseReturnValue:
    session = db.session()
    rows = weights_in_store(session)
    return (
        render_template(
            "matchmaking/weights.html",
            form=form,
            features=ALL_FEATURES,
            rows=rows,
            learnt=learnt_among(session, [row.id for row in rows]),
            serving=serving_row(session),
        ),
        status,
    )
