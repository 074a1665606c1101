"""Drawings for sample products and category tiles: honest, generated, never to be taken for a photograph."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from zlib import crc32

from marketplace.web.illustrations_craft import CRAFT
from marketplace.web.illustrations_goods import GOODS
from marketplace.web.illustrations_plates import Plate
from marketplace.web.illustrations_produce import PRODUCE
from marketplace.web.illustrations_spices import SPICES

_DRAWINGS = {**PRODUCE, **SPICES, **GOODS, **CRAFT}
# commodity key -> subject and palette; what is missing here is found by its category
_COMMODITIES: dict[str, tuple[str, str]] = {
    "coffee-arabica-green": ("beans", "sage"), "coffee-robusta-green": ("beans", "moss"),
    "coffee-luwak-green": ("beans", "sand"), "coffee-roasted": ("beans", "roast"),
    "coffee-soluble": ("jar", "roast"), "coffee-mix-3in1": ("sachets", "roast"), "coffee-cascara": ("leaves", "berry"),
    "coconut-semi-husked": ("coconut", "sand"), "coconut-young": ("coconut", "sage"), "coconut-desiccated": ("bowl", "milk"),
    "copra": ("coconut", "roast"), "coconut-oil-crude": ("bottle", "honey"), "coconut-oil-virgin": ("bottle", "milk"),
    "coconut-oil-rbd": ("bottle", "sand"), "coconut-sugar": ("bowl", "roast"), "palm-sugar-aren": ("blocks", "roast"),
    "coconut-syrup": ("bottle", "roast"), "coconut-milk": ("carton", "milk"), "coconut-water": ("carton", "sage"),
    "nata-de-coco": ("blocks", "milk"), "coconut-flour": ("sack", "milk"), "charcoal-coconut-shell": ("briquettes", "ash"),
    "charcoal-briquette-coconut": ("briquettes", "ash"), "activated-carbon": ("bowl", "ash"), "coir-fibre": ("rope", "sand"),
    "cocopeat": ("blocks", "clay"), "coir-products": ("rope", "clay"), "coconut-shell-craft": ("tableware", "roast"),
    "lidi-sticks": ("sticks", "moss"), "cocoa-beans": ("beans", "clay"), "cocoa-powder": ("bowl", "clay"),
    "chocolate-bar": ("chocolate", "roast"), "pepper-black": ("peppercorns", "ash"), "pepper-white": ("peppercorns", "sand"),
    "clove": ("cloves", "clay"), "nutmeg": ("nutmeg", "sand"), "mace": ("nutmeg", "chilli"), "cinnamon-cassia": ("rolls", "clay"),
    "vanilla-beans": ("pods", "roast"), "ginger-dried": ("rhizome", "sand"), "turmeric-dried": ("rhizome", "turmeric"),
    "cardamom-java": ("nutmeg", "sage"), "chilli-dried": ("chillies", "chilli"), "tea-bulk": ("leaves", "moss"),
    "herbal-tea": ("leaves", "sage"), "moringa-leaf": ("leaves", "leaf"), "jamu-instant": ("sachets", "turmeric"),
    "patchouli-oil": ("vial", "moss"), "clove-oil": ("vial", "clay"), "citronella-oil": ("vial", "leaf"),
    "attar-perfume": ("vial", "berry"), "incense-bakhoor": ("incense", "berry"), "honey": ("comb", "honey"),
    "birds-nest": ("nest", "milk"), "cashew-kernel": ("cashews", "sand"), "cassava-chips": ("chips", "honey"),
    "crackers-kerupuk": ("chips", "milk"), "tempeh-chips": ("chips", "turmeric"), "sambal": ("jar", "chilli"),
    "mocaf-flour": ("sack", "sand"), "porang-chips": ("chips", "sand"), "rice-organic": ("sack", "leaf"),
    "anchovy-dried": ("fish", "sea"), "shrimp-frozen": ("shrimp", "chilli"), "fish-floss": ("jar", "honey"),
    "seaweed-dried": ("seaweed", "sea"), "sea-salt": ("bowl", "milk"), "fruit-fresh-tropical": ("fruit", "turmeric"),
    "dried-mango": ("fruit", "honey"), "soap-bar": ("soap", "sage"), "skin-care": ("pot", "berry"),
    "batik-fabric": ("cloth", "indigo"), "muslim-wear-women": ("garment", "berry"), "koko-shirt": ("garment", "milk"),
    "hijab-scarf": ("scarf", "sage"), "mukena": ("scarf", "milk"), "sarong": ("cloth", "berry"), "peci-songkok": ("cap", "ash"),
    "prayer-mat": ("mat", "indigo"), "tasbih-beads": ("beads", "roast"), "calligraphy-wood": ("panel", "clay"),
    "wooden-tableware": ("tableware", "sand"), "furniture-wood": ("chair", "clay"), "furniture-rattan": ("chair", "sand"),
    "rattan-basket": ("basket", "sand"), "bamboo-craft": ("basket", "moss"), "natural-fibre-basket": ("basket", "clay"),
    "leather-goods": ("bag", "clay"), "ceramic-tableware": ("vase", "indigo"),
}  # fmt: skip
# the longest prefix that fits wins
_CATEGORIES: dict[str, tuple[str, str]] = {
    "food": ("sack", "sand"), "food/coffee": ("beans", "roast"), "food/coconut": ("coconut", "sage"),
    "food/coconut/oil": ("bottle", "milk"), "food/coconut/sugar": ("bowl", "roast"), "food/cocoa": ("chocolate", "roast"),
    "food/spices": ("cloves", "clay"), "food/tea-herbs": ("leaves", "moss"), "food/animal-products": ("comb", "honey"),
    "food/nuts": ("cashews", "sand"), "food/snacks": ("chips", "honey"), "food/condiments": ("jar", "chilli"),
    "food/flours": ("sack", "sand"), "food/grains": ("sack", "leaf"), "food/fishery": ("fish", "sea"),
    "food/marine-plants": ("seaweed", "sea"), "food/salt": ("bowl", "sea"), "food/fruit": ("fruit", "turmeric"),
    "biomass": ("briquettes", "ash"), "biomass/coir": ("rope", "sand"), "biomass/fibre": ("sticks", "moss"),
    "craft": ("basket", "sand"), "craft/shell": ("tableware", "roast"), "craft/wood": ("panel", "clay"),
    "craft/leather": ("bag", "clay"), "craft/ceramic": ("vase", "indigo"), "aroma": ("vial", "moss"),
    "aroma/incense": ("incense", "berry"), "care": ("soap", "sage"), "care/cosmetics": ("pot", "berry"),
    "textile": ("cloth", "indigo"), "textile/apparel": ("garment", "berry"), "textile/headwear": ("cap", "ash"),
    "textile/home": ("mat", "indigo"), "furniture": ("chair", "clay"), "furniture/rattan": ("chair", "sand"),
}  # fmt: skip
SUBJECTS = tuple(_COMMODITIES)


def _subject(commodity: str, category: str) -> tuple[str, str]:
    if commodity in _COMMODITIES:
        return _COMMODITIES[commodity]
    parts = category.split("/")
    for length in range(len(parts), 0, -1):
        found = _CATEGORIES.get("/".join(parts[:length]))
        if found:
            return found
    return "sack", "sand"


@lru_cache(maxsize=512)
def illustration(commodity: str, category: str, seed: int) -> str:
    """A drawing of the commodity as an SVG text of 400 by 300 units; the same arguments give the same text.

    An unknown commodity is drawn by its category path (``food/spices``), anything else as a sack of goods.
    The text is safe to put into a page (it holds nothing of the arguments) and stands alone as a file.
    """
    subject, palette = _subject(commodity, category)
    identity = f"{commodity}:{category}:{seed}"
    plate = Plate(palette, Random(identity), f"d{crc32(identity.encode()):08x}")
    _DRAWINGS[subject](plate)
    return plate.svg()
