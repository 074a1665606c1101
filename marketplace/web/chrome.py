"""The frame round every page, rendered once a language: translating it anew was most of the cost of a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app
from markupsafe import Markup, escape

from marketplace.i18n.locales import BY_LOCALE, LANGUAGES
from marketplace.kernel.http import guard

if TYPE_CHECKING:
    from marketplace.web.shell import Ui

# private-use characters: no address holds them, and what a visitor typed is put in last
PATH, ACCOUNT, QUERY, HERE, GUARD, HOUSE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_MOST_MENUS = 256


@dataclass(frozen=True)
class Anyone:
    """What the frame knows about its reader: language, colours, whether somebody is signed in, and no more.

    In the workspace also the places where people of this kind can go.
    """

    locale: str
    prefix: str
    account_slot: str = ""
    theme: str = ""
    canonical: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    is_sample: bool = False
    organisation: str = ""
    nav: tuple[tuple[str, str, bool], ...] = ()
    query: str = QUERY
    actor: None = None
    flashes: tuple[()] = ()

    @property
    def lang_tag(self) -> str:
        return BY_LOCALE[self.locale].tag

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        return [(one.locale, one.name, one.prefix + PATH) for one in LANGUAGES]


def chrome(ui: Ui | Anyone, part: str) -> Markup:
    """``layouts/<part>.html`` for this page: the kept text with address, search words and account menu filled in."""
    if isinstance(ui, Anyone):
        return Markup(_kept(part, ui.locale, ui.prefix, bool(ui.account_slot)))  # noqa: S704 - our own template
    is_signed_in = ui.actor is not None if part in {"masthead", "tools"} else False
    text = _kept(part, ui.locale, ui.prefix, is_signed_in)
    if PATH in text:
        text = text.replace(PATH, escape(ui.suffix))
    if is_signed_in:
        text = text.replace(ACCOUNT, account_menu(ui))
    return Markup(text.replace(QUERY, escape(ui.query)))  # noqa: S704 (our own templates; what a visitor gave is escaped)


def _kept(part: str, locale: str, prefix: str, is_signed_in: bool) -> str:
    """A part of the frame with signs where each request's own texts go."""
    kept: dict[tuple[str, str, str, bool], str] = current_app.extensions.setdefault("souq_chrome", {})
    key = (part, locale, prefix, is_signed_in)
    text = kept.get(key)
    if text is None:
        anyone = Anyone(locale, prefix, ACCOUNT if is_signed_in else "")
        text = current_app.jinja_env.get_template(f"layouts/{part}.html").render(ui=anyone)
        if not current_app.jinja_env.auto_reload:
            kept[key] = text
    return text


def account_menu(ui: Ui) -> str:
    """The menu of the person who is signed in, with the tokens of this showing."""
    actor = ui.actor
    if actor is None:
        return ""
    text = _menu(_Menu(ui, (actor, ui.locale, ui.prefix, ui.here)))
    return text.replace(GUARD, guard())


class _Menu:
    """A menu to be made, known by all that it shows."""

    __slots__ = ("name", "ui")

    def __init__(self, ui: Ui, name: tuple[object, ...]) -> None:
        self.ui = ui
        self.name = name

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Menu) and self.name == other.name


@lru_cache(maxsize=_MOST_MENUS)
def _menu(wanted: _Menu) -> str:
    template = current_app.jinja_env.get_template("layouts/account.html")
    return template.render(ui=wanted.ui, guard=lambda: Markup(GUARD))  # noqa: S704 - our own sign
