"""Staff pages: curation desk, requests, verification, sellers, people, reports, jobs, index, audit."""

from marketplace.console.blueprint import bp
from marketplace.console.views import desk

__all__ = ["bp", "desk"]
