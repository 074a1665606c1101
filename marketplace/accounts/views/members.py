"""Colleagues of one's organisation."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.registration import ROLE_NAMES, InviteMemberForm, RoleForm
from marketplace.accounts.policies import may_manage_members
from marketplace.accounts.queries import members_of
from marketplace.accounts.services.members import change_role, invite_member, remove_member, roles_to_give
from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.policy import Role


@bp.get("/organisation/members")
def members() -> ResponseReturnValue:
    """Who acts for one's organisation."""
    return _page(InviteMemberForm(roles_to_give(current_actor()), formdata=None))


@bp.post("/organisation/members")
def invite_colleague() -> ResponseReturnValue:
    """Send a colleague a link to join."""
    actor = current_actor()
    form = InviteMemberForm(roles_to_give(actor))
    if not form.validate_on_submit():
        return _page(form), 422
    with action() as act:
        invite_member(act.session, actor, form.email.data, form.name.data, Role(form.role.data), request.remote_addr)
        act.leads_to(url_for("accounts.members"))
    flash(_("We sent a link to %(address)s. It is good for seven days.", address=form.email.data), "success")
    return act.redirect()


@bp.post("/organisation/members/<int:membership_id>/role")
def give_role(membership_id: int) -> ResponseReturnValue:
    """Give a colleague another role."""
    actor = current_actor()
    form = RoleForm(roles_to_give(actor))
    if not form.validate_on_submit():
        raise DomainError(_("Choose one of the roles of your organisation."))
    with action() as act:
        change_role(act.session, actor, membership_id, Role(form.role.data))
        act.leads_to(url_for("accounts.members"))
    flash(_("The role was changed. The person has to sign in again."), "success")
    return act.redirect()


@bp.post("/organisation/members/<int:membership_id>/remove")
def take_out(membership_id: int) -> ResponseReturnValue:
    """Take a colleague out of the organisation."""
    with action() as act:
        remove_member(act.session, current_actor(), membership_id)
        act.leads_to(url_for("accounts.members"))
    flash(_("The person is no longer a member and was signed out."), "success")
    return act.redirect()


def _page(form: InviteMemberForm) -> str:
    actor = current_actor()
    if actor.organisation_id is None:
        raise NotFound
    return render_template(
        "accounts/members.html",
        form=form,
        people=members_of(db.session(), actor.organisation_id),
        own_id=actor.user_id,
        may_manage=bool(may_manage_members(actor)),
        role_names={role.value: str(ROLE_NAMES[role]) for role in Role},
        roles=[role.value for role in roles_to_give(actor)],
    )
