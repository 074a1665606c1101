"""Words for what sellers are and where they stand, for forms, pages and mails."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _

from marketplace.i18n.translations import current_locale
from marketplace.sellers.rules import CurationState, SellerForm

FORM_NAMES: dict[SellerForm, Any] = {
    SellerForm.BUSINESS_UNIT: _("Business unit of a pesantren"),
    SellerForm.COOPERATIVE: _("Cooperative of several pesantren"),
    SellerForm.EXPORTER: _("Exporter"),
}
STATE_NAMES: dict[CurationState, Any] = {
    CurationState.APPLIED: _("Waiting for the first visit"),
    CurationState.IMPROVING: _("Improving with a mentor"),
    CurationState.APPROVED: _("On the market"),
    CurationState.PAUSED: _("Paused"),
}
STATE_TONES = {
    CurationState.APPLIED: "info",
    CurationState.IMPROVING: "caution",
    CurationState.APPROVED: "positive",
    CurationState.PAUSED: "critical",
}


def language_name(code: str) -> str:
    """The name of a language in the reader's."""
    return str(Locale.parse(current_locale()).languages.get(code, code))
