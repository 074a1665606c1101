"""`souq db`: the schema."""

from __future__ import annotations

import click

from marketplace.cli.context import with_app


@click.group("db")
def command() -> None:
    """Create, upgrade, copy, back up and restore the database."""


@command.command()
@with_app
def upgrade() -> None:
    """Bring the schema to the newest version; safe to run at every start."""
    from flask_migrate import upgrade as run_upgrade

    run_upgrade()
    click.echo("The database is up to date.")


@command.command()
@click.argument("revision", default="-1")
@with_app
def downgrade(revision: str) -> None:
    """Take the schema back one version, or to REVISION."""
    from flask_migrate import downgrade as run_downgrade

    run_downgrade(revision=revision)
    click.echo("The database was taken back.")


@command.command()
@click.argument("message")
@with_app
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database, for review by hand."""
    from flask_migrate import migrate

    migrate(message=message)
