"""Offers of a market the matcher has never seen: titles written by hand, conditions drawn from fixed dice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from matching.profile import Held, OfferProfile, PriceBreak

_FOLDER = Path(__file__).parent
_PAPERS = {
    "food": ("halal-bpjph", "haccp", "organic-eu", "organic-nop", "iso-22000", "bpom-md"),
    "fish": ("haccp", "halal-bpjph", "iso-22000"),
    "charcoal": ("msds", "sgs-report"),
    "wood": ("svlk", "fsc"),
    "craft": ("svlk", "bsci"),
    "textile": ("oeko-tex", "halal-bpjph"),
    "care": ("halal-bpjph", "bpom-md", "gmp"),
    "oil": ("msds", "organic-eu"),
}
_MARKETS = "SG MY HK CN JP US GB DE NL AE SA AU"
_WRITTEN = {
    "cube-25": "cube 25 mm", "cube-26": "cube 26 mm", "80": "80 mesh", "200": "200 mesh", "500": "500 GL",
    "550": "550 GL", "1": "Grade 1", "wet-hulled": "wet-hulled", "washed": "fully washed", "ww240": "WW240",
    "ww320": "WW320", "abcd": "ABCD", "bwp": "BWP", "yes": "fermented", "no": "unfermented",
}  # fmt: skip
_REMARKS = {
    "en": "Made by our students' cooperative. We also supply {other}.",
    "id": "Produksi koperasi santri kami. Tersedia juga {other}.",
    "de": "Aus der Genossenschaft unserer Schule. Außerdem lieferbar: {other}.",
    "zh": "由我们学校的合作社生产。另供{other}。",
}


@dataclass(frozen=True, slots=True)
class Stall:
    """One offer, as the matcher sees it and as the judge knows it."""

    offer: OfferProfile
    known: OfferProfile
    """The same with the kind of goods in ``commodity`` and what it states in ``attributes``."""


def kinds() -> list[dict[str, Any]]:
    """The kinds of goods with their titles, as written in the file."""
    found: list[dict[str, Any]] = yaml.safe_load((_FOLDER / "offers.yaml").read_text("utf-8"))
    return found


def stalls() -> list[Stall]:
    """Every offer; the same on every run."""
    listed = kinds()
    others = {lang: [_parted(each)[0] for kind in listed for each in kind["offers"].get(lang, ())] for lang in _REMARKS}
    return [
        _stall(number, kind, lang, written, others[lang])
        for number, (kind, lang, written) in enumerate(_titles(listed), start=1)
    ]


def _titles(listed: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str]]:
    for kind in listed:
        for lang, titles in kind["offers"].items():
            for written in titles:
                yield kind, lang, written


def _parted(written: str) -> tuple[str, Mapping[str, str]]:
    title, _, stated = written.partition("@")
    return title.strip(), dict(pair.split("=") for pair in stated.split(",") if pair)


def _stall(number: int, kind: Mapping[str, Any], lang: str, written: str, others: list[str]) -> Stall:
    dice = Random(f"{kind['kind']}/{number}")
    title, stated = _parted(written)
    papers = [
        Held(
            each,
            date(2027, 3, 1 + dice.randrange(28)) if dice.random() < 0.5 else date(2028, 1 + dice.randrange(12), 1),
        )
        for each in _PAPERS[kind["pool"]]
        if dice.random() < 0.62
    ]
    if kind["pool"] == "fish":
        papers.append(Held("registration-eu-approval", date(2029, 1, 1)))
    price = round(kind["usd"] * dice.uniform(0.85, 1.2), 3)
    minimum = max(1.0, float(round(kind["moq"] * dice.choice((0.4, 0.7, 1, 1.6)))))
    offer = OfferProfile(
        key=f"o{number}",
        seller=f"s{number}",
        titles={lang: title},
        descriptions={lang: _REMARKS[lang].format(other=dice.choice(others))},
        attributes={name: _WRITTEN.get(value, value) for name, value in stated.items()},
        unit=kind["unit"],
        minimum=minimum,
        monthly_capacity=float(round(kind["cap"] * dice.choice((0.3, 0.6, 1, 1.6)))),
        certificates=tuple(papers),
        registrations=("FDA", "GACC", "EUDR"),
        prices=(PriceBreak(minimum, price), PriceBreak(minimum * 5, round(price * 0.94, 3))),
        incoterms=tuple(dice.sample(("EXW", "FOB", "CFR", "CIF"), 2 + dice.randrange(2))),
        ships_to=frozenset(dice.sample(_MARKETS.split(), 8)) if dice.random() < 0.2 else None,
        lead_days=dice.choice((7, 14, 21, 30)),
        has_sample=True,
        export_years=dice.randrange(8),
    )
    return Stall(offer, replace(offer, commodity=kind["kind"], attributes=stated))
