"""gettext for the site: which locale a request has, and strings outside a request (mails, jobs, command line)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from gettext import NullTranslations
from typing import Any, cast

from babel import Locale
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_domain
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from marketplace.i18n.addresses import KEY
from marketplace.i18n.locales import DEFAULT, chosen_locale, known

LANGUAGE_COOKIE = "language"
_CATALOGUE = "souq_catalogue"
_CATALOGUES: dict[str, NullTranslations] = {}  # by locale: those of this release


def current_locale() -> str:
    """The locale of this request: the address decides, then the cookie, then the browser's wish."""
    if has_app_context() and (held := g.get("locale")) is not None:
        return str(held)
    if not has_request_context():
        return DEFAULT
    from_address = request.environ.get(KEY)
    if from_address:
        chosen = str(from_address)
    else:
        cookie = request.cookies.get(LANGUAGE_COOKIE, "")
        chosen = chosen_locale(cookie, request.headers.get("Accept-Language", ""))
    g.locale = chosen
    return chosen


class _Domain(Domain):  # type: ignore[misc]  # the package has no types
    """flask-babel's domain, which finds its catalogue once a request and language instead of at every text."""

    def get_translations(self) -> NullTranslations:
        if not has_app_context():
            return cast(NullTranslations, super().get_translations())
        names = g._get_current_object().__dict__
        locale = getattr(names.get("_flask_babel"), "babel_locale", None)  # force_locale puts another one here
        held: tuple[object, NullTranslations] | None = names.get(_CATALOGUE)
        if held is None or locale is None or held[0] is not locale:
            found = super().get_translations()
            held = names[_CATALOGUE] = (names["_flask_babel"].babel_locale, found)  # where it has just been put
        return held[1]


class _Babel(Babel):  # type: ignore[misc]  # as above
    @cached_property
    def domain_instance(self) -> _Domain:
        return _Domain(domain=self.domain)


babel = _Babel()


def _catalogue() -> NullTranslations:
    """The catalogue of the language that is spoken now; the long way only where it was not asked for yet."""
    try:
        names = g._get_current_object().__dict__
    except RuntimeError:  # outside of an application
        return cast(NullTranslations, get_domain().get_translations())
    held: tuple[object, NullTranslations] | None = names.get(_CATALOGUE)
    if held is not None and held[0] is getattr(names.get("_flask_babel"), "babel_locale", None):
        return held[1]
    if "_flask_babel" in names:  # which knows of a language that was put in the place of the reader's
        return cast(NullTranslations, get_domain().get_translations())
    locale = current_locale()
    if (known := _CATALOGUES.get(locale)) is None:
        found = cast(NullTranslations, get_domain().get_translations())
        if str(names["_flask_babel"].babel_locale) == locale:
            _CATALOGUES[locale] = found
        return found
    names[_CATALOGUE] = (None, known)
    return known


def gettext(text: str, /, **variables: object) -> str:
    """What flask-babel's function of this name gives, for pages that say much: without the calls in between."""
    found: str = _catalogue().gettext(text)
    return found % variables if variables else found


def ngettext(one: str, many: str, number: int, /, **variables: object) -> str:
    """The same for texts with a number, which they name ``num``."""
    found: str = _catalogue().ngettext(one, many, number)
    return found % {"num": number, **variables}


@pass_context
def _translated(context: Context, text: str, /, **variables: Any) -> str:
    """``_`` of the templates: what jinja's own gives, without the four calls in between."""
    found: str = _catalogue().gettext(text)
    if context.eval_ctx.autoescape:
        found = Markup(found)  # noqa: S704 - a catalogue's text; what is put into it is escaped
    return found % variables if "%" in found else found


@pass_context
def _translated_number(context: Context, one: str, many: str, number: int, /, **variables: Any) -> str:
    """``ngettext`` of the templates."""
    found: str = _catalogue().ngettext(one, many, number)
    if context.eval_ctx.autoescape:
        found = Markup(found)  # noqa: S704 - as above
    return found % {"num": number, **variables}


@cache
def _parsed(locale: str) -> Locale:
    # parsing costs as much as fifty translations, and flask-babel would do it in every request
    return Locale.parse(locale)


def init_babel(app: Flask) -> None:
    """Bind gettext to ``app``; catalogues live in marketplace/i18n/translations."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.root_path + "/i18n/translations")
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    babel.init_app(app, locale_selector=lambda: _parsed(current_locale()))
    app.jinja_env.globals.update(_=_translated, gettext=_translated, ngettext=_translated_number)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Translate into ``locale`` inside the block; needs an application context."""
    with force_locale(known(locale)):
        yield
