"""What buyers ask for and do not find, and the words that search and matching should learn."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.queries.cards import cards
from marketplace.console.blueprint import bp
from marketplace.console.forms import NameForm
from marketplace.discovery.demand import markets, unknown_words, unmet_demand
from marketplace.discovery.naming import Effect, add_name, effect_of, lexicon_with, remove_name
from marketplace.discovery.overlay import added_names, bring_current
from marketplace.i18n.locales import BY_LOCALE
from marketplace.i18n.translations import current_locale
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.text import cleaned
from marketplace.matchmaking.rereading import Rereading, reread
from marketplace.matchmaking.wording import chip_rows
from marketplace.rfqs import showing
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
    effect = requests = problem = None
    if asked["concept"]:
        try:
            effect = _effect(form)
            if effect is not None:
                requests = _requests(effect)
        except NotFound:
            problem = _("Choose what the word means.")
        except DomainError as fault:
            problem = str(fault)
    return _form(form, effect, problem, requests), 422 if problem else 200


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


def _requests(effect: Effect) -> dict[str, Any]:
    """Requests that would be read differently, as ready strings; how many have the word and how many were looked at."""
    session, locale = db.session(), current_locale()
    found = reread(session, effect.name, lexicon_with(session, effect.concept, effect.language, effect.name))
    return {"found": found.found, "looked_at": found.looked_at, "rows": _rows(session, found, locale)}


def _rows(session: Session, found: Rereading, locale: str) -> list[dict[str, Any]]:
    keys = {key for one in found.changed for side in one.suppliers or () for key in side}
    titles = {each.id: each.title for each in cards(session, sorted(keys), locale)} if keys else {}

    def listed(side: tuple[int, ...]) -> str:
        return " › ".join(titles[key] for key in side if key in titles)

    rows = []
    for one in found.changed:
        line = one.rfq.lines[0] if one.rfq.lines else None
        row: dict[str, Any] = {
            "goods": showing.goods_of(line, {}, locale, _("A request in the buyer's own words")),
            "come": chip_rows(one.come, locale),
            "gone": chip_rows(one.gone, locale),
            "suppliers": None,
        }
        if one.suppliers is not None:
            now, then = one.suppliers
            row["suppliers"] = {"is_same": now == then, "now": listed(now), "then": listed(then)}
        rows.append(row)
    return rows


def _form(form: NameForm, effect: Effect | None, problem: str | None, requests: dict[str, Any] | None = None) -> str:
    locale = current_locale()
    concepts = sorted((one.label(locale), key, one.kind) for key, one in lexicon().concepts.items())
    return render_template(
        "console/name_word.html",
        form=form,
        effect=effect,
        problem=problem,
        requests=requests,
        concepts=concepts,
        names=dict(LANGUAGES),
    )
