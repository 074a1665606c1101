"""Choices for forms in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from marketplace.kernel.countries import COUNTRIES, country_name


@lru_cache(maxsize=8)
def country_choices(locale: str) -> list[tuple[str, str]]:
    """Code and name of every country, sorted by name."""
    return sorted(((code, country_name(code, locale)) for code in COUNTRIES), key=lambda pair: pair[1])
