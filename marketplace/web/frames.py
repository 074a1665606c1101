"""Frames of whole pages: a template rendered once for its constants, with signs where each request's texts go."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import current_app, render_template, request
from markupsafe import Markup, escape

from marketplace.discovery.keeper import Visit
from marketplace.i18n.locales import BY_LOCALE, LANGUAGES
from marketplace.kernel.frames import Drawn, Frame
from marketplace.kernel.outside import settings
from marketplace.web.chrome import ACCOUNT, HERE, HOUSE, PATH, QUERY, Anyone, account_menu
from marketplace.web.navigation import places_for
from marketplace.web.shell import Ui

_FIRST_SLOT = 0xE020
_SIGNS = re.compile("([\ue000-\ue003\ue005\ue020-\ue03f])")
_KEY = "souq_frames"
_MOST = 100


def in_frame(
    template: str,
    constants: Mapping[str, Hashable],
    slots: Mapping[str, Any],
    is_work: bool = False,
    drawn: Drawn | None = None,
) -> str:
    """See `kernel.frames`."""
    ui = Ui()
    if ui.flashes or current_app.jinja_env.auto_reload:
        return render_template(template, **{**constants, **slots, **(drawn(slots) if drawn else {})})
    signs = {name: chr(_FIRST_SLOT + number) for number, name in enumerate(slots)}
    frame = _frame(template, constants, signs, ui, is_work, drawn)
    account = Markup(account_menu(ui)) if ui.actor is not None else Markup()  # noqa: S704 - our own template
    house = ui.organisation if is_work else ""
    return frame.filled(_values(signs, slots, ui.suffix, request.path, ui.query, account, house))


def visitors_page(
    template: str, constants: Mapping[str, Hashable], slots: Mapping[str, Any], visit: Visit, words: str = ""
) -> Callable[[], bytes] | None:
    """What draws the same outside of a request, for a visitor's GET; None for a frame not known yet.

    ``words`` stand in the search box. Needs an application context.
    """
    path, locale, prefix, theme = visit.path, visit.locale, visit.prefix, visit.theme
    here = f"{path}?{visit.query}" if visit.query else path
    signs = {name: chr(_FIRST_SLOT + number) for number, name in enumerate(slots)}
    frame = _frames().get(_name(template, constants, signs, (locale, prefix, theme), True, "GET"))
    if frame is None or current_app.jinja_env.auto_reload:
        return None
    return lambda: frame.encoded(_values(signs, slots, here, path, words, Markup()))


def _values(
    signs: Mapping[str, str],
    slots: Mapping[str, Any],
    here: str,
    path: str,
    query: str,
    account: Markup,
    house: str = "",
) -> dict[str, str]:
    """Escaped texts by the signs of their places."""
    values: dict[str, str] = {
        signs[name]: text if type(text) is Markup else escape(text) for name, text in slots.items()
    }
    values[PATH], values[HERE], values[QUERY], values[ACCOUNT] = escape(here), escape(path), escape(query), account
    values[HOUSE] = escape(house)
    return values


def _frames() -> dict[tuple[Hashable, ...], Frame]:
    known: dict[tuple[Hashable, ...], Frame] = current_app.extensions.setdefault(_KEY, {})
    return known


def _name(
    template: str,
    constants: Mapping[str, Hashable],
    signs: Mapping[str, str],
    reader: tuple[str, str, str],
    is_anyone: bool,
    method: str,
) -> tuple[Hashable, ...]:
    return (template, *constants.items(), *signs, *reader, is_anyone, method)


def _frame(
    template: str,
    constants: Mapping[str, Hashable],
    signs: Mapping[str, str],
    ui: Ui,
    is_work: bool,
    drawn: Drawn | None,
) -> Frame:
    known = _frames()
    key = _name(template, constants, signs, (ui.locale, ui.prefix, ui.theme), ui.actor is None, request.method)
    if is_work:  # few kinds of people, and each template stands in one place
        key = (*key, *(path for _label, path in places_for(ui.actor)), ui.here, bool(ui.organisation))
    made = known.get(key)
    if made is None:
        slots = {name: Markup(sign) for name, sign in signs.items()}  # noqa: S704 - our own signs
        values = {**constants, **slots, **(drawn(slots) if drawn else {}), "ui": _anyone(ui, is_work)}
        made = Frame(current_app.jinja_env.get_template(template).render(values), _SIGNS)
        if len(known) >= _MOST:
            known.clear()
        known[key] = made
    return made


def _anyone(ui: Ui, is_work: bool) -> Anyone:
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
        organisation=HOUSE if is_work and ui.organisation else "",
        nav=tuple(ui.nav) if is_work else (),
    )
