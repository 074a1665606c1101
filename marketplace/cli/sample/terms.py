"""Trade terms of the sample goods: an everyday unit and a plausible FOB price for each commodity.

The figures are made up in the range of everyday trade so that filters, ladders and comparisons
have something to work on; nobody offers at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Terms:
    """Unit, FOB price per unit in US dollars, smallest order, and net kilograms of one unit that is no weight."""

    unit: str
    price: Decimal
    moq: int
    unit_kg: Decimal | None = None


_TABLE = """
coffee-arabica-green kg 6.80 300
coffee-robusta-green kg 4.30 600
coffee-luwak-green kg 62 20
coffee-roasted kg 12.50 100
coffee-soluble kg 14.20 200
coffee-mix-3in1 carton 21 100 6
coffee-cascara kg 5.60 100
coconut-semi-husked mt 420 12
coconut-young carton 9.20 800 12
coconut-desiccated kg 2.15 3000
copra mt 980 10
coconut-oil-crude mt 1850 10
coconut-oil-virgin litre 5.40 400 0.92
coconut-oil-rbd mt 1980 10
coconut-sugar kg 2.45 500
palm-sugar-aren kg 2.70 400
coconut-syrup kg 3.60 200
coconut-milk carton 13.50 600 12
coconut-water carton 9.80 800 12
coconut-flour kg 2.30 1000
nata-de-coco kg 0.95 2000
charcoal-coconut-shell mt 640 10
charcoal-briquette-coconut mt 1180 5
activated-carbon mt 1650 5
coir-fibre mt 310 17
cocopeat mt 240 18
coir-products piece 2.80 500 0.9
coconut-shell-craft piece 2.10 300 0.25
lidi-sticks mt 560 5
cocoa-beans kg 7.90 1000
cocoa-powder kg 6.80 500
chocolate-bar carton 48 50 3
pepper-black kg 7.20 500
pepper-white kg 9.80 500
clove kg 8.90 300
nutmeg kg 8.10 300
mace kg 14.50 100
cinnamon-cassia kg 3.90 500
vanilla-beans kg 145 5
ginger-dried kg 3.20 500
turmeric-dried kg 2.30 500
cardamom-java kg 9.40 200
chilli-dried kg 3.80 300
tea-bulk kg 3.10 500
herbal-tea carton 26 60 2.4
moringa-leaf kg 6.40 200
jamu-instant carton 22 80 4
patchouli-oil kg 78 25
clove-oil kg 19 50
citronella-oil kg 15 50
attar-perfume piece 3.90 200 0.05
incense-bakhoor box 4.20 200 0.3
honey kg 7.60 300
birds-nest kg 1250 1
cashew-kernel kg 8.30 500
cassava-chips carton 17 100 5
crackers-kerupuk carton 16 100 5
tempeh-chips carton 19 100 4
sambal carton 24 100 8
mocaf-flour kg 0.92 3000
porang-chips kg 4.60 1000
rice-organic kg 1.70 2000
anchovy-dried kg 8.40 200
shrimp-frozen kg 8.90 1000
fish-floss carton 34 50 4
seaweed-dried kg 1.60 3000
sea-salt kg 0.62 3000
fruit-fresh-tropical kg 2.90 800
dried-mango kg 8.80 200
soap-bar carton 31 50 8
skin-care carton 62 30 5
batik-fabric metre 8.40 100 0.18
muslim-wear-women piece 14.50 100 0.4
koko-shirt piece 9.60 100 0.3
hijab-scarf piece 4.10 200 0.12
mukena piece 11.80 100 0.6
sarong piece 7.90 100 0.45
peci-songkok piece 4.60 100 0.15
prayer-mat piece 8.20 100 0.8
tasbih-beads piece 2.20 300 0.06
calligraphy-wood piece 18.50 50 1.2
wooden-tableware piece 3.60 200 0.3
furniture-wood piece 74 20 14
furniture-rattan piece 58 20 7
rattan-basket piece 6.90 100 0.7
bamboo-craft piece 3.20 200 0.4
natural-fibre-basket piece 5.80 100 0.6
leather-goods piece 16.80 60 0.35
ceramic-tableware piece 2.70 300 0.45
"""


def _read() -> dict[str, Terms]:
    table: dict[str, Terms] = {}
    for line in _TABLE.strip().splitlines():
        key, unit, price, moq, *weight = line.split()
        table[key] = Terms(unit, Decimal(price), int(moq), Decimal(weight[0]) if weight else None)
    return table


TERMS = _read()
