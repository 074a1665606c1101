"""National customs codes of a product: stated by its seller, mended by a curator, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product, ProductTariffCode
from marketplace.catalogue.policies import may_curate
from marketplace.catalogue.queries.own import any_product
from marketplace.catalogue.rules.tariffs import TariffCode, digits_of, tariff_faults
from marketplace.catalogue.services.problems import Unfit, stale
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.text import cleaned

SOURCE_LENGTH = 200
TARIFF_SENTENCES = {
    "market": _("Each market can have one code."),
    "digits": _("The European Union and Hong Kong use 8 digits, the United States 10. Write the digits only."),
    "other_goods": _("A national code begins with the six digits of the HS code."),
    "source": _("Say where the code was read, for example the customs schedule and its year, or your buyer's broker."),
}


def cleaned_codes(codes: Iterable[TariffCode]) -> list[TariffCode]:
    """The codes without what people write between digits; rows with neither code nor source are left out."""
    found = [
        TariffCode(one.market, digits_of(one.code), " ".join(cleaned(one.source, SOURCE_LENGTH).split()))
        for one in codes
    ]
    return [one for one in found if one.code or one.source]


def tariff_problems(codes: Sequence[TariffCode], hs6: str) -> dict[str, object]:
    """What cannot stand, by field."""
    return {name: TARIFF_SENTENCES[code] for name, code in tariff_faults(codes, hs6).items()}


def put_codes(product: Product, codes: Sequence[TariffCode], *, is_by_staff: bool) -> None:
    """Make these the product's national codes; one that did not change keeps who stated it and when."""
    kept = {row.market: row for row in product.tariff_codes}
    rows = []
    for one in codes:
        row = kept.get(one.market) or ProductTariffCode(market=one.market, code="", source="")
        if (row.code, row.source) != (one.code, one.source):
            row.code, row.source, row.is_by_staff, row.stated_on = one.code, one.source, is_by_staff, today()
        rows.append(row)
    product.tariff_codes = rows


def drop_foreign_codes(product: Product) -> None:
    """Take away the national codes that another HS code has made wrong."""
    product.tariff_codes = [row for row in product.tariff_codes if row.code.startswith(product.hs_code)]


def correct_tariff_codes(
    session: Session, actor: Actor, product_id: int, codes: Iterable[TariffCode], version: int | None = None
) -> Product:
    """A curator enters or mends the national codes of a product in any state.

    ``version`` is that of the product the curator looked at. Raises `Unfit` with the fields that cannot stand.
    """
    require(may_curate(actor))
    product = any_product(session, product_id)
    if version is not None and product.version != version:
        raise stale()
    wanted = cleaned_codes(codes)
    problems = tariff_problems(wanted, product.hs_code)
    if problems:
        raise Unfit(problems)
    put_codes(product, wanted, is_by_staff=True)
    product.changed_at = now()
    flag_modified(product, "changed_at")  # a change of a part alone must raise the version, too
    audit(session, actor, "product.tariff_codes", f"product:{product_id}", markets=sorted(one.market for one in wanted))
    session.flush()  # a stale version fails here, before any handler runs
    record(session, ProductChanged(product.id))
    return product
