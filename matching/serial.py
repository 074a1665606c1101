"""Offers and what was read from them as JSON and back, for the store."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from matching.profile import Held, OfferProfile, PriceBreak
from matching.reader.offer import OfferReading


def offer_to_json(offer: OfferProfile) -> dict[str, Any]:
    """An offer in JSON's own types."""
    return {
        "key": offer.key,
        "seller": offer.seller,
        "titles": dict(offer.titles),
        "descriptions": dict(offer.descriptions),
        "commodity": offer.commodity,
        "hs": offer.hs,
        "attributes": dict(offer.attributes),
        "figures": dict(offer.figures),
        "unit": offer.unit,
        "minimum": offer.minimum,
        "monthly_capacity": offer.monthly_capacity,
        "certificates": [
            [each.concept, each.expires.isoformat() if each.expires else None] for each in offer.certificates
        ],
        "registrations": list(offer.registrations),
        "prices": [[each.quantity, each.usd] for each in offer.prices],
        "incoterms": list(offer.incoterms),
        "ships_to": sorted(offer.ships_to) if offer.ships_to is not None else None,
        "lead_days": offer.lead_days,
        "has_sample": offer.has_sample,
        "is_suspended": offer.is_suspended,
        "export_years": offer.export_years,
    }


def offer_from_json(data: Mapping[str, Any]) -> OfferProfile:
    """The offer that ``offer_to_json`` wrote; raises KeyError or TypeError for anything else."""
    given = dict(data)
    given["certificates"] = tuple(
        Held(concept, date.fromisoformat(expires) if expires else None) for concept, expires in given["certificates"]
    )
    given["prices"] = tuple(PriceBreak(quantity, usd) for quantity, usd in given["prices"])
    given["registrations"] = tuple(given["registrations"])
    given["incoterms"] = tuple(given["incoterms"])
    given["ships_to"] = frozenset(given["ships_to"]) if given["ships_to"] is not None else None
    return OfferProfile(**given)


def reading_to_json(reading: OfferReading) -> dict[str, Any]:
    """What was read from an offer, in JSON's own types."""
    return {
        "goods": list(reading.goods),
        "attributes": {dimension: sorted(values) for dimension, values in reading.attributes.items()},
        "certificates": reading.certificates,
        "registrations": sorted(reading.registrations),
        "figures": [list(each) for each in reading.figures],
    }


def reading_from_json(data: Mapping[str, Any]) -> OfferReading:
    """The reading that ``reading_to_json`` wrote; raises KeyError or TypeError for anything else."""
    return OfferReading(
        goods=tuple(data["goods"]),
        attributes={dimension: frozenset(values) for dimension, values in data["attributes"].items()},
        certificates=dict(data["certificates"]),
        registrations=frozenset(data["registrations"]),
        figures=tuple((name, value) for name, value in data["figures"]),
    )
