"""Words for what people keep."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.saved.rules import Frequency

FREQUENCIES: dict[Frequency, Any] = {
    Frequency.INSTANT: _("At once, for every new match"),
    Frequency.DAILY: _("At most once a day"),
    Frequency.WEEKLY: _("At most once a week"),
}
