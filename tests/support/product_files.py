"""Files of products as sellers send them, brought in by the service and by the command line."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries import any_product
from marketplace.catalogue.services.importing import ImportReport, ImportWish, run_import
from marketplace.kernel.uow import transaction
from tests.support.people import Person

HEAD = (
    "external_key commodity language title_en title_id origin_country origin_region moq capacity_per_month "
    "lead_time_days packaging incoterm price_place price spec.species spec.variety spec.process spec.altitude_masl "
    "spec.moisture_pct spec.foreign_matter_pct spec.sni_grade spec.crop_year spec.origin_region ports "
    "certificate_1_code certificate_1_issuer certificate_1_number spec.organic_status"
).split()
GOOD = {
    "commodity": "coffee-arabica-green", "language": "en", "title_en": "Arabica of Jember", "title_id": "Arabika Jember",
    "origin_country": "Indonesia", "origin_region": "Jember", "moq": "500 kg", "capacity_per_month": "5 t",
    "lead_time_days": "21", "packaging": "60 kg jute bag", "incoterm": "FOB", "price_place": "Surabaya",
    "price": "USD 6.20/kg", "spec.species": "arabica", "spec.variety": "Typica", "spec.process": "washed",
    "spec.altitude_masl": "1200 - 1500", "spec.moisture_pct": "11.5", "spec.foreign_matter_pct": "0.3",
    "spec.sni_grade": "1", "spec.crop_year": "2026", "spec.origin_region": "Jember",
}  # fmt: skip


def a_file(folder: Path, *rows: dict[str, str], name: str = "products.csv") -> Path:
    """A CSV file whose rows are GOOD but for what is given; item codes count up."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEAD, restval="")
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({"external_key": f"K{number}", **GOOD, **row})
    return path


def brought_in(path: Path, seller: Person, **wish: Any) -> ImportReport:
    return run_import(path, seller.seller_id or 0, ImportWish(**{"publish": True, **wish}))


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed, report.published


def only(session: Session, key: str = "K0") -> Product:
    with transaction() as inside:
        return any_product(inside, session.scalars(select(Product.id).where(Product.external_key == key)).one())


def souq(app: Flask, *arguments: str) -> tuple[int, str]:
    """The command line on the test's own home: exit code and answer, else what it complains of. On a slow machine it
    also tells how far it is, beside the answer."""
    from marketplace.cli.main import souq as command

    settings = app.extensions["souq_settings"]
    environ = {"SOUQ_HOME": str(settings.home), "SECRET_KEY": "k" * 40, "DATABASE_URL": _address(settings)}
    result = CliRunner(env=environ).invoke(command, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout or result.stderr


def _address(settings: Any) -> str:
    return str(settings.stores.database_url)
