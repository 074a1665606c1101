"""Pages that visitors are given before Flask is asked (see `discovery.keeper`), by where their addresses begin."""

from __future__ import annotations

from functools import partial

from flask import Flask

from marketplace.discovery.keeper import Door
from marketplace.web import list_page, product_page


def doors_of(app: Flask) -> dict[str, Door]:
    """All doors of the site. Only pages that everybody may see have one: here nobody asks who reads."""
    return {
        "/products": Door("/products", partial(list_page.draw, app), takes_query=True),
        "/products/": Door("/products/<slug>", partial(product_page.draw, app), is_touched=product_page.is_touched),
    }
