"""`souq`, the one command line. Each group lives in a module of its own and is imported when it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from config.settings import Settings, SettingsError

GROUPS = {
    "db": "Create, upgrade, copy, back up and restore the database",
    "serve": "Serve the site and run the worker, both supervised",
    "worker": "Run the background worker alone",
    "doctor": "Check that everything the site needs is there and works",
    "search": "Fill the search index, compare it with the database, ask it something",
    "match": "Fit the matcher, rank requests, measure and explain it",
    "jobs": "See queued work, do it now, try dead jobs again",
    "mail": "Take in mails that answer a conversation",
    "user": "Make accounts, reset them, show a sample account's second factor",
    "demo": "Load the sample marketplace",
    "import": "Bring in files of products",
    "export": "Write the template for products, and products as a table",
    "docs": "Write or check the reference pages drawn from the code",
}


class Groups(click.Group):
    """Commands found by name, so that `souq doctor` does not import what `souq match` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GROUPS:
            return None
        module = importlib.import_module(f"marketplace.cli.{'import_' if cmd_name == 'import' else cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(GROUPS.items()))


@click.group(cls=Groups)
@click.version_option(package_name="pesantren-souq")
def souq() -> None:
    """Pesantren Souq: the marketplace's command line."""


def main() -> None:
    """Run `souq`; settings that cannot be used end it with 78 and all faults at once."""
    try:
        souq()
    except SettingsError as failure:
        click.echo(str(failure), err=True)
        sys.exit(78)
    except Exception as failure:
        sentence = in_words(failure)
        if not sentence:
            raise  # a fault of ours: its trace is what helps
        click.echo(f"Error: {sentence}", err=True)
        sys.exit(1)


def in_words(failure: Exception) -> str:
    """What a person reads who named a file that is not there or a database that does not answer; else nothing."""
    if isinstance(failure, OSError) and failure.filename is not None:
        return f"{failure.filename}: {failure.strerror}."
    from sqlalchemy.exc import OperationalError, ProgrammingError

    if isinstance(failure, OperationalError | ProgrammingError):
        reason = str(failure.orig).strip().partition("\n")[0]
        return f"The database does not do what was asked: {reason}. See souq doctor; souq db upgrade makes the schema."
    return ""


def settings() -> Settings:
    """The settings of this process."""
    return Settings.from_env()


if __name__ == "__main__":
    main()
