"""Pages of matchmaking; importing a module here adds its routes to the blueprint."""

from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.views import further, introduced, introducing, model, preview, requests, selling, weights

__all__ = ["bp", "further", "introduced", "introducing", "model", "preview", "requests", "selling", "weights"]
