"""Ranking without a database: offers and requests from JSON lines, a run as JSON lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import log2
from pathlib import Path
from typing import Any

from matching.explain import reasons
from matching.matcher import SupplierMatcher
from matching.profile import BASE_UNITS, Held, OfferProfile, PriceBreak, RequestProfile
from matching.reader.request import read_request
from matching.ties import evened
from search.evaluation.sets import SetFault, rows

_LANGUAGES = {"zh": "zh_Hans"}
_UNITS = {
    "l": "litre", "liter": "litre", "litres": "litre", "piece": "pcs", "pieces": "pcs", "pc": "pcs", "set": "pcs",
    "sets": "pcs", "pair": "pcs", "pairs": "pcs", "m": "metre", "meter": "metre", "metres": "metre", "sqm": "m2",
    "m²": "m2", "m³": "m3", "cbm": "m3",
}  # fmt: skip
_OTHER_UNIT = "other"
"""What is counted in nothing that is known here: it is compared with no amount."""
LONGEST_LIST = 50
_SEEN = 10
"""Places of a list that are looked at: what lies further down counts as not shown."""
_TOO_LARGE = 1e15
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class FileFault(ValueError):
    """A file cannot be read or written; the message names it, and the line that is wrong."""


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        yield from (row for _place, row in rows(path))
    except SetFault as fault:
        raise FileFault(str(fault)) from fault


def _number(value: object) -> float | None:
    """A number above nothing that a file gives; None for any other, and for one too large to reckon with."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _TOO_LARGE:
        return float(value)
    return None


def _date(value: object) -> date | None:
    """A day that a file gives; the days at either end of the calendar by which programs say "never" are none."""
    try:
        day = date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
    return day if day and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _texts(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _unit(value: object) -> str:
    unit = str(value or "kg").lower()
    unit = _UNITS.get(unit, unit)
    return unit if unit in BASE_UNITS else _OTHER_UNIT


def offer_from(entry: Mapping[str, Any]) -> OfferProfile:
    """An offer of one JSON line; fields that are missing stay unknown, unknown fields are not looked at."""
    lang = str(entry.get("lang") or "")
    lang = _LANGUAGES.get(lang, lang)
    attributes = entry.get("attributes")
    held = [
        Held(str(each.get("code") or each.get("name")), _date(each.get("expires")))
        if isinstance(each, dict)
        else Held(str(each))
        for each in _texts(entry.get("certifications"))
    ]
    prices = [
        PriceBreak(_number(each.get("min_qty")) or 0.0, usd)
        for each in _texts(entry.get("price_breaks"))
        if isinstance(each, dict) and (usd := _number(each.get("usd")))
    ]
    ships_to = entry.get("ships_to")
    lead = _number(entry.get("lead_time_days"))
    return OfferProfile(
        key=str(entry.get("offer_id") or entry.get("id") or ""),
        seller=str(entry.get("supplier_id") or entry.get("offer_id") or ""),
        titles={lang: str(entry.get("title") or "")},
        descriptions={lang: " ".join(str(entry.get(each) or "") for each in ("description", "packaging")).strip()},
        hs=str(entry["hs6"]) if entry.get("hs6") else None,
        attributes={str(k): str(v) for k, v in attributes.items()} if isinstance(attributes, dict) else {},
        unit=_unit(entry.get("unit")),
        minimum=_number(entry.get("moq")),
        monthly_capacity=_number(entry.get("monthly_capacity")),
        certificates=tuple(held),
        registrations=tuple(str(each) for each in _texts(entry.get("market_registrations"))),
        prices=tuple(prices),
        incoterms=tuple(str(each).upper() for each in _texts(entry.get("incoterms"))),
        ships_to=frozenset(str(each).upper() for each in ships_to) if isinstance(ships_to, list) else None,
        lead_days=round(lead) if lead else None,
        has_sample=entry.get("sample_available") if isinstance(entry.get("sample_available"), bool) else None,
        export_years=round(years) if (years := _number(entry.get("export_years"))) else None,
    )


def request_from(entry: Mapping[str, Any], as_of: date | None = None) -> RequestProfile:
    """A request of one JSON line, read; the day it was posted is the clock unless ``as_of`` is given."""
    fields = entry.get("fields")
    given: Mapping[str, Any] = fields if isinstance(fields, dict) else {}
    stated: dict[str, Any] = {
        "product": given.get("product"),
        "hs": given.get("hs6"),
        "destination": given.get("destination"),
        "quantity": given.get("quantity"),
        "unit": _unit(given.get("unit")) if given.get("unit") else None,
        "target_price": given.get("target_price"),
        "currency": given.get("currency"),
        "incoterms": given.get("incoterms"),
        "certificates": given.get("certifications"),
        "deadline": _date(given.get("needed_by")),
    }
    lines = [
        {
            "product": each.get("product"),
            "hs": each.get("hs6"),
            "quantity": each.get("quantity"),
            "unit": _unit(each.get("unit")) if each.get("unit") else None,
            "target_price": each.get("target_price"),
            "currency": each.get("currency") or given.get("currency"),
        }
        for each in _texts(given.get("lines"))
        if isinstance(each, dict)
    ]
    if lines:
        stated["lines"] = lines
    lang = entry.get("lang")
    return read_request(
        str(entry.get("text") or ""),
        lang=_LANGUAGES.get(str(lang), str(lang)) if lang else None,
        posted=as_of or _date(entry.get("posted")),
        fields=stated,
        key=str(entry.get("request_id") or entry.get("id") or ""),
    )


def rank(
    offers: Sequence[OfferProfile], requests: Sequence[RequestProfile], n: int = LONGEST_LIST
) -> Iterator[dict[str, Any]]:
    """One line of a run for each request, in the order given; as on the site, of sellers who are as good as each other
    those come first who were shown least, here by the requests before."""
    matcher = SupplierMatcher().fit(offers)
    exposure: dict[str, float] = {}
    for request in requests:
        found = matcher.recommend(request, n)
        shown = evened(found.matches, exposure)
        for place, each in enumerate(shown[:_SEEN], start=1):
            exposure[each.seller] = exposure.get(each.seller, 0.0) + 1 / log2(place + 1)
        yield {
            "request_id": request.key,
            "confidence": round(found.confidence, 4),
            "ranking": [
                {"id": each.offer, "offer_id": each.offer, "score": round(each.score, 6), "reasons": reasons(each)}
                for each in shown
            ],
        }


def rank_files(offers_path: Path, requests_path: Path, out_path: Path, as_of: date | None = None) -> int:
    """Rank the offers of one file for the requests of another, write the run, tell how many requests there were."""
    offers = [offer_from(entry) for entry in _lines(Path(offers_path))]
    requests = [request_from(entry, as_of) for entry in _lines(Path(requests_path))]
    try:
        with Path(out_path).open("w", encoding="utf-8") as out:
            for line in rank(offers, requests):
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise FileFault(f"{Path(out_path).name}: this cannot be written ({error.strerror})") from error
    return len(requests)
