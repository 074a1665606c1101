"""Staff pages: overview, curation desk, requests, verification, sellers, reports; for operators also the rest."""

from marketplace.console.blueprint import bp
from marketplace.console.views import (
    desk,
    machine,
    operators,
    overview,
    payments,
    quotes,
    reports,
    requests,
    reviews,
    sellers,
    verification,
    vocabulary,
)

__all__ = [
    "bp",
    "desk",
    "machine",
    "operators",
    "overview",
    "payments",
    "quotes",
    "reports",
    "requests",
    "reviews",
    "sellers",
    "verification",
    "vocabulary",
]
