"""Structured values of a product in words, so that typing "washed", "Banyuwangi" or a maker's name finds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marketplace.catalogue.labels import certificate_name
from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.countries import country_name
from marketplace.kernel.regions import REGENCIES

# traditional characters are folded into simplified ones, so they need no text of their own
_LANGUAGES = ("en", "id", "de", "zh_Hans")


def facts_in_words(row: Any, specs: Iterable[Any], certificates: Iterable[str]) -> dict[str, str]:
    """Language -> values of specifications, certificates, places and names, one after the other."""
    rows, codes = list(specs), list(certificates)
    names = [row.organisation, row.producer or "", row.packaging, *row.ports]
    places = [_place(text) for text in (row.regency, row.origin_region) if text]
    made: dict[str, str] = {}
    for language in _LANGUAGES:
        values = [value for each in rows for value in _values(each, language)]
        labels = [certificate_name(code, language) for code in codes]
        country = country_name(row.origin_country, language)
        made[language] = ". ".join(dict.fromkeys(filter(None, (*values, *labels, *places, country, *names))))
    return made


def _values(spec: Any, language: str) -> list[str]:
    """The values of one specification as people read them; a plain yes says nothing without its question."""
    field = load_registry().fields.get(spec.field)
    if field is None:
        return []
    known = [field.value_name(value, language) if value in field.values else str(value) for value in spec.values or ()]
    return [text for text in known if text not in ("yes", "no")]


def _place(text: str) -> str:
    known = REGENCIES.get(text)
    return known.name if known else text
