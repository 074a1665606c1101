"""Public reviews as plain texts for templates, and as a finished piece for the page of goods or of a seller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel import Locale
from markupsafe import Markup

from marketplace.i18n import formats
from marketplace.i18n.locales import BY_LOCALE
from marketplace.kernel.shapes import shaped_page
from marketplace.reviews.queries import Reviews, Shown
from marketplace.reviews.rules import BEST
from marketplace.reviews.wording import OCCASIONS


def shown_lines(shown: Sequence[Shown], locale: str) -> list[dict[str, Any]]:
    """Each review with texts for this reader; a language is named where it is another than theirs."""
    return [
        {
            "key": one.key,
            "points": str(one.rating),
            "best": str(BEST),
            "text": one.text,
            "tag": _tag(one.language),
            "language": _foreign(one.language, locale),
            "who": formats.format_country(one.country, locale),
            "occasion": str(OCCASIONS.get(one.occasion, "")),
            "day": formats.format_date(formats.day_of(one.at, "UTC"), locale),
            "answer": one.answer,
            "answer_tag": _tag(one.answer_language),
            "answer_language": _foreign(one.answer_language, locale) if one.answer else "",
            "answered": formats.format_date(formats.day_of(one.answered_at, "UTC"), locale) if one.answered_at else "",
        }
        for one in shown
    ]


def reviews_piece(found: Reviews, locale: str, prefix: str, path: str) -> Markup:
    """The newest reviews under their heading as finished HTML; empty where there are none. ``path`` is the thing's."""
    if not found.count:
        return Markup()
    figures = found.figures
    return shaped_page(
        "reviews/piece.html",
        locale,
        lines=shown_lines(found.shown, locale),
        average=formats.format_number(figures.average, locale, 1) if figures else "",
        count=str(figures.count) if figures else "",
        best=str(BEST),
        more=f"{prefix}{path}/reviews" if found.count > len(found.shown) else "",
        prefix=prefix,
    )


def _tag(locale: str) -> str:
    return BY_LOCALE[locale].tag if locale in BY_LOCALE else "und"


def _foreign(language: str, locale: str) -> str:
    """The language's name in the reader's, where the two differ."""
    if not language or language == locale:
        return ""
    return str(Locale.parse(locale).languages.get(language, language))
