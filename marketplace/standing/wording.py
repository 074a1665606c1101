"""Standing in words: what holds, what was counted, and what to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.i18n.formats import format_number
from marketplace.sellers.rules import CASES_BEFORE_STANDING, Counted, Measure, Standing, standing_by

LEVELS: Mapping[str, tuple[object, str]] = MappingProxyType(
    {
        Standing.GOOD: (_("In good standing"), "positive"),
        Standing.WARN: (_("Warned: something to mend"), "caution"),
        Standing.STOP: (_("Paused: not proposed to buyers"), "critical"),
    }
)
MEASURES: Mapping[Measure, object] = MappingProxyType(
    {
        Measure.ANSWERS: _("Answers in time"),
        Measure.SAMPLES: _("Samples that suit"),
        Measure.DELIVERIES: _("Shipments on time"),
    }
)
PERIODS: Mapping[Measure, object] = MappingProxyType(
    {
        Measure.ANSWERS: _("Leads of the past six months"),
        Measure.SAMPLES: _("Samples judged by buyers in the past year"),
        Measure.DELIVERIES: _("Deals of the past year with a day for the shipment"),
    }
)
MENDING: Mapping[Measure, object] = MappingProxyType(
    {
        Measure.ANSWERS: _(
            "Answer every lead before its deadline, also with a plain no. Enter closed days when nobody can answer: "
            "the clock stands still meanwhile."
        ),
        Measure.SAMPLES: _(
            "Read the score sheets of the samples that did not suit, and send the next sample from the lot you will "
            "deliver."
        ),
        Measure.DELIVERIES: _(
            "Promise a day you can keep, report the shipment when it leaves, and agree on a new day with the buyer "
            "before the old one has passed."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure as pages show it; all ready strings, ``said`` empty without a case."""

    name: str
    period: str
    said: str
    tone: str
    label: str
    mending: str


def lines_of(figures: Mapping[Measure, Counted], locale: str) -> list[Line]:
    """Every measure with its count; what to mend only where something is."""
    return [_line(measure, figures.get(measure, Counted()), locale) for measure in Measure]


def _line(measure: Measure, counted: Counted, locale: str) -> Line:
    level = standing_by(measure, counted)
    if level is None:
        label, tone = gettext("Not counted yet: from %(count)s cases on", count=CASES_BEFORE_STANDING), "neutral"
    else:
        known = {Standing.GOOD: _("Good"), Standing.WARN: _("To mend"), Standing.STOP: _("Urgent")}
        label, tone = str(known[level]), LEVELS[level][1]
    good, cases = format_number(counted.cases - counted.bad, locale), format_number(counted.cases, locale)
    return Line(
        name=str(MEASURES[measure]),
        period=str(PERIODS[measure]),
        said=gettext("%(good)s of %(cases)s", good=good, cases=cases) if counted.cases else "",
        tone=tone,
        label=label,
        mending=str(MENDING[measure]) if level in {Standing.WARN, Standing.STOP} else "",
    )
