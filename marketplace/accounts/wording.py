"""Levels of checking in words; every page that names a level or says what it means reads it here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.accounts.rules import VerificationLevel

LEVEL_NAMES: Mapping[str, object] = MappingProxyType(
    {
        VerificationLevel.NONE: _("Not checked yet"),
        VerificationLevel.LISTED: _("Listed"),
        VerificationLevel.REVIEWED: _("Reviewed"),
        VerificationLevel.VERIFIED: _("Verified"),
    }
)
# one sentence each, for the page that explains checking
LEVEL_MEANINGS: Mapping[str, object] = MappingProxyType(
    {
        VerificationLevel.NONE: _("Only what the organisation says about itself."),
        VerificationLevel.LISTED: _("Name and number were found in the public register of its country."),
        VerificationLevel.REVIEWED: _(
            "Documents were seen and somebody was spoken with, in a video call or on the telephone."
        ),
        VerificationLevel.VERIFIED: _("The place was visited, or the documents were confirmed by whoever issued them."),
    }
)
# name and meaning in one line, where there is no room to explain
LEVELS: Mapping[str, object] = MappingProxyType(
    {
        VerificationLevel.NONE: _("Not checked yet"),
        VerificationLevel.LISTED: _("Listed: found in the public register"),
        VerificationLevel.REVIEWED: _("Reviewed: papers seen, people spoken with"),
        VerificationLevel.VERIFIED: _("Verified: place visited, or papers confirmed by their issuer"),
    }
)
