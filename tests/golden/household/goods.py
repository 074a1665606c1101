"""A shop of another trade: things for the home, dealt from a seed, with queries judged by what each thing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 20261122
_EACH = 9

# what it is | its kind | kin in the eyes of a shopper | words for it, the usual first | extras that name nothing else
_THINGS = """
coffee table | living room > tables | side table,console table | coffee table,cocktail table | with storage,lift top,round
side table | living room > tables | coffee table,nightstand | side table,end table,accent table | with drawer,nesting
console table | living room > tables | side table,coffee table | console table,sofa table,entryway table | narrow,with shelf
nightstand | bedroom > tables | side table | nightstand,bedside table | with charging station,2 drawer
dining table | dining > tables | desk | dining table,kitchen table | extendable,for 6,round
desk | office > desks | dining table | writing desk,computer desk,office desk | standing,with hutch,l-shaped
bookcase | office > shelves | wall shelf | bookcase,bookshelf,book shelf | 5-tier,corner,ladder
wall shelf | decor > shelves | bookcase | floating shelf,wall shelf | set of 3,corner
tv stand | living room > stands | console table | tv stand,media console,entertainment center | for 65 inch tv,with fireplace
sofa | living room > seating | armchair,ottoman | sofa,couch,loveseat | sleeper,reclining,sectional
armchair | living room > seating | sofa,office chair | armchair,accent chair,club chair | swivel,wingback
ottoman | living room > seating | armchair | ottoman,footstool,pouf | with storage,tufted
office chair | office > seating | armchair | office chair,desk chair,task chair | ergonomic,high back
bar stool | dining > seating | dining chair | bar stool,counter stool | set of 2,adjustable height
dining chair | dining > seating | bar stool | dining chair,kitchen chair,side chair | set of 4,stackable
bed frame | bedroom > beds | headboard,mattress | bed frame,platform bed | queen,king,with drawers
headboard | bedroom > beds | bed frame | headboard | queen,wall mounted
mattress | bedroom > beds | bed frame | mattress,memory foam mattress | 12 inch,firm
dresser | bedroom > storage | nightstand | dresser,chest of drawers | 6 drawer,tall
area rug | floor > rugs | doormat,runner rug | area rug,rug,carpet | 5x8,8x10,washable
runner rug | floor > rugs | area rug | runner rug,hallway runner | 2x6,non slip
doormat | floor > mats | runner rug,bath mat | doormat,door mat,welcome mat | outdoor,rubber
bath mat | bath > mats | doormat | bath mat,bathroom rug | memory foam,non slip
shower curtain | bath > curtains | window curtain | shower curtain | hookless,72x72
window curtain | windows > curtains | shower curtain,curtain rod | curtain panels,blackout curtains,drapes | 84 inch,grommet
curtain rod | windows > hardware | window curtain | curtain rod,drapery rod | adjustable,48 to 84 inch
table lamp | lighting > lamps | floor lamp,lamp shade | table lamp,bedside lamp,desk lamp | dimmable,with usb
floor lamp | lighting > lamps | table lamp | floor lamp,standing lamp | arc,tripod
lamp shade | lighting > parts | table lamp | lamp shade,lampshade | drum,empire
chandelier | lighting > ceiling | pendant light | chandelier | 6 light,candle style
pendant light | lighting > ceiling | chandelier | pendant light,hanging light | kitchen island,1 light
throw pillow | textiles > pillows | throw blanket | throw pillow,decorative pillow,cushion | 18x18,with insert
throw blanket | textiles > blankets | throw pillow,duvet cover | throw blanket,throw | 50x60,knitted
duvet cover | textiles > bedding | throw blanket,bed sheet | duvet cover,comforter cover | queen,king
bed sheet | textiles > bedding | duvet cover | bed sheets,sheet set | queen,deep pocket
wall mirror | decor > mirrors | wall art | wall mirror,mirror | full length,arched
wall art | decor > art | wall mirror | wall art,canvas print,framed print | set of 3,abstract
planter | outdoor > planters | vase | planter,plant pot,flower pot | self watering,hanging
vase | decor > vases | planter | vase,flower vase | tall,floor
coffee maker | kitchen > appliances | tea kettle | coffee maker,coffee machine | 12 cup,programmable
tea kettle | kitchen > appliances | coffee maker | tea kettle,electric kettle | whistling,1.7 liter
coffee mug | kitchen > drinkware | tea set | coffee mug,coffee cup | set of 4,16 oz
tea set | kitchen > drinkware | coffee mug | tea set,teapot set | for 4,with tray
laundry hamper | storage > baskets | storage basket | laundry hamper,laundry basket | with lid,collapsible
storage basket | storage > baskets | laundry hamper | storage basket,storage bin | set of 3,woven
shoe rack | storage > racks | bookcase | shoe rack,shoe organizer,shoe storage | 4-tier,stackable
spice rack | kitchen > storage | shoe rack | spice rack,spice organizer | wall mounted,3-tier
trash can | kitchen > bins | laundry hamper | trash can,garbage can,waste bin | step,13 gallon
patio umbrella | outdoor > shade | patio chair | patio umbrella,outdoor umbrella | cantilever,9 ft
patio chair | outdoor > seating | patio umbrella,dining chair | patio chair,outdoor chair,adirondack chair | folding,set of 2
"""
MATERIALS = ("oak wood", "walnut", "rattan", "bamboo", "marble", "metal", "glass", "leather", "velvet", "linen", "cotton",
             "wool", "jute", "ceramic", "teak", "plastic")  # fmt: skip
COLOURS = ("white", "black", "grey", "navy blue", "green", "beige", "brown", "gold", "pink", "natural")
STYLES = ("modern", "farmhouse", "industrial", "rustic", "boho", "mid-century modern", "traditional", "coastal")


@dataclass(frozen=True, slots=True)
class Thing:
    """One article and what is true of it."""

    id: str
    what: str
    kin: frozenset[str]
    names: tuple[str, ...]
    category: str
    material: str
    colour: str
    style: str
    extra: str
    title: str
    text: str

    def as_row(self) -> dict[str, object]:
        """As a line of a set."""
        attributes = {"Material": self.material, "Colour": self.colour, "Style": self.style, "Features": self.extra}
        return {"id": self.id, "title": self.title, "description": self.text, "category": self.category,
                "attributes": attributes}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with the kind of thing it wants and the qualities it names."""

    id: str
    text: str
    what: str
    qualities: tuple[str, ...]

    def grade(self, thing: Thing) -> float:
        """1 for the thing with all qualities, less without, a little for what serves nearly the same."""
        if thing.what == self.what:
            held = f"{thing.title} {thing.material} {thing.colour} {thing.style} {thing.extra}".casefold()
            missing = [each for each in self.qualities if each not in held]
            return 1.0 if not missing else 0.5
        return 0.1 if self.what in thing.kin else 0.0


