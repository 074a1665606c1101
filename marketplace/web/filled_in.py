"""Names of values that an import filled in, as a buyer reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.tariffs import TariffMarket
from marketplace.catalogue.spec_text import field_name

_NAMES: Mapping[str, object] = {
    "stage": lazy_gettext("Stage"),
    "packaging": lazy_gettext("Packaging"),
    "moq": lazy_gettext("Minimum order (MOQ)"),
    "capacity_per_month": lazy_gettext("Capacity per month"),
    "lead_time_days": lazy_gettext("Lead time"),
    "incoterm": lazy_gettext("Incoterm"),
    "price_place": lazy_gettext("Place"),
    "price": lazy_gettext("Price"),
    "currency": lazy_gettext("Currency"),
    "unit": lazy_gettext("Unit"),
    "sample_offered": lazy_gettext("Samples"),
    "hs_code": lazy_gettext("HS code"),
    "origin_country": lazy_gettext("Country of origin"),
    "origin_region": lazy_gettext("Origin"),
    "crop_year": lazy_gettext("Crop year"),
    "language": lazy_gettext("Language"),
    "private_label": lazy_gettext("Private label"),
    "ports": lazy_gettext("Ports of loading"),
    "moq_usual": lazy_gettext("Minimum order (MOQ)"),
    **dict.fromkeys(
        ("pack_unit", "pack_net_weight", "packs_per_carton", "cartons_per_fcl20", "cartons_per_fcl40"),
        lazy_gettext("Packing in figures"),
    ),
    **{f"tariff_{market}{part}": lazy_gettext("Customs code") for market in TariffMarket for part in ("", "_source")},
}


def filled_in_names(columns: Iterable[str], locale: str) -> list[str]:
    """The columns in the reader's words, each once; one without words of its own keeps its heading."""
    fields, names = load_registry().fields, []
    for column in columns:
        key = column.removeprefix("spec.")
        if column != key and key in fields:
            names.append(field_name(key, locale))
        else:
            names.append(str(_NAMES.get(column, column.replace("_", " "))))
    return list(dict.fromkeys(names))
