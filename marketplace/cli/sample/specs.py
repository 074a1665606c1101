"""Full specifications for sample goods, drawn from the registry's own rules and therefore valid."""

from __future__ import annotations

from calendar import month_name
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from marketplace.catalogue.registry.types import Commodity, FieldType, SpecRule
from marketplace.cli.sample.harvests import HARVESTS

_TEXTS: dict[str, tuple[str, ...]] = {
    "colour": ("natural", "light brown", "dark brown", "ivory", "green", "black"),
    "odour": ("characteristic, free of off-odours", "clean and typical"),
    "additives": ("0 %",),
    "size_grade": ("A–C", "A", "B", "export"),
    "grade": ("A", "AA", "1", "export"),
    "variety": ("Lini S 795", "Kartika", "Andung Sari", "Komasti", "Typica"),
    "cup_notes": ("brown sugar, citrus, clean", "cocoa, cedar, long", "herbal, dark chocolate", "stone fruit, syrupy"),
    "briquette_size_mm": ("25 x 25 x 25", "26 x 26 x 26", "27 x 27 x 27", "25 x 25 x 17"),
    "floral_source": ("randu (kapok)", "rubber blossom", "forest multiflora", "coffee blossom"),
    "heat_treatment": ("steam, 85 °C", "none"),
    "count_per_lb": ("26/30", "31/40", "41/50"),
    "frying_oil": ("palm olein", "coconut oil"),
    "inci_list": ("Cocos Nucifera Oil, Aqua, Sodium Hydroxide, Glycerin",),
    "cosmetic_notification": ("SAMPLE-BPOM-NA",),
    "fibre_composition": ("100 % cotton", "100 % rayon", "60 % cotton, 40 % polyester"),
    "dimensions_cm": ("30 x 20 x 12", "45 x 35 x 25", "60 x 110", "20 x 20 x 8"),
    "size_run": ("S, M, L, XL", "one size", "M, L, XL, XXL"),
    "wood_species": ("Tectona grandis (teak)", "Swietenia (mahogany)", "Albizia chinensis"),
    "material": ("rattan", "bamboo", "mendong", "water hyacinth", "stoneware", "coconut shell"),
    "botanical_name": ("see commodity",),
    "lot_number": ("SAMPLE-2026-01", "SAMPLE-2026-02", "SAMPLE-2026-03"),
}
_BOTANICAL = {
    "pepper-black": "Piper nigrum",
    "pepper-white": "Piper nigrum",
    "clove": "Syzygium aromaticum",
    "nutmeg": "Myristica fragrans",
    "mace": "Myristica fragrans",
    "cinnamon-cassia": "Cinnamomum burmannii",
    "vanilla-beans": "Vanilla planifolia",
    "ginger-dried": "Zingiber officinale",
    "turmeric-dried": "Curcuma longa",
    "cardamom-java": "Amomum compactum",
    "chilli-dried": "Capsicum annuum",
    "moringa-leaf": "Moringa oleifera",
    "patchouli-oil": "Pogostemon cablin",
    "clove-oil": "Syzygium aromaticum",
    "citronella-oil": "Cymbopogon winterianus",
    "porang-chips": "Amorphophallus muelleri",
    "seaweed-dried": "Eucheuma cottonii",
    "herbal-tea": "Hibiscus sabdariffa",
    "birds-nest": "Aerodramus fuciphagus",
    "incense-bakhoor": "Aquilaria malaccensis",
    "furniture-rattan": "Calamus manan",
}
# what the colour of these goods is in the trade; a drawn one would make an oil black
_COLOURS = {
    "coconut-desiccated": "white",
    "copra": "white to light grey",
    "coconut-oil-crude": "light yellow",
    "coconut-oil-virgin": "colourless, clear",
    "coconut-oil-rbd": "pale yellow, clear",
    "coconut-sugar": "golden brown",
    "palm-sugar-aren": "dark brown",
    "coconut-syrup": "amber",
    "coir-fibre": "golden brown",
    "coir-products": "natural brown",
    "lidi-sticks": "light brown",
    "mace": "orange red",
    "cardamom-java": "ivory",
    "chilli-dried": "deep red",
    "moringa-leaf": "green",
    "patchouli-oil": "light to reddish brown",
    "clove-oil": "pale yellow",
    "birds-nest": "ivory",
    "porang-chips": "light cream",
    "sea-salt": "white",
}
# plausible spans where neither a standard nor usual values are on record
_SPANS: dict[str, tuple[str, str]] = {
    "net_weight_g": ("100", "500"),
    "tpc_cfug": ("100", "9000"),
    "pieces_per_carton": ("12", "48"),
    "so2_ppm": ("0", "9"),
    "foreign_matter_pct": ("0.1", "0.9"),
    "fabric_weight_gsm": ("90", "220"),
    "ochratoxin_a_ugkg": ("0.2", "2.5"),
    "volume_ml": ("100", "500"),
    "cadmium_mgkg": ("0.01", "0.05"),
    "benzo_a_pyrene_ugkg": ("0.2", "1.5"),
    "mesh_size": ("40", "100"),
    "ph": ("4.8", "6.8"),
    "bale_weight_kg": ("110", "150"),
    "ash_pct": ("1.8", "4.5"),
    "lead_mgkg": ("0.01", "0.08"),
    "salt_content_pct": ("2", "12"),
    "load_capacity_kg": ("60", "120"),
    "cup_score": ("80", "87"),
}
_UNSAFE = {"present", "not-tested", "synthetic", "none-of-these"}


