"""A seller's standing: their own page, and the same with the mentor's word for staff. Buyers have no such page."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.sellers.models import SellerStanding
from marketplace.sellers.policies import may_ease
from marketplace.sellers.queries import own_seller
from marketplace.sellers.rules import Standing
from marketplace.standing import queries, wording
from marketplace.standing.forms import EasingForm
from marketplace.standing.services import ease_standing, end_easing, in_force

bp = Blueprint("standing", __name__)


@bp.get("/selling/standing")
def own() -> ResponseReturnValue:
    """The seller's own standing: what was counted, what to mend, and a mentor's word."""
    seller = own_seller(db.session(), current_actor())
    row = queries.standing_row(db.session(), seller.id)
    return render_template("standing/own.html", **_shown(row))


@bp.get("/console/standing")
def sellers() -> ResponseReturnValue:
    """Sellers who need help: one's own charges first."""
    page = queries.sellers_to_help(db.session(), current_actor(), page_number(request.args.get("page")))
    locale = current_locale()
    rows = [
        {
            "name": row.seller.organisation.name,
            "slug": row.seller.slug,
            "is_own": row.seller.mentor_id == current_actor().user_id,
            "level": wording.LEVELS[in_force(row)],
            "eased_until": row.eased_until if in_force(row) != row.level else None,
            "lines": [one for one in wording.lines_of(queries.figures_of(row), locale) if one.mending],
        }
        for row in page.items
    ]
    return render_template("standing/sellers.html", page=page, rows=rows)


@bp.get("/console/sellers/<slug>/standing")
def of_seller(slug: str) -> ResponseReturnValue:
    """One seller's standing, and the form that eases it."""
    return _desk_page(slug, None)


@bp.post("/console/sellers/<slug>/standing")
def ease(slug: str) -> ResponseReturnValue:
    """Let a better standing hold until a day."""
    seller = queries.staff_seller(db.session(), slug)
    row = queries.standing_row(db.session(), seller.id)
    if row is None:
        raise NotFound
    form = EasingForm().offer(Standing(row.level))
    if not form.validate():
        return _desk_page(slug, form), 422
    try:
        with action(url_for("standing.of_seller", slug=slug)) as act:
            ease_standing(
                act.session,
                current_actor(),
                seller.id,
                Standing(form.level.data),
                form.until.data,
                form.reason.data or "",
                seen_version(),
            )
    except DomainError as fault:
        if fault.status != DomainError.status:
            raise
        form.until.errors = [str(fault.sentence)]
        return _desk_page(slug, form), 422
    flash(_("The seller reads which standing holds, until when, and why."), "success")
    return act.redirect()


@bp.post("/console/sellers/<slug>/standing/end")
def end(slug: str) -> ResponseReturnValue:
    """Let the counted standing hold again."""
    seller = queries.staff_seller(db.session(), slug)
    with action(url_for("standing.of_seller", slug=slug)) as act:
        end_easing(act.session, current_actor(), seller.id, seen_version())
    flash(_("The counted standing holds again."), "success")
    return act.redirect()


def _desk_page(slug: str, form: EasingForm | None) -> str:
    seller = queries.staff_seller(db.session(), slug)
    row = queries.standing_row(db.session(), seller.id)
    can_ease = row is not None and row.level != Standing.GOOD and bool(may_ease(current_actor(), seller))
    if form is None and row is not None:
        form = EasingForm(formdata=None, version=row.version).offer(Standing(row.level))
    return render_template("standing/seller.html", seller=seller, can_ease=can_ease, form=form, **_shown(row))


def _shown(row: SellerStanding | None) -> dict[str, object]:
    level = in_force(row)
    return {
        "row": row,
        "level": wording.LEVELS[level],
        "code": level.value,
        "counted_level": wording.LEVELS[row.level] if row is not None else wording.LEVELS[Standing.GOOD],
        "is_eased": row is not None and level != row.level,
        "eased_by": queries.eased_by(db.session(), row),
        "lines": wording.lines_of(queries.figures_of(row), current_locale()),
    }
