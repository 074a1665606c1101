"""A visitor without a browser: follows the links and submits the forms that the pages really show."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

Value = str | tuple[Any, ...] | list[Any]
VOID_TYPES = {"submit", "button", "image", "reset", "file"}


@dataclass
class ShownForm:
    """A form as the page shows it: where it goes, and what it would send if only its button were pressed."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects the forms of a page with their values, as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[ShownForm] = []
        self.by_id: dict[str, ShownForm] = {}
        self.now: ShownForm | None = None
        self.select: tuple[str, bool] | None = None
        self.text_of = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.now = self.by_id.pop("#" + at.get("id", ""), None) or ShownForm("", "get")
            self.now.action, self.now.method = at.get("action", ""), at.get("method", "get").lower()
            self.forms.append(self.now)
        elif at.get("form") and at.get("name"):  # a field outside of its form, which may come later
            self.by_id.setdefault("#" + at["form"], ShownForm("", "get")).names.add(at["name"])
        elif self.now is None:
            return
        elif tag == "button":
            self.now.buttons.append((at.get("name", ""), at.get("value", ""), at.get("formaction", "")))
        elif tag == "option" and self.select is not None:
            name, is_multiple = self.select
            value = at.get("value", "")
            self.now.options.setdefault(name, []).append(value)
            if "selected" in at:
                held = self.now.fields.setdefault(name, [])
                self.now.fields[name] = [*held, value] if is_multiple else [value]
        elif at.get("name"):
            self._control(tag, at)

    def _control(self, tag: str, at: dict[str, str]) -> None:
        assert self.now is not None
        name, kind = at["name"], at.get("type", "text")
        self.now.names.add(name)
        if tag == "select":
            self.select = (name, "multiple" in at)
        elif tag == "textarea":
            self.text_of, self.text = name, ""
        elif kind in {"checkbox", "radio"}:
            self.now.options.setdefault(name, []).append(at.get("value", "on"))
            if "checked" in at:
                self.now.fields.setdefault(name, []).append(at.get("value", "on"))
        elif kind not in VOID_TYPES:
            self.now.fields.setdefault(name, []).append(at.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.text_of:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.now = None
        elif tag == "select" and self.select is not None and self.now is not None:
            name, is_multiple = self.select
            if not is_multiple and name not in self.now.fields:  # a browser takes the first
                self.now.fields[name] = self.now.options.get(name, [""])[:1]
            self.select = None
        elif tag == "textarea" and self.text_of and self.now is not None:
            self.now.fields.setdefault(self.text_of, []).append(self.text.removeprefix("\n"))
            self.text_of = ""


def shown_forms(page: str) -> list[ShownForm]:
    """The forms in the main part of a page."""
    reader = _Forms()
    reader.feed(page.split("<main", 1)[-1])
    return reader.forms


@dataclass
class Visitor:
    """One person at the site. ``html`` and ``path`` are the page in front of them."""

    client: FlaskClient
    html: str = ""
    path: str = ""

    def open(self, address: str) -> str:
        """Go to a page (a path or one of the site's full addresses); it must be there. Gives its HTML."""
        parts = urlsplit(html.unescape(address))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return self._take(self.client.get(path, follow_redirects=True), path)

    def submit(self, action: str, answers: Mapping[str, Value] | None = None, press: str = "", to: str = "") -> str:
        """Fill in the form whose address ends in ``action`` (none: the page's own) and press its button with the value ``press``.

        ``to`` chooses a button that sends the form elsewhere (formaction). Every answer must have its field.
        """
        form = self._form(action)
        unknown = {name for name in answers or {} if name not in form.names}
        assert not unknown, f"{self.path} has no field {unknown}; it has {sorted(form.names)}"
        data: dict[str, Any] = {**form.fields, **dict(answers or {})}
        for name, given in (answers or {}).items():
            for value in given if isinstance(given, list) else [given]:
                assert name not in form.options or value in form.options[name], f"{name} does not offer {value!r}"
        target = form.action
        if press:
            data |= {name: value for name, value, _to in form.buttons if value == press}
            assert press in {value for _name, value, _to in form.buttons}, f"no button {press!r} on {self.path}"
        if to:
            target = next(place for _name, _value, place in form.buttons if place.endswith(to))
        target = urljoin(self.path, target) if target else self.path
        send = {"data": data} if form.method == "post" else {"query_string": data}
        answer = self.client.open(target, method=form.method.upper(), follow_redirects=True, **send)
        return self._take(answer, target)

    def link(self, pattern: str) -> str:
        """The first address on the page that matches ``pattern``."""
        found = [html.unescape(one) for one in re.findall(r'href="([^"]+)"', self.html)]
        hits = [one for one in found if re.search(pattern, one)]
        assert hits, f"no link {pattern!r} on {self.path}"
        return hits[0]

    def options(self, action: str, name: str) -> list[str]:
        """What the field ``name`` of a form lets one choose."""
        return self._form(action).options[name]

    @property
    def words(self) -> str:
        """What the page says, without its marks, in one line."""
        main = self.html.split("<main", 1)[-1].split("</main>", 1)[0]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())

    def _form(self, action: str) -> ShownForm:
        forms = shown_forms(self.html)
        own = [one for one in forms if not one.action and (not action or self.path.endswith(action))]
        named = [one for one in forms if action and one.action.split("?")[0].endswith(action)]
        wanted = [one for one in named + own if one.method == "post"] or named
        assert wanted, f"no form to {action!r} on {self.path}: {[one.action for one in forms]}"
        return wanted[0]

    def _take(self, answer: Any, path: str) -> str:
        self.html = answer.get_data(as_text=True)
        self.path = answer.request.path
        assert answer.status_code == 200, f"{path} answers {answer.status_code}: {self.words[:600]}"
        return self.html
