"""`souq doctor`: is everything this deployment needs there and working."""

from __future__ import annotations

import json
import sys

import click

from marketplace.cli.context import with_app


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def command(as_json: bool) -> None:
    """Check settings, database, schema, search, storage, queue, incoming mail and scanner; exit 1 if any fails."""
    from marketplace.web.checks import all_checks

    results = all_checks()
    if as_json:
        click.echo(json.dumps([{"name": one.name, "ok": one.is_fine, "detail": one.detail} for one in results]))
    else:
        for one in results:
            click.echo(f"{'ok  ' if one.is_fine else 'FAIL'}  {one.name:10} {one.detail}")
    if not all(one.is_fine for one in results):
        sys.exit(1)