def sample_specs(commodity: Commodity, place: str, random: Random, certificates: tuple[str, ...]) -> dict[str, str]:
    """Raw values by field for one product: every required field and most of the others."""
    values: dict[str, str] = {}
    for key, rule in commodity.rules.items():
        if not rule.is_required and random.random() < 0.25:
            continue
        value = _value(commodity, key, rule, place, random, certificates)
        if value:
            values[key] = value
    return values


def _value(
    commodity: Commodity, key: str, rule: SpecRule, place: str, random: Random, certificates: tuple[str, ...]
) -> str:
    kind = rule.field.type
    if key == "certifications":
        return ", ".join(certificates)
    if key == "organic_status":
        return "certified" if any(code.startswith("organic") for code in certificates) else "conventional"
    if key == "origin_region":
        return f"{place}, East Java"
    if key == "species":
        return "robusta" if "robusta" in commodity.key else "arabica"
    if key == "botanical_name":
        return _BOTANICAL.get(commodity.key, commodity.name("en"))
    if key == "colour" and commodity.key in _COLOURS:
        random.choice(_TEXTS["colour"])  # drawn all the same: the goods after this one stay as they are
        return _COLOURS[commodity.key]
    if kind is FieldType.NUMBER:
        return str(_number(key, rule, random))
    if kind is FieldType.ENUM:
        good = [value for value in rule.field.values if value not in _UNSAFE]
        return random.choice(good[:2] if "grade" in key else good)
    if kind is FieldType.MULTI:
        return "none" if "none" in rule.field.values else random.choice(list(rule.field.values))
    if kind is FieldType.BOOL:
        return random.choice(("yes", "no"))
    if kind is FieldType.DATE:
        return f"2026-{random.randint(6, 10):02d}-{random.randint(1, 28):02d}"
    if kind is FieldType.MONTH_RANGE:
        random.choice((None,) * 4)  # drawn all the same, as above
        months = HARVESTS[commodity.key]
        return f"{month_name[months[0]]}-{month_name[months[-1]]}"
    if kind is FieldType.CROP_YEAR:
        return random.choice(("2026", "2025/2026"))
    return random.choice(_TEXTS.get(key, ("as agreed",)))


def _number(key: str, rule: SpecRule, random: Random) -> Decimal:
    if rule.typical:
        low, high = rule.typical
    elif key in _SPANS:
        low, high = (Decimal(end) for end in _SPANS[key])
    elif rule.highest is not None:
        low, high = rule.lowest or rule.highest * Decimal("0.4"), rule.highest
    elif rule.lowest is not None:
        low, high = rule.lowest, rule.lowest * Decimal("1.15")
    else:
        low, high = Decimal(1), Decimal(20)
    if rule.highest is not None:
        high = min(high, rule.highest)
    if rule.lowest is not None:
        low = max(low, rule.lowest)
    if rule.field.minimum is not None:
        low = max(low, rule.field.minimum)
    if rule.field.maximum is not None:
        high = min(high, rule.field.maximum)
    low = min(low, high)
    chosen = low + (high - low) * Decimal(random.randint(10, 90)) / 100
    step = Decimal("1") if high - low > 40 else Decimal("0.1") if high - low > 2 else Decimal("0.01")
    if key.startswith("pieces"):
        step = Decimal(1)  # nobody packs a tenth of one
    rounded = (chosen / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return min(max(rounded, low), high).normalize() + 0
