"""`souq demo`: the sample marketplace."""

from __future__ import annotations

import click

from marketplace.cli.context import with_app
from marketplace.cli.progress import reporter


@click.group("demo")
def command() -> None:
    """Load the sample marketplace; every organisation in it is fictitious."""


@command.command()
@with_app
def load() -> None:
    """Load the sample marketplace into an empty database, index it and fit the matcher."""
    from marketplace.cli.prepare import load_sample_marketplace
    from marketplace.kernel.outside import settings

    with reporter("loading") as report:
        load_sample_marketplace(settings(), report)


@command.command()
def accounts() -> None:
    """Print the sample accounts and their password."""
    from marketplace.cli.prepare import print_accounts

    print_accounts()
