"""Whoever turns a page or chooses another view asks for what an address of its own would ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.discovery.address import VIEWS, Wish, read_wish
from marketplace.discovery.facets import PRODUCT_SPANS, PRODUCT_TERMS
from marketplace.discovery.memory import Recent, Shared
from marketplace.discovery.queries import find, query_of
from search.errors import QueryRefused

ASKED = (
    {},
    {"q": "kopi arabika"},
    {"q": "kopi under 5 usd/kg", "plain": "price"},
    {"q": "kopi under 5 usd/kg", "sort": "price"},
    {"q": "kopi", "category": "food", "price.max": "7", "view": "table"},
)


def wish_of(asked: dict[str, str]) -> Wish:
    return read_wish(MultiDict(asked), PRODUCT_TERMS, PRODUCT_SPANS, "en")


def test_every_page_asks_for_itself_whatever_was_asked_before(app: Flask) -> None:
    known = Shared()
    with app.test_request_context("/en/products"):
        for page in (2, 1, 3):
            for asked in ASKED:
                wish = replace(wish_of(asked), page=page)
                found = find(wish, "en", known=known)
                plain = query_of(wish, "en", with_facets=False)
                assert replace(found.query, facets=()) == plain
                assert found.results.facets == find(wish, "en").results.facets


def test_counts_that_were_forgotten_are_made_again(app: Flask) -> None:
    known, wish = Shared(), wish_of({"q": "kopi"})
    with app.test_request_context("/en/products"):
        first = find(wish, "en", known=known).results.facets
        find(replace(wish, page=2), "en", known=known)
        known.facets = Recent(10)
        assert find(replace(wish, page=2), "en", known=known).results.facets == first != ()


def test_no_page_is_shown_behind_the_last_one(app: Flask) -> None:
    known, wish = Shared(), wish_of({"q": "kopi"})
    with app.test_request_context("/en/products"):
        find(wish, "en", known=known)
        with pytest.raises(QueryRefused):
            find(replace(wish, page=1_000), "en", known=known)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("page", [1, 4])
def test_another_view_is_the_same_address_but_for_the_view(app: Flask, asked: dict[str, str], page: int) -> None:
    with app.test_request_context("/en/products"):
        wish = replace(wish_of(asked), page=page)
        for view in VIEWS:
            assert wish.query_string(view=view) == replace(wish, view=view).query_string()
        assert wish.query_string(page=1, view=VIEWS[0]) == wish.to_keep().query_string()
