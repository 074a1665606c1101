"""Goods of the sample marketplace by the container; that they answer who asks for them, the golden set of matching holds."""

from __future__ import annotations

from datetime import date
from random import Random

from marketplace.catalogue.registry.loading import load_registry
from marketplace.cli.sample.containers import KEYS, ORGANIC, container_goods
from marketplace.cli.sample.goods import products, schools
from marketplace.cli.sample.load import SEED
from marketplace.cli.sample.packing import sample_packing


def test_goods_by_the_container_come_last_and_are_drawn_without_chance() -> None:
    registry, random = load_registry(), Random(SEED)
    all_schools = schools(random, registry, date(2026, 11, 22))
    goods = products(random, registry, all_schools)
    before = random.getstate()
    (sugar,) = container_goods(goods, all_schools, registry)
    assert random.getstate() == before
    assert sugar.key.startswith(KEYS)
    assert not any(one.key.startswith(KEYS) for one in goods)
    (paper,) = [one for one in all_schools[sugar.school].certificates if one.code == ORGANIC]
    assert paper.valid_to > date(2028, 1, 1)
    assert set(sugar.titles) == {"en", "id", "de", "zh_Hans", "zh_Hant"}


def test_goods_come_by_the_litre_in_jerrycans_and_with_their_botanical_names() -> None:
    registry, random = load_registry(), Random(SEED)
    goods = products(random, registry, schools(random, registry, date(2026, 11, 22)))
    by_litre = [one for one in goods if one.unit == "litre"]
    assert len(by_litre) >= 5
    assert all(one.unit_kg for one in by_litre)  # a litre converts to kilograms
    patchouli = registry.commodity("patchouli-oil")
    assert sample_packing(patchouli, "25 kg jerrycan", "kg", None).unit == "jerrycan"
    for one in goods:
        name = one.specs.get("botanical_name", "")
        assert not name or name.split()[0].istitle(), one.key
        assert name != registry.commodity(one.commodity).name("en"), one.key
