"""How ready an offer is for each destination: the papers that the law asks for, held or missing, as facet values."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from flask_babel import gettext, ngettext

from marketplace.kernel.countries import country_name
from marketplace.marketaccess.facts import load_facts
from marketplace.marketaccess.holding import evidence_of, holdable
from marketplace.marketaccess.rules import GROUPS, countries_of

_MOST_MISSING = 2  # with more, an offer is not nearly ready
_MARK = "."
_UNION = "EU"


@lru_cache(maxsize=8_192)
def readiness(hs_code: str, claims: frozenset[str], codes: frozenset[str], day: date) -> tuple[str, ...]:
    """``US`` where nothing is missing, ``US.1`` where one paper is; a union counts as its worst member."""
    found: dict[str, int] = {}
    for country, place in _places().items():
        held = {key for code in codes for key in _evidence(code, country)}
        missing = len(_wanted(hs_code, claims, country, day) - held)
        found[place] = max(missing, found.get(place, 0))
    return tuple(
        f"{place}{_MARK}{missing}" if missing else place
        for place, missing in sorted(found.items())
        if missing <= _MOST_MISSING
    )


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Country to the place that it counts as: its union or itself."""
    facts = load_facts()
    unions = {country: bloc for bloc, members in facts.blocs.items() if bloc in GROUPS for country in members}
    return {country: unions.get(country, country) for country in countries_of(facts)}


@lru_cache(maxsize=32_768)
def _wanted(hs_code: str, claims: frozenset[str], country: str, day: date) -> frozenset[str]:
    return holdable(load_facts(), hs_code, country, claims, day)


@lru_cache(maxsize=4_096)
def _evidence(code: str, country: str) -> tuple[str, ...]:
    return tuple(evidence_of(load_facts(), code, country))


def readiness_name(value: str, locale: str) -> str:
    """A facet value in words."""
    place, _mark, missing = value.partition(_MARK)
    name = gettext("European Union") if place == _UNION else country_name(place, locale)
    if not missing.isdecimal():
        return str(gettext("%(place)s: nothing missing", place=name))
    return str(
        ngettext("%(place)s: %(num)s paper missing", "%(place)s: %(num)s papers missing", int(missing), place=name)
    )
