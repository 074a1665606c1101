"""The form that asks for a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.fields import SelectChoice

from marketplace.catalogue.forms.parts import mark_needed
from marketplace.documents.rules import PaperKind
from marketplace.documents.wording import KINDS, LANGUAGES
from marketplace.kernel.forms import GuardedForm


class PaperForm(GuardedForm):
    """Which paper, in which languages."""

    kind = SelectField(_("Paper"))
    language = SelectField(
        _("Languages"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()], default=""
    )

    def __init__(self, kinds: Sequence[PaperKind], **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = [SelectChoice(kind.value, KINDS[kind]) for kind in kinds]
        mark_needed(self.kind, self.language)
