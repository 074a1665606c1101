"""Collect the interface's strings: extract, merge into the five catalogues, count what is missing.

The English catalogue repeats its sources, so that it is complete like the others.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from marketplace.i18n.locales import LOCALES

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(__file__).parent / "translations"
METHODS = [
    ("marketplace/**.py", "python"),
    ("config/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
OPTIONS = {
    pattern: {"trim_blocks": "true", "lstrip_blocks": "true"} for pattern, method in METHODS if method == "jinja2"
}
# _l is lazy_gettext in modules that need both
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": None,
}


def sources() -> Catalog:
    """Every string of the site, without places (they would change with every line)."""
    catalog = Catalog(project="Pesantren Souq", charset="utf-8")
    found = extract_from_dir(str(ROOT), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",))
    for _file, _line, message, comments, context in found:
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def path_of(locale: str) -> Path:
    """The catalogue file of a locale."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """The catalogue as it is on disk."""
    path = path_of(locale)
    return read_po(BytesIO(path.read_bytes()) if path.exists() else BytesIO(b""), locale=locale)


def missing(catalog: Catalog) -> list[str]:
    """Sources without a translation, or with one that a person must look at."""
    gone = []
    for message in catalog:
        if not message.id:
            continue
        parts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.fuzzy or not all(parts):
            gone.append(str(message.id if isinstance(message.id, str) else message.id[0]))
    return gone


def collect() -> dict[str, int]:
    """Merge the sources into every catalogue; gives how many strings each still lacks."""
    template = sources()
    counts: dict[str, int] = {}
    for locale in LOCALES:
        catalog = read(locale)
        catalog.update(deepcopy(template), no_fuzzy_matching=True)  # update() keeps the template's own messages
        catalog.obsolete.clear()
        catalog.header_comment = f"# Pesantren Souq, interface strings: {locale}"
        catalog.fuzzy = False
        catalog.creation_date = catalog.revision_date = datetime(2026, 11, 22, tzinfo=UTC)  # no noise in diffs
        if locale == "en":
            for message in catalog:
                if message.id:
                    message.string = message.id
        path_of(locale).parent.mkdir(parents=True, exist_ok=True)
        with open(path_of(locale), "wb") as file:
            write_po(file, catalog, width=120, sort_output=True, omit_header=False, no_location=True)
        counts[locale] = len(missing(catalog))
    return counts


if __name__ == "__main__":
    for name, count in collect().items():
        sys.stdout.write(f"{name}: {count} missing\n")
