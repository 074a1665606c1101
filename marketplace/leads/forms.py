"""Forms of sellers: answer, ask, decline, hand on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.kernel.forms import GuardedForm
from marketplace.rfqs.fields import Cleaned
from marketplace.rfqs.forms import MessageForm
from marketplace.rfqs.rules import DeclineReason
from marketplace.rfqs.wording import DECLINE_REASONS


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
