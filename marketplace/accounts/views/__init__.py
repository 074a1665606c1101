"""Pages of the account; importing a module here adds its routes to the blueprint."""

from marketplace.accounts.views import (  # noqa: F401 - imported for their routes
    account,
    blocks,
    files,
    invitations,
    members,
    password,
    privacy,
    registration,
    second_factor,
    sessions,
    sign_in,
)
from marketplace.accounts.views.blueprint import bp

__all__ = ["bp"]
