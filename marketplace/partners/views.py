"""Pages of chapters and of distributors."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.documents import Document, read_document
from marketplace.accounts.services.files import store_document
from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.addresses import localised
from marketplace.i18n.translations import current_locale
from marketplace.kernel.audit import audit_look
from marketplace.kernel.database import db
from marketplace.kernel.errors import Forbidden
from marketplace.kernel.http import Action, action, actor_or_none, current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.paging import page_number
from marketplace.kernel.uow import transaction
from marketplace.kernel.way_back import keep_way_back
from marketplace.partners import queries, services, wording
from marketplace.partners.forms import AnswerForm, ApplicationForm, ChapterForm, DecisionForm, InviteForm
from marketplace.partners.models import Application
from marketplace.partners.partnership_queries import grades_of, partnership_of, territories_by
from marketplace.partners.partnership_views import territory_shown
from marketplace.partners.rules import ApplicationState

bp = Blueprint("partners", __name__)
MAX_DOCUMENTS = 6
REGISTERING = 3 * 24 * 3600  # seconds for which the link in a registration mail holds


@bp.get("/partner/distributors")
def distributors() -> ResponseReturnValue:
    """The chapter's distributors by stage."""
    actor, state = current_actor(), request.args.get("state", "")
    state = state if state in set(ApplicationState) else ""
    page = queries.applications(db.session(), actor, state or None, page_number(request.args.get("page")))
    counts = queries.stage_counts(db.session(), actor)
    return render_template(
        "partners/distributors.html",
        page=page,
        counts=counts,
        state=state,
        grades=grades_of(db.session(), [one.id for one in page.items]),
        wording=wording,
        stages=list(ApplicationState),
    )


