"""Pages of sellers about their products, and the pictures that everyone sees."""

from marketplace.catalogue.views import certificates, files, media, photos, products, sections, starting
from marketplace.catalogue.views.blueprint import bp

__all__ = ["bp", "certificates", "files", "media", "photos", "products", "sections", "starting"]
