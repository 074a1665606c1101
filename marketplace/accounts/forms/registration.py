"""Forms of joining: confirming an address, taking up an invitation, inviting a colleague."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, SelectField, StringField

from marketplace.accounts.forms.parts import EmailField, PlainName, at_most, clean, needed, new_password
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.policy import Role

AGREE = _("Please tick this to go on.")
ROLE_NAMES = {
    Role.OWNER: _("Owner: may also manage colleagues"),
    Role.MEMBER: _("Member"),
    Role.CURATOR: _("Curator"),
    Role.OPERATOR: _("Operator"),
}


def person_name() -> StringField:
    """The field for one's own name."""
    return StringField(
        _("Your name"),
        validators=[needed(), at_most(200), PlainName()],
        filters=[clean],
        render_kw={"autocomplete": "name"},
    )


class ConsentForm(GuardedForm):
    """The three consents, each for itself; the boxes are empty at first."""

    terms = BooleanField(_("I agree to the terms."), validators=[needed(AGREE)])
    privacy = BooleanField(_("I have read how personal data are handled and agree."), validators=[needed(AGREE)])
    transfer = BooleanField(
        _("My data may cross borders to those I trade with, as described under “Data across borders”."),
        validators=[needed(AGREE)],
    )


class ConfirmForm(GuardedForm):
    """The password chosen at registration."""

    password = PasswordField(
        _("The password you chose"), validators=[needed()], render_kw={"autocomplete": "current-password"}
    )


class NewMemberForm(ConsentForm):
    """A colleague who is new here."""

    name = person_name()
    password = new_password(_("Choose a password"), "name")


class KnownMemberForm(GuardedForm):
    """A colleague who has an account."""

    password = PasswordField(_("Your password"), validators=[needed()], render_kw={"autocomplete": "current-password"})


class InviteMemberForm(GuardedForm):
    """Whom an owner invites."""

    name = StringField(_("Name"), validators=[needed(), at_most(200), PlainName()], filters=[clean])
    email = EmailField(_("E-mail address"), validators=[needed(), at_most(254)], render_kw={"inputmode": "email"})
    role = SelectField(_("Role"), validators=[needed()])

    def __init__(self, roles: tuple[Role, ...], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.role.choices = {role.value: str(ROLE_NAMES[role]) for role in roles}


class RoleForm(GuardedForm):
    """Another role for a colleague."""

    role = SelectField(_("Role"), validators=[needed()])

    def __init__(self, roles: tuple[Role, ...], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.role.choices = {role.value: str(ROLE_NAMES[role]) for role in roles}
