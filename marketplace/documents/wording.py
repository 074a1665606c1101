"""Papers and their languages in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.documents.rules import PaperKind

KINDS: Mapping[str, object] = MappingProxyType(
    {
        PaperKind.QUOTATION: _("Quotation"),
        PaperKind.PROFORMA_INVOICE: _("Pro-forma invoice"),
        PaperKind.PACKING_LIST: _("Packing list"),
        PaperKind.SALES_CONTRACT: _("Sales contract (draft)"),
        PaperKind.SPECIFICATION_SHEET: _("Specification sheet"),
        PaperKind.SAMPLE_INVOICE: _("Sample invoice"),
    }
)
LANGUAGES: Mapping[str, object] = MappingProxyType(
    {
        "": _("English only"),
        "id": _("English and Indonesian"),
        "de": _("English and German"),
        "zh_Hans": _("English and Chinese (simplified)"),
        "zh_Hant": _("English and Chinese (traditional)"),
    }
)
