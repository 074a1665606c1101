"""Pages of payable amounts; importing a module here adds its routes to the blueprint."""

from marketplace.payments.views import bank, pages, settlement, stripe_events  # noqa: F401 - imported for their routes
from marketplace.payments.views.blueprint import bp

__all__ = ["bp"]
