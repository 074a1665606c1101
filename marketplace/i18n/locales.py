"""The five interface languages: their codes, addresses and how a reader's wish is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Language:
    """One interface language: gettext code, language tag, address prefix and its own name."""

    locale: str
    tag: str
    prefix: str
    name: str


LANGUAGES = (
    Language("en", "en", "/en", "English"),
    Language("id", "id", "/id", "Bahasa Indonesia"),
    Language("de", "de", "/de", "Deutsch"),
    Language("zh_Hans", "zh-Hans", "/zh-hans", "简体中文"),
    Language("zh_Hant", "zh-Hant", "/zh-hant", "繁體中文"),
)
BY_LOCALE = {language.locale: language for language in LANGUAGES}
BY_PREFIX = {language.prefix: language for language in LANGUAGES}
LOCALES = tuple(BY_LOCALE)
DEFAULT = "en"


def known(locale: str | None) -> str:
    """``locale`` if it is one of ours, English otherwise: locale parameters are input."""
    return locale if locale in BY_LOCALE else DEFAULT


def from_tag(tag: str) -> str | None:
    """Our locale for a browser's language tag; Hong Kong, Macau and Taiwan read traditional script."""
    parts = tag.strip().lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        is_traditional = "hant" in parts or ("hans" not in parts and {"hk", "tw", "mo"} & set(parts[1:]))
        return "zh_Hant" if is_traditional else "zh_Hans"
    return {"en": "en", "id": "id", "in": "id", "ms": "id", "de": "de"}.get(parts[0])


def from_header(header: str) -> str:
    """The best of our locales for an Accept-Language header; English where none fits."""
    wishes: list[tuple[float, int, str]] = []
    for position, item in enumerate(header[:400].split(",")[:20]):
        tag, _, weight = item.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        locale = from_tag(tag)
        if locale and quality > 0:
            wishes.append((-quality, position, locale))
    return min(wishes)[2] if wishes else DEFAULT


@lru_cache(maxsize=512)
def chosen_locale(cookie: str, header: str) -> str:
    """The locale of an address without a language: the cookie's if it is one of ours, else the browser's wish."""
    return cookie if cookie in BY_LOCALE else from_header(header)
