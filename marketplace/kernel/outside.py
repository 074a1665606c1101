"""The outside systems of the running application, chosen by settings in `wiring`."""

from __future__ import annotations

from typing import cast

from flask import current_app

from config.settings import Settings
from marketplace.kernel.outlet import Outlet
from marketplace.kernel.storage import Storage


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["souq_settings"])


def storage() -> Storage:
    """The file storage of the running application."""
    return cast(Storage, current_app.extensions["souq_storage"])


def outlet() -> Outlet:
    """The door of the running application to servers whose address somebody typed."""
    return cast(Outlet, current_app.extensions["souq_outlet"])
