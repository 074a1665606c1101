"""What closures are called, and the sentences that tell buyers of them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from marketplace.closures.presets import PresetKind
from marketplace.closures.queries import ShownClosure, shown_closure
from marketplace.closures.rules import ClosureState
from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _
from marketplace.kernel.prepared import On

PRESETS: Mapping[PresetKind, object] = {
    PresetKind.RAMADAN: lazy_gettext("Ramadan and the week of Eid"),
    PresetKind.EID: lazy_gettext("Last ten days of Ramadan and the week of Eid"),
    PresetKind.SCHOOL_WINTER: lazy_gettext("School holidays at the turn of the year"),
    PresetKind.SCHOOL_SUMMER: lazy_gettext("School holidays in the middle of the year"),
}
STATES: Mapping[ClosureState, tuple[object, str]] = {
    ClosureState.AHEAD: (lazy_gettext("Ahead"), "info"),
    ClosureState.RUNNING: (lazy_gettext("Closed now"), "caution"),
    ClosureState.OVER: (lazy_gettext("Over"), "neutral"),
}


def closed_sentence(on: On, seller_id: int, locale: str) -> str:
    """The sentence about a seller's closure of now or of the next weeks; empty where there is none."""
    closure = shown_closure(on, seller_id)
    return closure_sentence(closure, locale) if closure is not None else ""


def closure_sentence(closure: ShownClosure, locale: str) -> str:
    """What a buyer reads beside the seller's name."""
    last = formats.format_date(closure.last, locale)
    if closure.is_running:
        return _("Closed until %(day)s: answers come after.", day=last)
    return _("Closed from %(first)s to %(last)s.", first=formats.format_date(closure.first, locale), last=last)
