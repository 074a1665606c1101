"""Closures of a seller: their own page, made for a phone, and the same for the mentor who looks after them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.closures import queries, services, wording
from marketplace.closures.forms import ClosureForm
from marketplace.closures.models import SellerClosure
from marketplace.closures.policies import may_close, may_see_closures
from marketplace.closures.presets import Preset, preset_named, presets_ahead
from marketplace.closures.rules import ClosureState, Days, day_there, overlapping
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.policy import require
from marketplace.sellers.models import Seller
from marketplace.sellers.queries import own_seller

bp = Blueprint("closures", __name__)
OWN, DESK = "/selling/closures", "/console/sellers/<slug>/closures"


@bp.get(OWN, endpoint="own")
@bp.get(DESK, endpoint="of_seller")
def closures(slug: str = "") -> ResponseReturnValue:
    """What is entered, proposals for the months ahead, and the form for a new one."""
    seller = _seller(slug)
    return _page(seller, ClosureForm.proposed(preset_named(request.args.get("preset", ""))))


@bp.post(OWN, endpoint="add")
@bp.post(DESK, endpoint="add_for")
def add(slug: str = "") -> ResponseReturnValue:
    """Enter a closure."""
    seller, form = _seller(slug), ClosureForm()
    draft = form.draft()
    if draft is None:
        return _page(seller, form, 422)
    try:
        with action(_address(seller)) as act:
            services.close_seller(act.session, current_actor(), seller.id, draft)
    except (Forbidden, NotFound):
        raise
    except DomainError as fault:
        return _refused(seller, form, fault)
    flash(_("The closure is entered. Leads that come meanwhile wait until after it."), "success")
    return act.redirect()


@bp.route(f"{OWN}/<key>", methods=["GET", "POST"], endpoint="change")
@bp.route(f"{DESK}/<key>", methods=["GET", "POST"], endpoint="change_for")
def change(key: str, slug: str = "") -> ResponseReturnValue:
    """Move a closure's days or say something else."""
    seller = _seller(slug)
    row = queries.closure_of(db.session(), seller.id, key)
    form = ClosureForm.of(row)
    draft = form.draft()
    if draft is None:
        return _page(seller, form, 422 if request.method == "POST" else 200, row)
    try:
        with action(_address(seller)) as act:
            services.change_closure(act.session, current_actor(), seller.id, key, seen_version(), draft)
    except (Forbidden, NotFound):
        raise
    except DomainError as fault:
        row = queries.closure_of(db.session(), seller.id, key)
        if isinstance(fault, Conflict):
            form.version.data = str(row.version)  # who has read what it says now may save again
        return _refused(seller, form, fault, row)
    flash(_("The closure is saved."), "success")
    return act.redirect()


@bp.post(f"{OWN}/<key>/end", endpoint="end")
@bp.post(f"{DESK}/<key>/end", endpoint="end_for")
def end(key: str, slug: str = "") -> ResponseReturnValue:
    """Open again at once, or take back a closure that lies ahead."""
    seller = _seller(slug)
    with action(_address(seller)) as act:
        services.open_again(act.session, current_actor(), seller.id, key, seen_version())
    flash(_("Open again: the clocks run on from now."), "success")
    return act.redirect()


def _seller(slug: str) -> Seller:
    """The reader's own seller, or the one that a member of staff looks at."""
    actor, session = current_actor(), db.session()
    seller = queries.seller_of_slug(session, slug) if slug else own_seller(session, actor)
    require(may_see_closures(actor, seller))
    return seller


def _root(seller: Seller) -> str:
    return OWN if current_actor().is_seller else f"/console/sellers/{seller.slug}/closures"


def _address(seller: Seller) -> str:
    return url_for(".own") if current_actor().is_seller else url_for(".of_seller", slug=seller.slug)


def _refused(
    seller: Seller, form: ClosureForm, fault: DomainError, row: SellerClosure | None = None
) -> ResponseReturnValue:
    form.form_errors.append(str(fault.sentence))
    seller = queries.seller_with_closures(db.session(), seller.id)  # the refused transaction has let go of it
    return _page(seller, form, fault.status, row)


def _page(
    seller: Seller, form: ClosureForm, status: int = 200, row: SellerClosure | None = None
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    rows = queries.closures_of(session, seller.id)
    html = render_template(
        "closures/closures.html",
        seller=seller,
        name=seller.organisation.name,
        rows=rows,
        form=form,
        changed=row,
        presets=_proposals(rows),
        can_change=bool(may_close(actor, seller)),
        is_own=actor.is_seller,
        root=_root(seller),
        wording=wording,
    )
    return html, status


def _proposals(rows: Sequence[tuple[SellerClosure, ClosureState]]) -> list[Preset]:
    """What lies ahead and shares no day with a closure that stands: that could not be entered beside it."""
    held = [Days(row.closed_from, row.closed_to) for row, state in rows if state is not ClosureState.OVER]
    return [one for one in presets_ahead(day_there(now())) if not overlapping(one.days, held)]
