"""Sellers look at a file of plots before they hand it to an importer; nothing of it is kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms.validators import InputRequired

from marketplace.catalogue.forms.parts import ExactField
from marketplace.i18n.formats import format_number
from marketplace.i18n.translations import current_locale
from marketplace.kernel.forms import GuardedForm
from marketplace.marketaccess.plots import MOST_CORNERS, MOST_PLOTS, Checked, Fault, Finding, check_plots, exported

bp = Blueprint("plots_page", __name__)
SHOWN = 100  # findings on the page; who has more mends these first
FAULTS: Mapping[Fault, object] = MappingProxyType(
    {
        Fault.NOT_JSON: _("The file is not GeoJSON. Export it from your map as GeoJSON."),
        Fault.NO_PLOTS: _("The file names no plots."),
        Fault.TOO_MANY: _("The file is too large. Split it: up to 500 plots and 1,500 corners at once."),
        Fault.SHAPE: _("This plot is neither a point nor an outline (Point or Polygon)."),
        Fault.NUMBERS: _("A corner of this plot is no pair of numbers."),
        Fault.OTHER_SYSTEM: _("The file names another system of coordinates. Export it in WGS 84 (EPSG:4326)."),
        Fault.DECIMALS: _("Coordinates need six decimals, and this plot has fewer. Measure it anew."),
        Fault.OPEN: _("The outline is not closed: its last corner must be its first."),
        Fault.CORNERS: _("An outline needs at least three corners."),
        Fault.HOLES: _("The outline has holes. Give the parts as plots of their own."),
        Fault.CROSSES: _("The outline crosses itself."),
        Fault.NOT_HERE: _("This plot does not lie in Indonesia."),
        Fault.SWAPPED: _("Longitude and latitude are swapped: longitude comes first."),
        Fault.POINT: _("A plot of more than four hectares needs its outline, not a point."),
        Fault.AREA: _("A point needs its area in hectares (property “Area”)."),
        Fault.OVERLAPS: _("This plot overlaps plot %(other)s."),
        Fault.WEIGHT: _("This plot has no weight (property “weight_kg”), though a weight of the lot is given."),
        Fault.SUM: _("The weights of the plots come to %(other)s kg, not to the weight of the lot."),
    }
)


class PlotsForm(GuardedForm):
    """A file of plots, and what the lot weighs that they made together."""

    file = FileField(
        _("File of plots (GeoJSON)"),
        validators=[InputRequired()],
        description=_(
            "Points or outlines with six decimals; the properties ProducerName, ProductionPlace, Area, weight_kg."
        ),
    )
    lot = ExactField(
        _("Weight of the lot in kg"), description=_("If you give it, the weights of all plots must come to it.")
    )


@bp.get("/selling/plots")
def plots() -> ResponseReturnValue:
    """Choose a file."""
    return _page(PlotsForm(formdata=None), None)


@bp.post("/selling/plots")
def check() -> ResponseReturnValue:
    """What is wrong with a file, plot by plot; without a fault, it can be had as importers want it."""
    form, upload = PlotsForm(), request.files.get("file")
    if upload is None or not upload.filename:
        form.file.errors = [gettext("Choose a file first.")]
        return _page(form, None), 422
    if not form.validate():
        return _page(form, None), 422
    checked = check_plots(upload.stream.read(), form.lot.data)
    if checked.findings:
        return _page(form, checked), 422
    if request.form.get("do") != "file":
        return _page(form, checked)
    headers = {"Content-Disposition": 'attachment; filename="plots.geojson"', "Cache-Control": "no-store"}
    return Response(exported(checked.plots), mimetype="application/geo+json", headers=headers)


def _page(form: PlotsForm, checked: Checked | None) -> str:
    return render_template(
        "web/plots.html",
        form=form,
        checked=checked,
        rows=_rows(sorted(checked.findings, key=lambda one: one.plot)[:SHOWN]) if checked is not None else [],
        more=max(0, len(checked.findings) - SHOWN) if checked is not None else 0,
        most=(MOST_PLOTS, MOST_CORNERS),
    )


def _rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [{"plot": one.plot, "text": str(FAULTS[one.fault]) % {"other": _other(one)}} for one in findings]


def _other(finding: Finding) -> str:
    """A weight as the reader writes it, with every decimal that makes the difference; a number of a plot as it is."""
    if finding.fault is not Fault.SUM:
        return finding.other
    weight = Decimal(finding.other)
    places = -int(weight.normalize().as_tuple().exponent)
    return format_number(weight, current_locale(), max(0, places))
