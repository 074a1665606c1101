"""What buyers ask for and do not find, and the words that search and matching should learn."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.console.blueprint import bp
from marketplace.console.forms import NameForm
from marketplace.discovery.demand import markets, unknown_words, unmet_demand
from marketplace.discovery.naming import Effect, add_name, effect_of, remove_name
from marketplace.discovery.overlay import added_names, bring_current
from marketplace.i18n.locales import BY_LOCALE
from marketplace.i18n.translations import current_locale
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.text import cleaned
from search.analysis import lexicon
from search.errors import EngineUnavailable

LANGUAGES = tuple((locale, BY_LOCALE[locale].name) for locale in BY_LOCALE)


@bp.get("/console/demand")
def demand() -> ResponseReturnValue:
    """What was asked for with little or no result, by the country of who asked."""
    session = db.session()
    country = request.args.get("country", "")
    chosen = country if country in COUNTRIES else ""
    return render_template(
        "console/demand.html",
        rows=unmet_demand(session, chosen),
        markets=markets(session),
        chosen=chosen,
        names=dict(LANGUAGES),
    )


@bp.get("/console/vocabulary")
def vocabulary() -> ResponseReturnValue:
    """Words that the lexicon does not know, and the names that operators gave."""
    session = db.session()
    bring_current(session)
    known, locale = lexicon(), current_locale()
    added = [(concept, language, name) for concept, language, name in reversed(added_names(session))]
    return render_template(
        "console/vocabulary.html",
        words=unknown_words(session),
        added=[(*one, known.concepts[one[0]].label(locale)) for one in added if one[0] in known.concepts],
        names=dict(LANGUAGES),
    )


@bp.get("/console/vocabulary/name")
def name_word() -> ResponseReturnValue:
    """The form that gives a concept a further name; with a concept it shows what that would do."""
    asked = {field: cleaned(request.args.get(field), 80) for field in ("name", "language", "concept")}
    asked["concept"] = _key_of(asked["concept"])
    form = NameForm(formdata=None, **asked).offer(LANGUAGES)
    effect = problem = None
    if asked["concept"]:
        try:
            effect = _effect(form)
        except NotFound:
            problem = _("Choose what the word means.")
        except DomainError as fault:
            problem = str(fault)
    return _form(form, effect, problem), 422 if problem else 200


@bp.post("/console/vocabulary/name")
def keep_name() -> ResponseReturnValue:
    """Give a concept a further name."""
    form = NameForm().offer(LANGUAGES)
    if not form.validate():
        return _form(form, None, None), 422
    with action() as act:
        add_name(act.session, current_actor(), form.concept_id, form.language.data, str(form.name.data))
        act.leads_to(url_for("console.vocabulary"))
    bring_current(db.session())
    flash(_("Search and matching know this name within half a minute."), "success")
    return act.redirect()


@bp.post("/console/vocabulary/remove")
def remove() -> ResponseReturnValue:
    """Take a name back that an operator gave."""
    form = NameForm().offer(LANGUAGES)
    with action() as act:
        remove_name(act.session, current_actor(), form.concept_id, str(form.language.data), str(form.name.data or ""))
        act.leads_to(url_for("console.vocabulary"))
    bring_current(db.session())
    flash(_("The name is taken back."), "success")
    return act.redirect()


def _key_of(text: str) -> str:
    """The key of the concept that somebody named; without scripts the list fills in keys, people write names."""
    concepts = lexicon().concepts
    if not text or text in concepts:
        return text
    wanted, locale = text.casefold(), current_locale()
    named = (
        key for key, one in concepts.items() if wanted in {one.label(locale).casefold(), one.label("en").casefold()}
    )
    return next(named, text)


def _effect(form: NameForm) -> Effect | None:
    try:
        return effect_of(db.session(), form.concept_id, str(form.language.data), str(form.name.data or ""))
    except EngineUnavailable:
        return None


def _form(form: NameForm, effect: Effect | None, problem: str | None) -> str:
    locale = current_locale()
    concepts = sorted((one.label(locale), key, one.kind) for key, one in lexicon().concepts.items())
    return render_template(
        "console/name_word.html", form=form, effect=effect, problem=problem, concepts=concepts, names=dict(LANGUAGES)
    )
