"""`souq db`: the schema."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app

from marketplace.cli.context import with_app
from marketplace.cli.progress import reporter
from marketplace.wiring import init_migrations


@click.group("db")
def command() -> None:
    """Create, upgrade, copy, back up and restore the database."""


@command.command()
@with_app
def upgrade() -> None:
    """Bring the schema to the newest version; safe to run at every start."""
    from flask_migrate import upgrade as run_upgrade

    from marketplace.kernel.upkeep import refresh_statistics

    init_migrations(current_app)
    run_upgrade()
    refresh_statistics()  # a table that a migration wrote anew has lost them, and its pages cost five times as much
    click.echo("The database is up to date.")


@command.command()
@click.argument("revision", default="-1")
@with_app
def downgrade(revision: str) -> None:
    """Take the schema back one version, or to REVISION."""
    from flask_migrate import downgrade as run_downgrade

    init_migrations(current_app)
    run_downgrade(revision=revision)
    click.echo("The database was taken back.")


@command.command()
@click.argument("message")
@with_app
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database, for review by hand."""
    from flask_migrate import migrate

    init_migrations(current_app)
    migrate(message=message)


@command.command("copy")
@click.argument("source")
@click.argument("target")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON: the number of rows by table.")
def copy_(source: str, target: str, as_json: bool) -> None:
    """Copy all rows of the SOURCE address into the empty database at TARGET, which is migrated first."""
    from marketplace.cli import archive

    with reporter("copying") as report:
        counts = archive.copy_databases(source, target, report)
    if as_json:
        click.echo(json.dumps({"rows": sum(counts.values()), "tables": counts}))
    else:
        click.echo(f"{sum(counts.values())} rows in {len(counts)} tables were copied.")


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def backup(file: Path, as_json: bool) -> None:
    """Write database and files into the archive FILE, as of one moment, while the site runs."""
    from marketplace.cli import archive

    with reporter("backing up") as report:
        rows, files = archive.backup(file, report)
    if as_json:
        click.echo(json.dumps({"rows": rows, "files": files, "archive": str(file)}))
        return
    click.echo(f"{rows} rows and {files} files are in {file}.")
    click.echo(f"To restore on an empty machine: souq db restore {file}")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def restore(file: Path, as_json: bool) -> None:
    """Fill this home's empty database and storage from the archive FILE."""
    from marketplace.cli import archive

    with reporter("restoring") as report:
        rows, files = archive.restore(file, report)
    if as_json:
        click.echo(json.dumps({"rows": rows, "files": files}))
    else:
        click.echo(f"{rows} rows and {files} files were restored. Now run: souq search rebuild && souq match fit")
