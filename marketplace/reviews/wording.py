"""Reviews in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.reviews.rules import Occasion, ReviewState, ReviewTarget

RATINGS: Mapping[int, object] = MappingProxyType(
    {
        5: _("5 – very good"),
        4: _("4 – good"),
        3: _("3 – as expected, with reservations"),
        2: _("2 – below what was promised"),
        1: _("1 – poor"),
    }
)
STATES: Mapping[str, tuple[object, str]] = MappingProxyType(
    {
        ReviewState.PENDING: (_("Waits for a curator"), "caution"),
        ReviewState.PUBLISHED: (_("Published"), "positive"),
        ReviewState.REJECTED: (_("Not published"), "neutral"),
    }
)
OCCASIONS: Mapping[str, object] = MappingProxyType(
    {Occasion.SAMPLE: _("after a sample"), Occasion.DEAL: _("after a deal")}
)
TARGETS: Mapping[str, object] = MappingProxyType(
    {ReviewTarget.PRODUCT: _("The goods"), ReviewTarget.SELLER: _("The seller")}
)
