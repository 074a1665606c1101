"""Cards put together from signs look exactly like the macro's own."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask
from markupsafe import Markup

from marketplace.catalogue.queries import CardRow
from marketplace.discovery import fragments
from marketplace.discovery.cards import card_words, product_card
from marketplace.discovery.facets import spec_filters
from marketplace.discovery.fragments import found_cards_html, fragment, grid_html, product_cards_html
from marketplace.discovery.memory import Shared
from marketplace.kernel.frames import Frame
from search.results import Highlight, Hit, Segment

FULL = CardRow(
    id=7, slug="ijen-lot", title="Ijen <b>lot</b> & \ue040 sign", commodity="coffee-arabica-green", category="food/coffee",
    unit="kg", moq=Decimal(500), capacity_per_month=Decimal(12000), lead_time_days=1, price=Decimal("9.4"),
    price_currency="USD", price_unit="kg", price_term="FOB Surabaya", price_per_kg_usd=Decimal("9.4"),
    cover_photo="ab/cd", origin_country="ID", origin_region="Bondowoso", has_private_label=False,
    sample_is_offered=True, is_sample=True, seller_slug="al-ijen", seller="Al \"Ijen\"", verification_level="verified",
    lead_count=0, answered_count=0, producer="", certificates=("organic-eu", "halal", "fairtrade", "iso-22000", "haccp"),
)  # fmt: skip
BARE = CardRow(
    id=8, slug="x", title="X", commodity="batik-fabric", category="textile", unit="piece", moq=None,
    capacity_per_month=None, lead_time_days=None, price=None, price_currency="", price_unit="", price_term="",
    price_per_kg_usd=None, cover_photo="", origin_country="ID", origin_region="", has_private_label=False,
    sample_is_offered=False, is_sample=False, seller_slug="s", seller="S", verification_level="none", lead_count=0,
    answered_count=0, producer="P", certificates=(),
)  # fmt: skip
TITLE = Highlight("title", "en", (Segment("Ijen", True), Segment(" <b>lot</b>")))
TEXT = Highlight("description", "en", (Segment("a <i>"), Segment("lot", True)))


@pytest.mark.parametrize("row", [FULL, BARE])
@pytest.mark.parametrize("highlights", [(), (TITLE,), (TEXT,), (TITLE, TEXT)])
@pytest.mark.parametrize("path", ["/en/products", "/de/products", "/zh-hant/products"])
def test_a_card_of_signs_is_the_macros_card(
    app: Flask, row: CardRow, highlights: tuple[Highlight, ...], path: str
) -> None:
    locale = {"/en": "en", "/de": "de"}.get(path[:3], "zh_Hant")
    with app.test_request_context(path, environ_overrides={"souq.locale": locale}):
        words = card_words("/de", locale)
        known = Shared()
        hits = [Hit(row.id, 1.0, highlights)]
        made = [product_cards_html([row], hits, locale, words, known)[0] for _ in range(2)]
        from marketplace.discovery.cards import marks_of

        card = product_card(row, *marks_of(highlights), locale, words)
        assert made[0] == fragment("components/cards.html", "product_card", card, words.labels, True, 3)
        assert made[1] == made[0]
        assert "<b>" not in made[0]
        assert "<i>" not in made[0]


def test_a_found_card_is_read_once_and_marked_as_each_search_marks_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []

    def rows_now(keys: list[int], _locale: str) -> list[CardRow]:
        asked.append(keys)
        return [row for row in (FULL, BARE) if row.id in keys]

    monkeypatch.setattr(fragments, "rows_now", rows_now)
    monkeypatch.setattr(fragments, "lives_in_database", lambda: True)
    with app.test_request_context("/en/products"):
        words, known = card_words("/en", "en"), Shared()

        def cards(*marks: tuple[Highlight, ...]) -> list[str]:
            hits = [Hit(key, 1.0, each) for key, each in zip((7, 8, 9), marks, strict=True)]
            return [str(card) for card in found_cards_html(hits, "en", words, known)]

        first = cards((TITLE,), (), ())
        assert asked == [[7, 8, 9]]
        assert len(first) == 2  # nobody may see the third any more
        assert cards((TITLE,), (), ()) == first
        other = cards((TEXT,), (), ())
        assert other[0] != first[0]
        assert "<mark>lot</mark>" in other[0]
        assert cards((), (), ())[1] == first[1]
        assert cards((TITLE,), (), ()) == first
        assert asked == [[7, 8, 9], [9], [9], [9], [9]]


def test_cards_stand_in_the_grid_of_the_macro(app: Flask) -> None:
    with app.test_request_context("/en/products"):
        for cards in ([Markup("<b>1</b>")], [Markup("<b>1</b>"), Markup("2"), Markup("3")]):
            assert grid_html(cards) == fragment("discovery/macros.html", "card_grid", cards)


def test_a_frame_is_encoded_as_it_is_filled() -> None:
    frame = Frame("<p>\ue020 中文 \ue021</p>", re.compile("([\ue020-\ue03f])"))
    values = {"\ue020": "Grüße", "\ue021": Markup("<b>\ue020</b>")}
    assert frame.filled(values) == "<p>Grüße 中文 <b>\ue020</b></p>"
    for _ in range(2):
        assert frame.encoded(values) == frame.filled(values).encode()


def test_the_values_of_a_specification_are_always_named_by_the_same_function(app: Flask) -> None:
    """Names are remembered by it: another one for each page would push all others out."""
    with app.test_request_context("/en/products"):
        first, _ = spec_filters(("coffee-arabica-green",), ())
        again, _ = spec_filters(("coffee-arabica-green",), ())
        assert first
        assert [each.name for each in first] == [each.name for each in again]
