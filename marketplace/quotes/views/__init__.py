"""Pages of quotes; importing a module here adds its routes to the blueprint."""

from marketplace.quotes.views import buying, comparing, deals, pooling, selling  # noqa: F401 - imported for their routes
from marketplace.quotes.views.blueprint import bp

__all__ = ["bp"]
