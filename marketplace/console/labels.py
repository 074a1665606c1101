"""Codes of the staff pages in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.accounts.rules import VerificationMethod
from marketplace.kernel.outbox import TaskState
from marketplace.kernel.policy import OrganisationKind

KINDS: Mapping[str, object] = MappingProxyType(
    {
        OrganisationKind.SELLER: _("Seller"),
        OrganisationKind.BUYER: _("Buyer"),
        OrganisationKind.CHAPTER: _("Chapter"),
        OrganisationKind.PROGRAMME: _("Programme"),
    }
)
METHODS: Mapping[str, object] = MappingProxyType(
    {
        VerificationMethod.DESK: _("from documents"),
        VerificationMethod.VIDEO: _("by video call"),
        VerificationMethod.VISIT: _("by a visit"),
    }
)
TASK_STATES: Mapping[str, object] = MappingProxyType(
    {
        TaskState.READY: _("Waiting"),
        TaskState.RUNNING: _("Running"),
        TaskState.DONE: _("Done"),
        TaskState.DEAD: _("Given up"),
    }
)
TASK_TONES: Mapping[str, str] = MappingProxyType(
    {
        TaskState.READY: "info",
        TaskState.RUNNING: "caution",
        TaskState.DONE: "positive",
        TaskState.DEAD: "critical",
    }
)
