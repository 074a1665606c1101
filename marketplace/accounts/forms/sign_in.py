"""Forms of signing in: password, code, forgotten password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField

from marketplace.accounts.forms.parts import at_most, clean, needed, new_password, present_password
from marketplace.kernel.forms import GuardedForm

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "characters"}


class SignInForm(GuardedForm):
    """E-mail address or telephone number, and password."""

    identifier = StringField(
        _("E-mail address or telephone number"),
        validators=[needed(), at_most(254)],
        filters=[clean],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"), validators=[needed(), at_most(1000)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


def one_time_code() -> StringField:
    """The field for a code of the app, or a recovery code."""
    return StringField(
        _("Code"),
        validators=[needed(), at_most(40)],
        filters=[clean],
        description=_("Six digits from your app, or one of your recovery codes."),
        render_kw=CODE_ATTRIBUTES,
    )


class CodeForm(GuardedForm):
    """A code of the app, or a recovery code."""

    code = one_time_code()
    next = HiddenField()


class ForgotPasswordForm(GuardedForm):
    """Whose password was forgotten."""

    identifier = StringField(
        _("E-mail address"),
        validators=[needed(), at_most(254)],
        filters=[clean],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "inputmode": "email"},
    )


class NewPasswordForm(GuardedForm):
    """A new password, by a link."""

    password = new_password(_("New password"))


class ChangePasswordForm(GuardedForm):
    """A new password, by someone who knows the present one."""

    present = present_password()
    password = new_password(_("New password"))


class PasswordAgainForm(GuardedForm):
    """The present password once more, before something that cannot be taken back."""

    present = present_password()


class ChangeFactorForm(GuardedForm):
    """Password and code once more, before the second factor is turned off or gets new recovery codes."""

    present = present_password()
    code = one_time_code()
