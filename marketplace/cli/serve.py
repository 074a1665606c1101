"""`souq serve`: the site and its worker under one supervisor."""

from __future__ import annotations

import sys

import click

from marketplace.cli.forks import Fork, finished_application, load_everything
from marketplace.cli.main import settings as read_settings
from marketplace.cli.supervise import children, supervise


@click.command("serve")
@click.option(
    "--prepare",
    is_flag=True,
    help="First migrate, load the sample marketplace into an empty database, fit the matcher.",
)
def command(prepare: bool) -> None:
    """Serve the site and run the background worker; a killed child is started again."""
    settings = read_settings()
    load_everything(settings)
    if prepare:
        from marketplace.cli.prepare import prepare_site

        # in a fork: it opens connections and starts the matcher's threads, which no later fork may inherit
        code = Fork(lambda: prepare_site(settings), is_group=False).wait()
        if code:
            sys.exit(code)
    click.echo(f"Pesantren Souq is at {settings.web.public_url}  (Ctrl+C ends it)")
    supervise(children(finished_application(settings)))
