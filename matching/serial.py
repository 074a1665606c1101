"""Offers and what was read from them as JSON and back, for the store."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

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


T = TypeVar("T")


class Pool:
    """Equal values as one object: a hundred thousand offers name the same few countries, terms and certificates."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def same(self, value: T) -> T:
        """The value as it came first; it must be hashable."""
        known: T = self._known.setdefault((type(value), value), value)
        return known

    def named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A dictionary whose names are shared, and its values too where they are short texts."""
        return {
            self.same(name): self.same(value) if isinstance(value, str) and len(value) < _SHORT else value
            for name, value in values.items()
        }


_SHORT = 40


def offer_from_json(data: Mapping[str, Any], pool: Pool | None = None) -> OfferProfile:
    """The offer that ``offer_to_json`` wrote; raises KeyError or TypeError for anything else."""
    pool = pool or Pool()
    same, named = pool.same, pool.named
    given = dict(data)
    for name in ("commodity", "hs", "unit"):
        given[name] = same(given[name])
    for name in ("titles", "descriptions", "attributes", "figures"):
        given[name] = named(given[name])
    given["certificates"] = same(
        tuple(
            same(Held(same(concept), same(date.fromisoformat(expires)) if expires else None))
            for concept, expires in given["certificates"]
        )
    )
    given["prices"] = same(tuple(PriceBreak(quantity, usd) for quantity, usd in given["prices"]))
    given["registrations"] = same(tuple(same(each) for each in given["registrations"]))
    given["incoterms"] = same(tuple(same(each) for each in given["incoterms"]))
    ships_to = given["ships_to"]
    given["ships_to"] = same(frozenset(same(each) for each in ships_to)) if ships_to is not None else None
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


def reading_from_json(data: Mapping[str, Any], pool: Pool | None = None) -> OfferReading:
    """The reading that ``reading_to_json`` wrote; raises KeyError or TypeError for anything else."""
    pool = pool or Pool()
    same, named = pool.same, pool.named
    return OfferReading(
        goods=same(tuple(same(each) for each in data["goods"])),
        attributes={
            same(dimension): same(frozenset(same(each) for each in values))
            for dimension, values in data["attributes"].items()
        },
        certificates=named(data["certificates"]),
        registrations=same(frozenset(same(each) for each in data["registrations"])),
        figures=same(tuple((same(name), value) for name, value in data["figures"])),
    )
