"""Taking up invitations: opening a link only shows, the form uses it up."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.registration import KnownMemberForm, NewMemberForm
from marketplace.accounts.models import LinkToken, User
from marketplace.accounts.passwords import hash_password, matches, password_fault
from marketplace.accounts.services import throttle
from marketplace.accounts.services.members import accept_member_invitation, member_invitation
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.visit import begin_session, enter, home_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction


@bp.get("/invitations/member/<token>")
def member_invitation_page(token: str) -> ResponseReturnValue:
    """Who invites to which organisation, and the form to join."""
    link, user = member_invitation(db.session(), token)
    if user.password_hash is None:
        return _page(link, NewMemberForm(formdata=None, data={"name": link.payload["name"]}))
    return _page(link, KnownMemberForm(formdata=None))


@bp.post("/invitations/member/<token>")
def join(token: str) -> ResponseReturnValue:
    """Join the organisation and sign in; with a second factor the code comes next."""
    link, user = member_invitation(db.session(), token)
    is_new = user.password_hash is None
    form = NewMemberForm() if is_new else KnownMemberForm()
    if not form.validate_on_submit():
        return _page(link, form), 422
    if not is_new and not _shows_password(user, form):
        return _page(link, form), 422
    if is_new and (fault := password_fault(form.password.data, [user.email or ""])) is not None:
        form.password.errors = [fault]
        return _page(link, form), 422
    organisation_id = int(link.payload["organisation_id"])
    with transaction() as session:
        user = accept_member_invitation(
            session,
            token,
            new_password_hash=hash_password(form.password.data) if is_new else "",
            name=form.name.data if is_new else "",
            locale=current_locale(),
        )
        session_token = begin_session(session, user, acting_for=organisation_id)
    actor = enter(db.session(), session_token)
    if actor is None:
        return redirect("/sign-in/code", 303)
    flash(_("Welcome to %(organisation)s.", organisation=actor.organisation_name), "success")
    return redirect(home_of(actor), 303)


def _shows_password(user: User, form: KnownMemberForm) -> bool:
    user_id, stored = user.id, user.password_hash
    with transaction() as session:
        throttle.spend(session, throttle.PASSWORD_AGAIN, str(user_id))
    if not matches(stored, form.password.data):
        form.password.errors = [_("This is not the password of your account.")]
        return False
    return True


def _page(link: LinkToken, form: NewMemberForm | KnownMemberForm) -> str:
    return render_template(
        "accounts/member_invitation.html",
        form=form,
        invitation=link.payload,
        is_new=isinstance(form, NewMemberForm),
    )
