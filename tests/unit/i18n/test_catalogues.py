"""Every string of the interface in all five languages, with the placeholders of its source."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from babel.messages.catalog import Catalog

from marketplace.i18n.collect import KEYWORDS, ROOT, missing, read, sources
from marketplace.i18n.locales import LOCALES

PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return sources()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_is_translated(template: Catalog, locale: str) -> None:
    catalog = read(locale)
    catalog.update(deepcopy(template), no_fuzzy_matching=True)
    assert missing(catalog) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_are_those_of_the_source(locale: str) -> None:
    wrong = []
    for message in read(locale):
        if not message.id:
            continue
        is_plural = not isinstance(message.id, str)
        source = message.id[1] if is_plural else message.id
        wanted = sorted(PLACEHOLDER.findall(source))
        for form in message.string if is_plural else [message.string]:
            found = sorted(PLACEHOLDER.findall(form))
            # a plural form may leave its number out ("one day")
            if found != wanted and not (is_plural and set(found) <= set(wanted)):
                wrong.append((source, form))
    assert wrong == []


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_translations_are_not_the_english_text(locale: str) -> None:
    """Most long strings must differ from their source; a few names may not."""
    long = [message for message in read(locale) if isinstance(message.id, str) and len(message.id) > 40]
    same = [message.id for message in long if message.id == message.string]
    assert len(same) <= len(long) * 0.01, same[:10]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_installation_can_compile_it(locale: str) -> None:
    """`make install` stops at what Babel's own checks find, such as a number that a one-form language cannot place."""
    catalog = read(locale)
    faults = [(message.id, str(fault)) for message in catalog for fault in message.check(catalog)]
    assert faults == []


def test_every_way_to_translate_is_collected() -> None:
    """A function that is called but not collected leaves its words in English on every page."""
    called = set()
    for file in (ROOT / "marketplace").rglob("*.py"):
        called |= set(re.findall(r"\b((?:lazy_)?n?p?gettext)\(", file.read_text(encoding="utf-8")))
    assert "lazy_pgettext" in called
    assert called <= set(KEYWORDS)
