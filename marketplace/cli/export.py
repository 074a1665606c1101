"""`souq export`: the template, and products as a table."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from marketplace.cli.context import with_app

NOT_UNDERSTOOD = 2


@click.group("export")
def command() -> None:
    """Write the template for products, and products as a table."""


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--commodity", "commodities", multiple=True, help="Only the columns that these commodities need.")
@with_app
def template(file: Path, commodities: tuple[str, ...]) -> None:
    """Write the XLSX template to FILE: headings, choices and help in Indonesian and English."""
    from marketplace.catalogue.importing.template import write_template
    from marketplace.catalogue.registry.lookup import CommodityUnknown

    written = io.BytesIO()  # a file of that name stays as it is until there is another
    try:
        write_template(written, commodities)
    except CommodityUnknown as unknown:
        click.echo(f"There is no commodity {unknown.args[0]}.", err=True)
        sys.exit(NOT_UNDERSTOOD)
    file.write_bytes(written.getvalue())
    click.echo(f"Written: {file}")


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--seller", "slug", help="Address part of one seller; all sellers without it.")
@click.option("--lang", default="en", type=click.Choice(["en", "id", "de", "zh_Hans", "zh_Hant"]), show_default=True)
@with_app
def products(file: Path, slug: str | None, lang: str) -> None:
    """Write products to FILE, CSV or XLSX by its ending; choices of specifications are named in --lang."""
    from marketplace.catalogue.queries.export import export_rows
    from marketplace.catalogue.services.trial import seller_by_slug
    from marketplace.catalogue.tables import as_csv, as_xlsx
    from marketplace.kernel.database import db

    if file.suffix.lower() not in {".csv", ".xlsx"}:
        click.echo("Name a file that ends in .csv or .xlsx.", err=True)
        sys.exit(NOT_UNDERSTOOD)
    session = db.session()
    seller = seller_by_slug(session, slug) if slug else None
    if slug and seller is None:
        click.echo(f"There is no seller {slug}.", err=True)
        sys.exit(NOT_UNDERSTOOD)
    rows = export_rows(session, seller.id if seller else None, lang)
    file.write_bytes(as_csv(rows) if file.suffix.lower() == ".csv" else as_xlsx(rows).getvalue())
    click.echo(f"Written: {len(rows)} products to {file}")
