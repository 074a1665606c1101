"""Five hundred sample products over all commodities, as plain values, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from marketplace.catalogue.registry.lookup import Registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.cli.sample.harvests import HARVESTS
from marketplace.cli.sample.names import PESANTREN
from marketplace.cli.sample.specs import sample_specs
from marketplace.cli.sample.terms import TERMS
from marketplace.cli.sample.wording import DESCRIPTIONS, MADE_MARKS, MARKS, TITLES
from marketplace.kernel.regions import REGENCIES, Regency

SCHOOLS = 66
PRODUCTS = 500
CERTIFICATES = {
    "food": ("halal-bpjph", "organic-eu", "haccp", "fair-trade", "organic-nop", "iso-22000", "pirt"),
    "care": ("halal-bpjph", "bpom-md"),
    "aroma": ("halal-bpjph", "organic-eu"),
    "craft": ("svlk", "fsc"),
    "furniture": ("svlk", "fsc"),
    "textile": ("sni",),
}
ISSUERS = {
    "halal-bpjph": "BPJPH (example entry)",
    "organic-eu": "Example Organic Control, ID-BIO-000",
    "organic-nop": "Example Organic Control",
    "haccp": "Example Food Safety Certification",
    "iso-22000": "Example Food Safety Certification",
    "fair-trade": "Example Fair Trade Body",
    "pirt": "Dinas Kesehatan (contoh)",
    "bpom-md": "BPOM (contoh)",
    "svlk": "Example Timber Legality Assurance",
    "fsc": "Example Forest Certification",
    "sni": "Lembaga Sertifikasi Produk (contoh)",
}
_LARGE = ("big bag", "bulk", "IBC", "drum", "flexitank")
PORT = "Tanjung Perak, Surabaya"
DESTINATIONS = ("DE", "US", "HK", "CN", "GB", "IT", "NL", "AE", "SA", "MY", "SG", "JP", "AU")


@dataclass(frozen=True)
class SampleCertificate:
    """A made-up certificate; number and issuer say so."""

    code: str
    issuer: str
    number: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class SampleRung:
    incoterm: str
    place: str
    currency: str
    min_quantity: Decimal
    unit_price: Decimal


@dataclass
class SampleSchool:
    """One pesantren with its business unit."""

    number: int
    name: str
    regency: Regency
    categories: list[str]
    certificates: list[SampleCertificate] = field(default_factory=list)


@dataclass(frozen=True)
class SampleProduct:
    """One offer: everything a listing needs."""

    key: str
    school: int
    commodity: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    specs: dict[str, str]
    stage: str
    unit: str
    moq: Decimal
    capacity: Decimal
    lead_time_days: int
    packaging: str
    unit_kg: Decimal | None
    rungs: tuple[SampleRung, ...]
    certificates: tuple[str, ...]
    destinations: tuple[str, ...]
    has_private_label: bool
    sample_is_free: bool
    crop_year: str
    registrations: tuple[str, ...]
    harvest: tuple[int, ...]
    state: str


def schools(random: Random, registry: Registry, today: date) -> list[SampleSchool]:
    """Pesantren over all regencies, each with two or three branches of trade and its certificates."""
    branches = sorted(
        {commodity.category.split("/")[0] + "/" + (commodity.category.split("/") + [""])[1] for commodity in registry}
    )
    regencies = sorted(REGENCIES.values(), key=lambda regency: regency.code)
    made = []
    for number in range(SCHOOLS):
        own = [branches[(number * 2 + step) % len(branches)] for step in range(2)]
        if random.random() < 0.5:
            own.append(random.choice(branches))
        name = f"PP Contoh {PESANTREN[number % len(PESANTREN)]}"
        school = SampleSchool(number, name, regencies[number % len(regencies)], own)
        wanted = {code for branch in own for code in CERTIFICATES.get(branch.split("/")[0], ())}
        for code in sorted(wanted):
            if random.random() < 0.55:
                start = date(today.year - random.randint(0, 2), random.randint(1, 12), 1)
                # some have run out, so that badges and facets show that they leave by themselves
                end = date(today.year + random.choice((-1, 0, 1, 1, 2, 2, 3)), random.randint(1, 12), 28)
                school.certificates.append(
                    SampleCertificate(
                        code, ISSUERS[code], f"SAMPLE-{number:03d}-{code.upper()}", start, max(start, end)
                    )
                )
        made.append(school)
    return made


def products(random: Random, registry: Registry, all_schools: list[SampleSchool]) -> list[SampleProduct]:
    """Products dealt out commodity by commodity, so that every one of them is on offer several times."""
    commodities = sorted(registry, key=lambda commodity: commodity.key)
    made: list[SampleProduct] = []
    for number in range(PRODUCTS):
        commodity = commodities[number % len(commodities)]
        branch = "/".join((commodity.category.split("/") + [""])[:2])
        own = [school for school in all_schools if branch in school.categories] or all_schools
        school = own[(number // len(commodities) + number % len(commodities)) % len(own)]
        made.append(_product(number, commodity, school, random))
    return made


def _product(number: int, commodity: Commodity, school: SampleSchool, random: Random) -> SampleProduct:
    terms = TERMS[commodity.key]
    place = school.regency.name
    root = commodity.category.split("/")[0]
    marks = MARKS if root in {"food", "biomass", "aroma"} else MADE_MARKS
    mark = marks[(number // 89 + number) % len(marks)]
    fitting = [one.code for one in school.certificates if one.code in CERTIFICATES.get(root, ())]
    certificates = tuple(sorted(random.sample(fitting, k=min(len(fitting), random.randint(0, 3)))))
    languages = ["id", "en"] + (["de"] if number % 3 == 0 else []) + (["zh_Hans", "zh_Hant"] if number % 4 == 0 else [])
    pack = random.choice(commodity.packaging) if commodity.packaging else "carton"
    if any(word in pack for word in _LARGE) and terms.unit == "kg":
        pack = commodity.packaging[0]  # nobody ships a few hundred kilograms in a big bag or a container liner
    titles, descriptions = {}, {}
    for language in languages:
        words = {"name": commodity.name(language), "mark": mark[language], "place": place, "pack": pack}
        titles[language] = _capital(TITLES[language].format(**words))
        sentence = _capital(mark[language])
        descriptions[language] = _capital(DESCRIPTIONS[language].format(**words, mark_sentence=sentence))
    moq = _round(Decimal(terms.moq) * Decimal(random.choice(("0.5", "0.8", "1", "1", "1.5", "2"))))
    specs = sample_specs(commodity, place, random, certificates)
    return SampleProduct(
        key=f"sample-{number:04d}",
        school=school.number,
        commodity=commodity.key,
        titles=titles,
        descriptions=descriptions,
        specs=specs,
        stage=_stage(commodity, number),
        unit=terms.unit,
        moq=moq,
        capacity=_round(moq * random.randint(3, 14)),
        lead_time_days=random.choice((14, 21, 21, 28, 30, 35, 45)),
        packaging=pack,
        unit_kg=terms.unit_kg,
        rungs=_rungs(terms.price, moq, school, random),
        certificates=certificates,
        destinations=() if random.random() < 0.6 else tuple(sorted(random.sample(DESTINATIONS, random.randint(3, 8)))),
        has_private_label=mark["id"] == "untuk merek pembeli" or random.random() < 0.2,
        sample_is_free=random.random() < 0.35,
        crop_year=specs.get("crop_year", ""),
        registrations=_registrations(root, commodity, random),
        harvest=HARVESTS.get(commodity.key, ()),
        state="listed" if number % 20 else ("draft", "in_review", "withdrawn", "in_review", "draft")[number // 20 % 5],
    )


def _rungs(base: Decimal, moq: Decimal, school: SampleSchool, random: Random) -> tuple[SampleRung, ...]:
    price = base * Decimal(random.randint(88, 115)) / 100
    cuts = ((Decimal(1), Decimal(1)), (Decimal(4), Decimal("0.96")), (Decimal(15), Decimal("0.92")))
    steps = cuts[: random.randint(1, 3)]
    rungs = [SampleRung("FOB", PORT, "USD", moq * many, _cents(price * cut)) for many, cut in steps]
    if random.random() < 0.6:
        rungs += [
            SampleRung("EXW", school.regency.name, "USD", moq * many, _cents(price * cut * Decimal("0.93")))
            for many, cut in steps
        ]
    if random.random() < 0.3:
        rungs.append(
            SampleRung(
                "CIF",
                random.choice(("Hamburg", "Hong Kong", "Los Angeles", "Jebel Ali")),
                "USD",
                moq * 4,
                _cents(price * Decimal("1.08")),
            )
        )
    return tuple(rungs)


def _registrations(root: str, commodity: Commodity, random: Random) -> tuple[str, ...]:
    found = []
    if root == "food":
        found += [code for code in ("fda", "gacc") if random.random() < 0.3]
    if (
        commodity.category.startswith(("food/coffee", "food/cocoa", "furniture", "craft/wood"))
        and random.random() < 0.5
    ):
        found.append("eudr")
    return tuple(found)


def _stage(commodity: Commodity, number: int) -> str:
    return {"raw": "petik", "processed": "olah", "packaged": "jual" if number % 3 == 0 else "kemas"}[commodity.level]


def _round(value: Decimal) -> Decimal:
    if value < 10:
        return max(Decimal(1), value.quantize(Decimal(1), ROUND_HALF_UP))
    step = Decimal(5) if value < 100 else Decimal(50) if value < 1000 else Decimal(100)
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _cents(value: Decimal) -> Decimal:
    return max(Decimal("0.01"), value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
