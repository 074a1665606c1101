"""National customs codes of imported products: stated ones replace those of their market, others stay if they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import ProductTariffCode
from marketplace.catalogue.services.import_rows import ReadyRow
from marketplace.kernel.clock import today

_CODE = cast(Table, ProductTariffCode.__table__)


def write_tariff_codes(session: Session, keys: Sequence[int], rows: Sequence[ReadyRow], *, is_new: bool) -> None:
    """Keep what the rows state; a code that did not change keeps who stated it, one of another HS code goes."""
    hs_codes = {key: row.columns["hs_code"] for key, row in zip(keys, rows, strict=True)}
    stated = {(key, one.market): one for key, row in zip(keys, rows, strict=True) for one in row.tariff_codes}
    gone: list[int] = []
    if not is_new:
        for row in session.execute(select(_CODE).where(_CODE.c.product_id.in_(keys))):
            wanted = stated.get((row.product_id, row.market))
            if wanted is not None and (wanted.code, wanted.source) == (row.code, row.source):
                del stated[row.product_id, row.market]
            elif wanted is not None or not row.code.startswith(hs_codes[row.product_id]):
                gone.append(row.id)
    if gone:
        session.execute(delete(_CODE).where(_CODE.c.id.in_(gone)))
    if stated:
        session.connection().execute(
            insert(_CODE),
            [
                {
                    "product_id": key, "market": one.market, "code": one.code, "source": one.source,
                    "is_by_staff": False, "stated_on": today(),
                }
                for (key, _market), one in stated.items()
            ],
        )  # fmt: skip
