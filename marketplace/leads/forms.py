"""Forms of sellers: answer, ask, decline, hand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.kernel.forms import GuardedForm
from marketplace.leads.heard import HeardDraft
from marketplace.rfqs.fields import Cleaned
from marketplace.rfqs.forms import MessageForm
from marketplace.rfqs.rules import DeclineReason, HeardBy, written_in
from marketplace.rfqs.wording import DECLINE_REASONS, HEARD_BY


class AnswerForm(MessageForm):
    """The seller's words to the buyer."""

    text = TextAreaField(_("Your answer"), validators=[Cleaned(_("Write your answer first.")), Length(max=20000)])


class AskForm(GuardedForm):
    """What the seller still has to know."""

    text = TextAreaField(
        _("Your question"),
        description=_("The buyer gets your question, and your clock stands until they answer."),
        validators=[Cleaned(_("Write what you need to know.")), Length(max=20000)],
    )


class DeclineForm(GuardedForm):
    """Why the seller says no."""

    reason = RadioField(
        _("Why not?"),
        choices=[SelectChoice(code.value, DECLINE_REASONS[code]) for code in DeclineReason],
        validators=[InputRequired(_("Choose a reason. The buyer reads it, and the programme learns from it."))],
    )
    note = TextAreaField(
        _("A word to the buyer"),
        description=_("For example when you could deliver, or what would have to change."),
        validators=[Length(max=2000)],
    )


class HandOnForm(GuardedForm):
    """To whom the lead goes: another seller of the same goods."""

    seller = SelectField(
        _("Seller"),
        description=_("Approved sellers who offer the same goods."),
        validators=[InputRequired(_("Choose a seller."))],
    )
    note = TextAreaField(
        _("A word to the buyer"),
        description=_("The buyer sees that you handed it on, to whom, and this note."),
        validators=[Length(max=2000)],
    )


class AssignForm(GuardedForm):
    """To which colleague the lead goes."""

    colleague = SelectField(_("Colleague"), validators=[InputRequired(_("Choose a colleague."))])


class HeardForm(GuardedForm):
    """What somebody of the seller said by telephone or WhatsApp."""

    channel = RadioField(
        _("How did the answer come?"),
        choices=[SelectChoice(code.value, HEARD_BY[code]) for code in HeardBy],
        validators=[InputRequired(_("Choose how the answer came."))],
    )
    who = SelectField(_("Who said it?"), validators=[InputRequired(_("Choose who said it."))])
    on = DateField(_("On which day?"), validators=[InputRequired(_("Choose the day on which it was said."))])
    answer = SelectField(
        _("What did they say?"),
        validators=[InputRequired(_("Choose what they said."))],
    )
    text = TextAreaField(
        _("Their words"),
        description=_("The buyer reads them, with who said it, how and when."),
        validators=[Cleaned(_("Write down what was said.")), Length(max=20000)],
    )

    def __init__(self, people: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        named = [SelectChoice(str(key), name) for key, name in people]
        self.who.choices = [
            SelectChoice("", gettext("Choose")),
            *named,
            SelectChoice("0", gettext("Somebody else there")),
        ]
        refusals = [
            SelectChoice(code.value, gettext("No: %(reason)s", reason=str(DECLINE_REASONS[code])))
            for code in DeclineReason
        ]
        self.answer.choices = [
            SelectChoice("", gettext("Choose")),
            SelectChoice("yes", gettext("Yes, they want to offer")),
            *refusals,
        ]

    def draft(self, locale: str) -> HeardDraft:
        """What was entered, once it is valid."""
        text = self.text.data or ""
        return HeardDraft(
            HeardBy(self.channel.data),
            int(self.who.data) or None,
            self.on.data,
            text,
            written_in(text, locale),
            None if self.answer.data == "yes" else DeclineReason(self.answer.data),
        )
