"""Macros and templates rendered once for each shape of what they show, and filled by joining strings.

Jinja renders with signs in the place of texts, once for every shape: which texts there are and which are missing, how
many entries a list has, and the value of everything that is no text. The same shape with other texts is then a matter
of escaping and joining. So a template may ask whether a text is there and repeat lists; it may not look into a text,
compare it or change it: what it decides by is given as a `Same`, a number or a boolean.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

_FIRST_SIGN = 0xE100
_SIGNS = re.compile("([\ue100-\ue7ff])")
_MOST_SIGNS = 0xE800 - _FIRST_SIGN
_MOST_SHAPES = 600
_MOST_TEXTS = 3_000
_LONGEST_TEXT = 120  # longer ones are hardly said twice


class Same:
    """A value that the template may decide by; every value of it is a shape of its own."""

    __slots__ = ("value",)

    def __init__(self, value: Hashable) -> None:
        self.value = value


class _Mould:
    """What a template made of a shape: literal parts, and which text stands between each two."""

    __slots__ = ("holes", "parts")

    def __init__(self, html: str) -> None:
        self.parts = _SIGNS.split(html)
        self.holes = [ord(sign) - _FIRST_SIGN for sign in self.parts[1::2]]

    def filled(self, texts: list[str]) -> Markup:
        parts, escaped = self.parts.copy(), [_escaped(text) for text in texts]
        parts[1::2] = map(escaped.__getitem__, self.holes)
        return Markup("".join(parts))  # noqa: S704 - the template's own words and escaped texts


class _Moulds:
    """Moulds by name and shape, the longest unused leaving first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, _Mould] = OrderedDict()

    def get(self, name: Hashable) -> _Mould | None:
        with self._lock:
            found = self._known.get(name)
            if found is not None:
                self._known.move_to_end(name)
            return found

    def put(self, name: Hashable, mould: _Mould) -> None:
        with self._lock:
            self._known[name] = mould
            while len(self._known) > _MOST_SHAPES:
                self._known.popitem(last=False)


_moulds = _Moulds()


def shaped(template: str, macro: str, locale: str, *shown: Any) -> Markup:
    """What ``macro`` of ``template`` makes of ``shown`` in ``locale``, which is the language that is spoken."""
    return _made(template, macro, locale, shown)


def shaped_page(template: str, locale: str, **shown: Any) -> Markup:
    """What ``template`` makes of the named values ``shown``."""
    return _made(template, "", locale, shown)


def _made(template: str, macro: str, locale: str, shown: Any) -> Markup:
    texts: list[str] = []
    name = (template, macro, locale, _shape(shown, texts))
    mould = _moulds.get(name)
    if mould is None:
        environment = current_app.jinja_env
        found, signed = environment.get_template(template), _signed(shown, _signs(len(texts)))
        mould = _Mould(str(getattr(found.module, macro)(*signed)) if macro else found.render(signed))
        if not environment.auto_reload:  # else templates are being written
            _moulds.put(name, mould)
    return mould.filled(texts)


def _signs(count: int) -> Iterator[str]:
    if count > _MOST_SIGNS:
        raise ValueError(f"{count} texts are too many for one shape; make its parts first")
    return map(chr, range(_FIRST_SIGN, _FIRST_SIGN + count))


def _shape(value: Any, texts: list[str]) -> Hashable:
    """The shape of ``value``; its texts are put into ``texts`` in order."""
    kind = type(value)
    if kind is str or kind is Markup:
        if not value:
            return ""
        texts.append(value)
        return "text"
    if kind is tuple or kind is list:
        return (kind, *[_shape(one, texts) for one in value])
    if kind is dict:
        return tuple([(key, _shape(one, texts)) for key, one in value.items()])
    if kind is Same:
        return (Same, value.value)
    return (kind, value)  # one and true are equal, but not the same


def _signed(value: Any, signs: Iterator[str]) -> Any:
    """``value`` with a sign for each of its texts."""
    kind = type(value)
    if kind is str or kind is Markup:
        return Markup(next(signs)) if value else value  # noqa: S704 - our own sign
    if kind is tuple or kind is list:
        return kind(_signed(one, signs) for one in value)
    if kind is dict:
        return {key: _signed(one, signs) for key, one in value.items()}
    return value.value if kind is Same else value


def _escaped(text: str) -> str:
    if type(text) is Markup:
        return text
    return str(escape(text)) if len(text) > _LONGEST_TEXT else _escaped_short(text)


@lru_cache(maxsize=_MOST_TEXTS)
def _escaped_short(text: str) -> str:
    return str(escape(text))
