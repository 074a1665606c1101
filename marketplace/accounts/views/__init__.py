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
from marketplace.accounts.views.visit import keep_private

bp.after_request(keep_private)

__all__ = ["bp"]
