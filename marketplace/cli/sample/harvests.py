"""When the sample's raw goods are harvested: the common seasons of Java, every year alike; of made goods none."""

from __future__ import annotations

_ALL_YEAR = tuple(range(1, 13))
HARVESTS: dict[str, tuple[int, ...]] = {
    "coffee-arabica-green": (5, 6, 7, 8, 9),
    "coffee-robusta-green": (6, 7, 8, 9),
    "coffee-luwak-green": (6, 7, 8, 9),
    "coconut-semi-husked": _ALL_YEAR,
    "coconut-young": _ALL_YEAR,
    "copra": _ALL_YEAR,
    "coconut-sugar": _ALL_YEAR,
    "palm-sugar-aren": _ALL_YEAR,
    "cocoa-beans": (4, 5, 6, 10, 11, 12),
    "pepper-black": (7, 8, 9),
    "pepper-white": (7, 8, 9),
    "clove": (7, 8, 9, 10),
    "nutmeg": (1, 2, 6, 7, 8, 11, 12),
    "mace": (1, 2, 6, 7, 8, 11, 12),
    "cinnamon-cassia": (10, 11, 12, 1, 2, 3),
    "vanilla-beans": (6, 7, 8),
    "ginger-dried": (7, 8, 9),
    "turmeric-dried": (7, 8, 9),
    "cardamom-java": (2, 3, 4, 8, 9, 10),
    "chilli-dried": (5, 6, 7, 8),
    "tea-bulk": _ALL_YEAR,
    "moringa-leaf": _ALL_YEAR,
    "honey": (6, 7, 8, 9, 10, 11),
    "cashew-kernel": (9, 10, 11),
    "porang-chips": (5, 6, 7),
    "rice-organic": (3, 4, 7, 8, 11),
    "anchovy-dried": (5, 6, 7, 8, 9, 10),
    "seaweed-dried": _ALL_YEAR,
    "sea-salt": (7, 8, 9, 10, 11),
    "fruit-fresh-tropical": (10, 11, 12, 1, 2),
    "dried-mango": (9, 10, 11, 12),
}
