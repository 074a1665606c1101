"""Follow-ups of leads in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.followups.rules import Fault, Result

RESULTS: Mapping[str, object] = MappingProxyType(
    {
        Result.SOLD: _("Sold"),
        Result.ELSEWHERE: _("Bought from somebody else"),
        Result.NO_NEED: _("No need any more"),
        Result.NO_REPLY: _("The distributor does not answer"),
        Result.OTHER: _("Something else, see the note"),
    }
)
FAULTS: Mapping[Fault, object] = MappingProxyType(
    {
        Fault.NO_CONTACT: _("Say when you contacted the distributor, then close the lead."),
        Fault.NO_RESULT: _("Say what became of the lead, then close it."),
        Fault.NO_DAY_OF_SALE: _("Say on which day it was sold, then close the lead."),
        Fault.SALE_WITHOUT_RESULT: _("There is a day of sale, so choose “Sold”, or empty the day."),
        Fault.BEFORE_REQUEST: _("This day lies before the request. Check it."),
        Fault.SOLD_BEFORE_CONTACT: _("It was sold before you contacted anybody? Check both days."),
        Fault.IN_FUTURE: _("This day lies in the future. Check it."),
    }
)
