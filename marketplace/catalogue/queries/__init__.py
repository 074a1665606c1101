"""Reads of the catalogue: pages and lists as plain values; whole objects for changing stand in ``queries.own``."""

from marketplace.catalogue.queries.cards import CardRow, cards, newest_products, products_of_seller, similar
from marketplace.catalogue.queries.listed import listed_product, product_by_id, readable_product
from marketplace.catalogue.queries.own import (
    any_product,
    latest_review,
    own_product,
    own_products,
    paused_commodities,
    waiting_reviews,
)
from marketplace.catalogue.queries.product_view import ProductView

__all__ = [
    "CardRow",
    "ProductView",
    "any_product",
    "cards",
    "latest_review",
    "listed_product",
    "newest_products",
    "own_product",
    "own_products",
    "paused_commodities",
    "product_by_id",
    "products_of_seller",
    "readable_product",
    "similar",
    "waiting_reviews",
]
