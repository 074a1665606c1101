"""Pages of buyers' requests; importing a module here adds its routes to the blueprint."""

from marketplace.rfqs.views import conversation, files, inquiry, requests  # noqa: F401 - imported for their routes
from marketplace.rfqs.views.blueprint import bp

__all__ = ["bp"]
