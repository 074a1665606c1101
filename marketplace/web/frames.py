"""Frames of whole pages: a template rendered once for its constants, with signs where each request's texts go."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

from flask import current_app, render_template, request
from markupsafe import Markup, escape

from marketplace.i18n.locales import BY_LOCALE, LANGUAGES
from marketplace.kernel.frames import Frame
from marketplace.kernel.outside import settings
from marketplace.web.chrome import ACCOUNT, HERE, PATH, QUERY, Anyone, account_menu
from marketplace.web.shell import Ui

_FIRST_SLOT = 0xE020
_SIGNS = re.compile("([\ue000-\ue003\ue020-\ue03f])")
_KEY = "souq_frames"
_MOST = 100


def in_frame(template: str, constants: Mapping[str, Hashable], slots: Mapping[str, Any]) -> str:
    """See `kernel.frames`."""
    ui = Ui()
    if ui.flashes or current_app.jinja_env.auto_reload:
        return render_template(template, **constants, **slots)
    signs = {name: chr(_FIRST_SLOT + number) for number, name in enumerate(slots)}
    frame = _frame(template, constants, signs, ui)
    values = {signs[name]: escape(text) for name, text in slots.items()}
    values[PATH], values[HERE], values[QUERY] = escape(ui.suffix), escape(request.path), escape(ui.query)
    values[ACCOUNT] = Markup(account_menu(ui)) if ui.actor is not None else Markup()  # noqa: S704 - our own template
    return frame.filled(values)


def _frame(template: str, constants: Mapping[str, Hashable], signs: Mapping[str, str], ui: Ui) -> Frame:
    known: dict[tuple[Hashable, ...], Frame] = current_app.extensions.setdefault(_KEY, {})
    key = (template, *constants.items(), *signs, ui.locale, ui.prefix, ui.theme, ui.actor is None, request.method)
    made = known.get(key)
    if made is None:
        slots = {name: Markup(sign) for name, sign in signs.items()}  # noqa: S704 - our own signs
        anyone = _anyone(ui)
        made = Frame(current_app.jinja_env.get_template(template).render(**constants, **slots, ui=anyone), _SIGNS)
        if len(known) >= _MOST:
            known.clear()
        known[key] = made
    return made


def _anyone(ui: Ui) -> Anyone:
    base = settings().web.public_url
    has_links = bool(ui.canonical)
    alternates = [(one.tag, f"{base}{one.prefix}{HERE}") for one in LANGUAGES]
    return Anyone(
        ui.locale,
        ui.prefix,
        account_slot="" if ui.actor is None else ACCOUNT,
        theme=ui.theme,
        canonical=f"{base}{BY_LOCALE[ui.locale].prefix}{HERE}" if has_links else "",
        alternates=(*alternates, ("x-default", base + HERE)) if has_links else (),
        is_sample=ui.is_sample,
    )
