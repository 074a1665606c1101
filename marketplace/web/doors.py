"""Pages that visitors are given before Flask is asked (see `discovery.keeper`), by the first step of their address."""

from __future__ import annotations

from functools import partial

from flask import Flask

from marketplace.discovery.keeper import Door
from marketplace.web import product_page


def doors_of(app: Flask) -> dict[str, Door]:
    """All doors of the site. Only pages that everybody may see have one: here nobody asks who reads."""
    return {"products": Door("/products/<slug>", partial(product_page.draw, app))}