@bp.route("/partner/distributors/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite a distributor; the link is shown once."""
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("partners/invite.html", form=form), 422 if request.method == "POST" else 200
    with action() as act:
        application, token = services.invite_distributor(
            act.session, current_actor(), form.company_name.data or "", form.email.data or ""
        )
        act.leads_to(url_for("partners.distributor", key=application.id))
    link = localised(settings().web.public_url, current_locale(), f"/distributors/apply/{token}")
    return render_template("partners/invited.html", application=application, link=link)


@bp.get("/partner/distributors/<int:key>")
def distributor(key: int) -> ResponseReturnValue:
    """One distributor, with what was handed in and what was said."""
    actor = current_actor()
    application = queries.application_for_partner(db.session(), actor, key)
    with transaction() as session:  # who saw what matters
        audit_look(session, actor, "application.seen", f"application:{key}")
    application = queries.application_for_partner(db.session(), actor, key)
    return _distributor_page(application, DecisionForm(version=application.version))


def _distributor_page(application: Application, form: DecisionForm, status: int = 200) -> ResponseReturnValue:
    registry = load_registry()
    interests = [
        registry.commodity(one).name(current_locale()) for one in application.interests if one in registry.commodities
    ]
    body = render_template(
        "partners/distributor.html", application=application, form=form, wording=wording, interests=interests
    )
    return body, status


@bp.post("/partner/distributors/<int:key>/<any(approve, refuse, ask):verb>")
def decide(key: int, verb: str) -> ResponseReturnValue:
    """Approve, refuse, or ask for more."""
    actor, form = current_actor(), DecisionForm()
    application = queries.application_for_partner(db.session(), actor, key)
    if verb != "approve" and not (form.text.data or "").strip():
        form.validate()
        form.text.errors = [
            _("Write what you need to know, so that the distributor can answer it.")
            if verb == "ask"
            else _("Write the reason, so that the distributor can understand the decision.")
        ]
        return _distributor_page(application, form, 422)
    if not form.validate():
        return _distributor_page(application, form, 422)
    does = {"approve": services.approve, "refuse": services.refuse, "ask": services.ask_for_more}[verb]
    with action() as act:
        does(act.session, actor, key, _version(form.version.data), form.text.data or "")
        act.leads_to(url_for("partners.distributor", key=key))
    said = {
        "approve": _("The distributor is approved. Its requests now count for your chapter."),
        "refuse": _("The application is refused. The distributor can read your reason."),
        "ask": _("Your question is on its way to the distributor."),
    }[verb]
    flash(said, "success")
    return act.redirect()


@bp.route("/partner/chapter", methods=["GET", "POST"])
def chapter() -> ResponseReturnValue:
    """What the chapter says about itself."""
    actor = current_actor()
    row = queries.chapter_of(db.session(), actor)
    form = ChapterForm(about=row.about, city=row.organisation.city, website=row.organisation.website)
    if form.validate_on_submit():
        with action() as act:
            services.update_chapter(
                act.session, actor, form.about.data or "", form.city.data or "", form.website.data or ""
            )
            act.leads_to(url_for("partners.chapter"))
        flash(_("The chapter's profile is saved."), "success")
        return act.redirect()
    return render_template("partners/chapter.html", chapter=row, form=form), 422 if request.method == "POST" else 200


@bp.route("/distributors/apply/<token>", methods=["GET", "POST"])
def apply(token: str) -> ResponseReturnValue:
    """Answer an invitation. A visitor registers or signs in first and comes back here."""
    actor = actor_or_none()
    application = queries.invitation(db.session(), token)
    name = queries.chapter_names(db.session()).get(application.chapter_id, "")
    if actor is None or not actor.is_buyer:
        here = url_for("partners.apply", token=token)
        body = render_template("partners/apply_first.html", chapter=name, here=here, has_account=actor is not None)
        response = make_response(body)
        keep_way_back(response, here, REGISTERING)
        return response
    if actor.is_suspended:
        raise Forbidden(_("Your organisation is suspended. You can still read your account and write to us."))
    form = ApplicationForm()
    form.fill_choices(current_locale(), _commodities())
    if not form.validate_on_submit():
        body = render_template("partners/apply.html", form=form, chapter=name)
        return body, 422 if request.method == "POST" else 200
    documents = _documents(form)
    with action() as act:
        draft = form.as_draft(_stored(act, documents))
        services.apply_as_distributor(act.session, actor, token, draft)
        act.leads_to(url_for("partners.own"))
    flash(_("Your application is with the chapter. You will hear from them by e-mail."), "success")
    return act.redirect()


@bp.route("/distributor/application", methods=["GET", "POST"])
def own() -> ResponseReturnValue:
    """One's own application: how it stands, and an answer when the chapter asked."""
    actor = current_actor()
    application = queries.own_application(db.session(), actor)
    if application is None:
        return render_template("partners/own_empty.html")
    form = AnswerForm(
        about=application.about,
        yearly_volume=application.yearly_volume,
        channels=application.channels,
        territories=application.territories,
        interests=application.interests,
        version=application.version,
    )
    form.fill_choices(current_locale(), _commodities())
    if form.validate_on_submit():
        documents = _documents(form)
        with action() as act:
            draft = form.as_draft(_stored(act, documents))
            services.answer_question(act.session, actor, _version(form.version.data), form.text.data or "", draft)
            act.leads_to(url_for("partners.own"))
        flash(_("Your answer is with the chapter."), "success")
        return act.redirect()
    name = queries.chapter_names(db.session()).get(application.chapter_id, "")
    body = render_template(
        "partners/own.html",
        application=application,
        form=form,
        chapter=name,
        wording=wording,
        partnership=partnership_of(db.session(), application.id),
        territories=[
            territory_shown(one, current_locale())
            for one in territories_by(db.session(), [application.id])[application.id]
        ],
    )
    return body, 422 if request.method == "POST" else 200


@bp.post("/distributor/application/withdraw")
def withdraw() -> ResponseReturnValue:
    """Take one's application back."""
    with action() as act:
        services.withdraw(act.session, current_actor(), _version(request.form.get("version")))
        act.leads_to(url_for("partners.own"))
    flash(_("Your application is withdrawn."), "success")
    return redirect(url_for("partners.own"), 303)


def _commodities() -> list[tuple[str, str]]:
    locale = current_locale()
    return sorted(((one.key, one.name(locale)) for one in load_registry()), key=lambda pair: pair[1])


def _documents(form: ApplicationForm) -> list[Document]:
    """What was sent along, judged before the transaction opens: drawing a picture anew takes its time."""
    uploads = [upload for upload in form.documents.data or [] if upload and upload.filename][:MAX_DOCUMENTS]
    return [read_document(upload.read(), upload.filename or "") for upload in uploads]


def _stored(act: Action, documents: list[Document]) -> list[tuple[str, int]]:
    return [("application", store_document(act.session, current_actor(), one).id) for one in documents]


def _version(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
