"""Goods of the sample marketplace by the container: most sample offers are small, and buyers of full loads look too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from marketplace.catalogue.registry.lookup import Registry
from marketplace.cli.sample.goods import PORT, SampleProduct, SampleRung, SampleSchool
from marketplace.cli.sample.wording import DESCRIPTIONS

SUGAR = "coconut-sugar"
ORGANIC = "organic-eu"
KEYS = "sample-container-"  # how keys of these goods begin: makers of small trades leave them alone
_TITLES = {
    "id": "Gula semut kelapa organik, curah per kontainer, {place}",
    "en": "Organic coconut sugar, granulated, by the container, {place}",
    "de": "Bio-Kokosblütenzucker, granuliert, containerweise, {place}",
    "zh_Hans": "有机椰花糖，颗粒，整柜供应，{place}",
    "zh_Hant": "有機椰花糖，顆粒，整櫃供應，{place}",
}
_MARKS = {
    "id": "Organik menurut aturan Uni Eropa, per kontainer",
    "en": "Organic by the rules of the European Union, by the container",
    "de": "Bio nach den Regeln der Europäischen Union, containerweise",
    "zh_Hans": "符合欧盟有机法规，整柜供应",
    "zh_Hant": "符合歐盟有機法規，整櫃供應",
}
# 16 to 18 tonnes go into a 20 foot container: the ladder is for a part of one, for one, and for three
_LADDER = ((Decimal(4_000), Decimal("2.30")), (Decimal(17_000), Decimal("2.18")), (Decimal(51_000), Decimal("2.09")))


def container_goods(
    goods: Sequence[SampleProduct], schools: Sequence[SampleSchool], registry: Registry
) -> list[SampleProduct]:
    """Organic coconut sugar, FOB Surabaya, enough for two containers in a month or two; drawn without any chance, so
    that it changes nothing of the goods before it."""
    model = next(one for one in goods if one.commodity == SUGAR)
    school = max(_with_paper(schools), key=lambda one: (_ends(one), -one.number))
    place, pack = school.regency.name, "25 kg kraft + PE"
    words = {"name": "", "mark": "", "place": place, "pack": pack}
    commodity = registry.commodity(SUGAR)
    return [
        replace(
            model,
            key=f"{KEYS}0000",
            school=school.number,
            titles={language: title.format(place=place) for language, title in _TITLES.items()},
            descriptions={
                language: DESCRIPTIONS[language].format(
                    **words | {"name": commodity.name(language), "mark": mark, "mark_sentence": mark}
                )
                for language, mark in _MARKS.items()
            },
            specs={
                "form": "granule",
                "moisture_pct": "1.8",
                "brix": "97",
                "colour": "golden brown",
                "mesh_size": "18",
                "sucrose_pct": "78",
                "reducing_sugar_pct": "5.5",
                "ash_pct": "2",
                "so2_ppm": "2",
                "additives": "0 %",
                "production_date": model.specs["production_date"],
                "organic_status": "certified",
                "certifications": ORGANIC,
            },
            moq=Decimal(4_000),
            capacity=Decimal(60_000),
            lead_time_days=28,
            packaging=pack,
            rungs=tuple(SampleRung("FOB", PORT, "USD", least, price) for least, price in _LADDER),
            certificates=(ORGANIC,),
            destinations=(),
            has_private_label=False,
            sample_is_free=True,
            registrations=("fda",),
            state="listed",
        )
    ]


def _with_paper(schools: Sequence[SampleSchool]) -> list[SampleSchool]:
    """Schools that make food and have the paper."""
    return [one for one in schools if any(branch.startswith("food/") for branch in one.categories) and _papers(one)]


def _papers(school: SampleSchool) -> list[str]:
    return [one.code for one in school.certificates if one.code == ORGANIC]


def _ends(school: SampleSchool) -> str:
    return max(one.valid_to.isoformat() for one in school.certificates if one.code == ORGANIC)
