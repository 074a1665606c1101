"""What came of it: inquiries, samples and orders, counted and as a table, for the programme, a chapter, a pesantren."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.kernel.sheets import XLSX, workbook
from marketplace.orders import wording
from marketplace.orders.policies import root_for
from marketplace.orders.queries import MOST_ENTRIES, Entry, counted, ledger
from marketplace.orders.views.blueprint import bp


@bp.get("/outcomes")
def outcomes() -> ResponseReturnValue:
    """Counts over everything one may read."""
    session, actor = db.session(), current_actor()
    return render_template(
        "orders/outcomes.html",
        sellers=counted(session, actor, "seller"),
        chapters=[] if actor.is_seller else counted(session, actor, "chapter"),
        fairs=counted(session, actor, "fair"),
        wording=wording,
        root=root_for(actor),
    )


@bp.get("/outcomes.xlsx")
def outcomes_table() -> ResponseReturnValue:
    """The ledger behind them, entry by entry, as a workbook."""
    actor = current_actor()
    entries = list(ledger(db.session(), actor))
    head = [_("Date"), _("Outcome"), _("Goods"), _("Pesantren"), _("Chapter"), _("Fair"), _("Value of the orders")]
    table = [head, *(_row(one, current_locale(), actor.time_zone) for one in entries)]
    if len(entries) == MOST_ENTRIES:
        table.append([_("Only the newest %(count)s entries are listed.", count=MOST_ENTRIES)])
    name = f"outcomes-{today().isoformat()}.xlsx"
    return send_file(workbook(table), mimetype=XLSX, as_attachment=True, download_name=name)


def _row(one: Entry, locale: str, zone: str) -> list[str]:
    goods = load_registry().commodities.get(one.commodity)
    return [
        formats.format_date(one.at.astimezone(ZoneInfo(zone)).date(), locale),
        str(wording.OUTCOME[one.kind]),
        goods.name(locale) if goods else one.commodity,
        one.seller,
        one.chapter,
        one.fair,
        str(wording.BANDS.get(one.value_band, "")),
    ]
