"""The form of an endpoint."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.kernel.outlet import LONGEST_ADDRESS
from marketplace.kernel.policy import OrganisationKind
from marketplace.webhooks.rules import kinds_of
from marketplace.webhooks.wording import KIND_NAMES


class EndpointForm(GuardedForm):
    """Where to send, and what."""

    url = StringField(
        _("Address of your server"),
        description=_("It begins with https:// and is reachable from the open internet."),
        validators=[InputRequired(_("Write the address of your server.")), Length(max=LONGEST_ADDRESS)],
    )
    kinds = CheckListField(
        _("What you want to be told"), validators=[InputRequired(_("Choose at least one kind of event."))]
    )
    version = HiddenField()

    def __init__(self, kind: OrganisationKind | None, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kinds.choices = [(one.value, f"{KIND_NAMES[one]} ({one.value})") for one in kinds_of(kind)]