def things() -> list[Thing]:
    """Some four hundred and fifty articles, the same every time."""
    random, made = Random(SEED), []
    kinds = [[part.strip() for part in line.split("|")] for line in _THINGS.strip().splitlines()]
    for what, category, kin, names, extras in kinds:
        for number in range(_EACH):
            name, extra = random.choice(names.split(",")), random.choice(extras.split(","))
            material, colour, style = random.choice(MATERIALS), random.choice(COLOURS), random.choice(STYLES)
            brand = random.choice(("Alder & Co", "Northlight", "Casa Verde", "Hearthside", "Tilden", "Marlow"))
            title = random.choice((
                f"{brand} {style} {material} {name} {extra}", f"{name}, {material}, {colour}, {extra}",
                f"{colour} {name} {extra}", f"{style} {name} with {material} finish", f"{brand} {extra} {name} in {colour}",
            ))  # fmt: skip
            other, third = random.choice(kinds)[3].split(",")[0], random.choice(kinds)[3].split(",")[0]
            text = (
                f"Bring {style} charm to your home. Made of {material} in {colour}; {extra}. "
                f"It goes well with a {other} or next to your {third}. "
                f"Wipe clean with a dry cloth. Ships in one box; some assembly may be required."
            )
            made.append(Thing(f"{what.replace(' ', '-')}-{number}", what, frozenset(kin.split(",")),
                              tuple(names.split(",")), category, material, colour, style, extra,
                              title[:1].upper() + title[1:], text))  # fmt: skip
    return made


def asked(every: list[Thing]) -> Iterator[Asked]:
    """Three queries for each kind of thing: by another name, with qualities, and as people mistype or part words."""
    random = Random(SEED + 1)
    for number, what in enumerate(dict.fromkeys(thing.what for thing in every)):
        own = [thing for thing in every if thing.what == what]
        one, two, three = random.choice(own), random.choice(own), random.choice(own)
        yield Asked(f"{number}-plain", random.choice(one.names), what, ())
        quality = random.choice((two.colour, two.material, two.style))
        yield Asked(f"{number}-quality", f"{quality} {random.choice(two.names)}", what, (quality,))
        yield Asked(f"{number}-long", f"{three.style} {three.names[0]} {three.extra} in {three.colour}", what,
                    (three.style, three.extra, three.colour))  # fmt: skip
        name = max(random.choice(one.names), one.names[0], key=len)
        yield Asked(f"{number}-plural", f"{name}s" if not name.endswith("s") else name[:-1], what, ())
        yield Asked(f"{number}-joined", name.replace(" ", "") if " " in name else f"{name[:4]} {name[4:]}", what, ())
        place = random.randrange(2, len(name) - 1)
        yield Asked(f"{number}-typo", name[:place] + name[place + 1 :], what, ())
        yield Asked(f"{number}-purpose", f"{name} for small {random.choice(('apartment', 'room', 'bathroom', 'kitchen'))}",
                    what, ())  # fmt: skip
