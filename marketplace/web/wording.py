"""Codes of lower domains in words, for pages that mix them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from marketplace.accounts.rules import VerificationMethod

METHODS: Mapping[str, object] = {
    VerificationMethod.DESK: lazy_gettext("papers checked at the desk"),
    VerificationMethod.VIDEO: lazy_gettext("video call"),
    VerificationMethod.VISIT: lazy_gettext("visit on site"),
}
