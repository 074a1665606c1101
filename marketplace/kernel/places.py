"""Where the project's own folders are, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def _folder(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def migrations_folder() -> Path:
    """The migrations: beside the package in a checkout, inside it in a wheel."""
    return _folder("migrations")


def templates_folder() -> Path:
    """The templates: beside the package in a checkout, inside it in a wheel."""
    return _folder("templates")
