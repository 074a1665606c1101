"""Pages of samples and deals; importing a module here adds its routes to the blueprint."""

from marketplace.orders.views import deals, outcomes, samples  # noqa: F401 - imported for their routes
from marketplace.orders.views.blueprint import bp

__all__ = ["bp"]
