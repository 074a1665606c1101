"""Terms, privacy, legal notice and how checking works: plain texts, the same that people agree to."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.legal import PRIVACY, TERMS, TRANSFER
from marketplace.accounts.rules import DOCUMENT_VERSIONS, Document, VerificationLevel
from marketplace.accounts.wording import LEVEL_MEANINGS, LEVEL_NAMES
from marketplace.i18n.formats import format_date
from marketplace.i18n.translations import current_locale
from marketplace.web.operator import operator

bp = Blueprint("legal", __name__)


@bp.get("/terms")
def terms() -> ResponseReturnValue:
    """The terms as they stand."""
    return render_template("legal/terms.html", sections=TERMS, version=_day(Document.TERMS))


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """How personal data are handled."""
    return render_template(
        "legal/privacy.html",
        sections=PRIVACY,
        transfer=TRANSFER,
        version=_day(Document.PRIVACY),
        operator=operator(),
    )


@bp.get("/legal-notice")
def legal_notice() -> ResponseReturnValue:
    """Who runs the site."""
    return render_template("legal/notice.html", operator=operator())


@bp.get("/how-it-works")
def how_it_works() -> ResponseReturnValue:
    """What is checked, by whom, and what the words on the pages mean."""
    levels = [(LEVEL_NAMES[each], LEVEL_MEANINGS[each]) for each in VerificationLevel]
    return render_template("legal/how.html", levels=levels)


def _day(document: Document) -> str:
    """The day of the version that holds, as the reader writes days."""
    return format_date(date.fromisoformat(DOCUMENT_VERSIONS[document]), current_locale())
