"""Pages of quotes; importing a module here adds its routes to the blueprint."""

from marketplace.quotes.views import (  # noqa: F401 - imported for their routes
    buying,
    comparing,
    coordinating,
    deals,
    pooling,
    selling,
    sharing,
)
from marketplace.quotes.views.blueprint import bp

__all__ = ["bp"]
