"""The frame round every page, rendered once a language: translating it anew was half the cost of a small page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from markupsafe import Markup, escape

from marketplace.i18n.locales import BY_LOCALE, LANGUAGES

if TYPE_CHECKING:
    from marketplace.web.shell import Ui

# private-use characters: no address holds them, and what a visitor typed is put in last
PATH, ACCOUNT, QUERY = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True)
class _Anyone:
    """What a part of the frame knows about its reader: the language and nothing else."""

    locale: str
    lang_tag: str
    prefix: str
    account_slot: str
    query: str = QUERY
    actor: None = None

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        return [(one.locale, one.name, one.prefix + PATH) for one in LANGUAGES]


def chrome(ui: Ui, part: str) -> Markup:
    """``layouts/<part>.html`` for this page: the kept text with address, search words and account menu filled in."""
    is_signed_in = ui.actor is not None if part in {"masthead", "tools"} else False
    kept: dict[tuple[str, str, str, bool], str] = current_app.extensions.setdefault("souq_chrome", {})
    key = (part, ui.locale, ui.prefix, is_signed_in)
    text = kept.get(key)
    if text is None:
        anyone = _Anyone(ui.locale, BY_LOCALE[ui.locale].tag, ui.prefix, ACCOUNT if is_signed_in else "")
        text = current_app.jinja_env.get_template(f"layouts/{part}.html").render(ui=anyone)
        if not current_app.jinja_env.auto_reload:
            kept[key] = text
    if PATH in text:
        first = LANGUAGES[0]
        text = text.replace(PATH, escape(ui.languages[0][2].removeprefix(first.prefix)))
    if is_signed_in:
        account = current_app.jinja_env.get_template("layouts/account.html").render(ui=ui)
        text = text.replace(ACCOUNT, account)
    return Markup(text.replace(QUERY, escape(ui.query)))  # noqa: S704 (our own templates; what a visitor gave is escaped)
