"""A saved address read again: as a wish, as a search, as words."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from marketplace.discovery.address import Wish, read_wish
from marketplace.discovery.facets import PRODUCT_SPANS, PRODUCT_TERMS
from marketplace.discovery.presenting import Chip, chips
from marketplace.discovery.queries import Found, query_of
from search.query import Query
from search.results import Results


def wish_of(address: str, locale: str) -> Wish:
    """The wish of a saved query string; what this release does not know any more is left out."""
    return read_wish(MultiDict(parse_qsl(address)), PRODUCT_TERMS, PRODUCT_SPANS, locale)


def address_of(wish: Wish) -> str:
    """The query string that is kept: words, filters and order, not the place in the list."""
    return urlencode(wish.to_keep().pairs())


def edited(address: str, locale: str, words: str, reader: str) -> tuple[str, str]:
    """The address with other words and the language it is to be read in.

    New words are read in the reader's language, unless a filter holds a number as it was typed in the old one.
    """
    wish = wish_of(address, locale)
    changed = wish.reworded(words.strip())
    return address_of(changed), locale if wish.typed or changed.text == wish.text else reader


def search_of(address: str, locale: str) -> Query:
    """The search behind a saved address, as a plain question without facets. Raises QueryRefused."""
    wish = replace(wish_of(address, locale), page=1, sort="")
    return replace(query_of(wish, locale, with_facets=False), related=False)  # what is near is no new find


def said(address: str, typed_in: str, locale: str) -> tuple[str, list[Chip]]:
    """The words of a saved search and its conditions, named in ``locale``."""
    wish = wish_of(address, typed_in)
    query = query_of(replace(wish, page=1), typed_in, with_facets=False)
    return wish.text, chips(wish, Found(query, Results(total=0, hits=())), "", locale)
