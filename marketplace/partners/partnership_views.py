"""A chapter's partnerships: grades, reviews and territories."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.formats import format_country
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.partners import services
from marketplace.partners.forms import PartnershipForm, TerritoryForm
from marketplace.partners.introduction_queries import approved_distributor
from marketplace.partners.models import Partnership, Territory
from marketplace.partners.partnership_queries import (
    partnership_of,
    partnerships_of_chapter,
    territories_by,
    territories_of_chapter,
)
from marketplace.partners.queries import chapter_of
from marketplace.partners.rules import is_exclusive
from marketplace.partners.wording import GRADES

bp = Blueprint("partnerships", __name__)
PAGE = "/partner/distributors/<int:key>/partnership"


@bp.get("/partner/territories")
def territories() -> ResponseReturnValue:
    """Who sells what where for the chapter, and until when alone."""
    actor, locale = current_actor(), current_locale()
    stated = partnerships_of_chapter(db.session(), actor)
    rows = [
        {
            **territory_shown(one, locale),
            "key": one.application_id,
            "company": one.application.company_name,
            "grade": _grade(stated.get(one.application_id)),
        }
        for one in territories_of_chapter(db.session(), actor)
    ]
    return render_template("partners/territories.html", rows=rows)


@bp.get(PAGE)
def partnership(key: int) -> ResponseReturnValue:
    """Grade, days and territories of one distributor."""
    return _page(key)


@bp.post(PAGE)
def state(key: int) -> ResponseReturnValue:
    """Put down grade and days."""
    form = PartnershipForm()
    if not form.validate():
        return _page(key, stating=form), 422
    try:
        with action(url_for("partnerships.partnership", key=key)) as act:
            services.state_partnership(act.session, current_actor(), key, form.draft(), seen_version())
    except DomainError as fault:
        if fault.status != DomainError.status:
            raise
        form.since.errors = [str(fault.sentence)]
        return _page(key, stating=form), 422
    flash(_("Grade and days are kept."), "success")
    return act.redirect()


@bp.post(f"{PAGE}/territories")
def grant(key: int) -> ResponseReturnValue:
    """Give the distributor a commodity in a country."""
    actor, form = current_actor(), TerritoryForm()
    application = approved_distributor(db.session(), actor, key)
    form.offer(chapter_of(db.session(), actor).countries, current_locale(), application.interests)
    if not form.validate():
        return _page(key, granting=form), 422
    try:
        with action(url_for("partnerships.partnership", key=key)) as act:
            services.grant_territory(
                act.session, actor, key, form.country.data, form.commodity.data, form.exclusive_until.data
            )
    except DomainError as fault:
        if fault.status not in {DomainError.status, Conflict.status}:
            raise
        form.country.errors = [str(fault.sentence)]
        return _page(key, granting=form), fault.status
    flash(_("The territory is granted. Introductions keep to it."), "success")
    return act.redirect()


@bp.post("/partner/territories/<int:key>/end")
def end(key: int) -> ResponseReturnValue:
    """Take a territory back."""
    with action() as act:
        application_id = services.end_territory(act.session, current_actor(), key)
        act.leads_to(url_for("partnerships.partnership", key=application_id))
    flash(_("The territory is free again."), "success")
    return act.redirect()


def _page(key: int, *, stating: PartnershipForm | None = None, granting: TerritoryForm | None = None) -> str:
    session, actor, locale = db.session(), current_actor(), current_locale()
    application = approved_distributor(session, actor, key)
    row = partnership_of(session, key)
    if granting is None:
        granting = TerritoryForm(formdata=None)
        granting.offer(chapter_of(session, actor).countries, locale, application.interests)
    return render_template(
        "partners/partnership.html",
        application=application,
        grade=_grade(row),
        stating=stating or PartnershipForm.of(row),
        granting=granting,
        rows=[territory_shown(one, locale) for one in territories_by(session, [key])[key]],
    )


def _grade(row: Partnership | None) -> str:
    return str(GRADES[row.grade]) if row is not None and row.grade else ""


def territory_shown(row: Territory, locale: str) -> dict[str, Any]:
    """A territory as ready strings; ``until`` only while it is exclusive."""
    registry = load_registry()
    known = row.commodity in registry.commodities
    return {
        "id": row.id,
        "country": format_country(row.country, locale),
        "goods": registry.commodity(row.commodity).name(locale) if known else row.commodity,
        "until": row.exclusive_until if is_exclusive(row.exclusive_until, today()) else None,
    }
