"""Pages of saved searches and shortlists."""

from marketplace.saved.views import lists, searches, sharing
from marketplace.saved.views.blueprint import bp

__all__ = ["bp", "lists", "searches", "sharing"]
