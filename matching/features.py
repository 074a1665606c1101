"""Named features of an offer for a request, each from 0 to 1, and what they are worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.conditions import Tally
from matching.covers import covers
from matching.profile import OfferProfile, RequestProfile
from matching.reader.limits import keeps
from matching.reader.offer import OfferReading
from search.lexicon.lexicon import Lexicon

# How closely offered goods answer the wanted ones.
SAME, GENERIC, SUBSTITUTE, SIBLING, UNRELATED = 3, 2, 1, 1, 0


@dataclass(frozen=True, slots=True)
class Likeness:
    """How an offer's goods and attributes answer a request."""

    identity: int
    """3 the goods wanted, 2 nearly, 1 goods of the same group, 0 something else."""
    goods: str = ""
    shared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Attributes asked for that the offer states otherwise."""
    open: tuple[str, ...] = ()
    """Attributes asked for on which the offer is silent."""
    wished: int = 0
    """How many preferred attributes it has, less those it states otherwise."""
    is_akin: bool = False
    """Whether the goods are others of the group, a family or a substitute: not the goods wanted, made another way."""


_CATEGORIES_OF_ALTERNATIVES = frozenset(
    {"food/coffee/green", "food/coconut/sugar", "food/grains", "food/animal-products/honey"}
)


# A buyer who names these takes a neighbour now and then; a wrong process or form is another good.
SOFT = frozenset(
    {"wearer", "origin", "grade", "cassia-grade", "cashew-grade", "ash", "bee", "picking", "species", "variety", "bean"}
)
# What one unanswered question is worth, in grades: offers that state it come first.
_SILENCE = 0.6


# Groups by what goods are made of or where they stand in a shop: nobody takes a wallet for a bag.
_SHELVES = frozenset(
    {
        "biomass",
        "charcoal-fuel",
        "tableware-disposable",
        "craft",
        "leather-goods",
        "flowers-dried",
        "cassava-flours",
        "aroma",
        "cocoa-goods",
        "outside",
    }
)


def group_of(concept: str, lexicon: Lexicon) -> str | None:
    """The nearest group of a good in which others are alternatives; a shelf of the category tree is none."""
    known = lexicon.concepts.get(concept)
    nearest = known.broader[0] if known and known.broader else None
    if nearest is None or nearest in _SHELVES:
        return None
    is_shelf = "/" in nearest and nearest not in _CATEGORIES_OF_ALTERNATIVES
    return None if is_shelf else nearest


def goods_likeness(wanted: str, offered: str, lexicon: Lexicon) -> int:
    """How well offered goods answer wanted ones, from 3 (the same or a kind of it) to 0."""
    above = lexicon.closure(offered)
    if wanted in above:
        return SIBLING if _is_niche(offered, wanted, lexicon) else SAME
    if offered in lexicon.closure(wanted):
        return GENERIC if lexicon.kind(offered) == "product" else SIBLING
    if _is_refused(wanted, above, lexicon):
        return UNRELATED
    group = group_of(wanted, lexicon)
    kin = {group_of(each, lexicon) for each in above[:3] if lexicon.kind(each) == "product"}
    if group and lexicon.kind(wanted) == "product" and group in kin:
        return SIBLING
    known = lexicon.concepts.get(wanted)
    return SUBSTITUTE if known and offered in known.substitutes else UNRELATED


def _is_refused(wanted: str, offered: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether who wants these goods never takes those: a buyer of arabica no robusta (the other way round at times)."""
    for each in lexicon.closure(wanted):
        known = lexicon.concepts.get(each)
        if known and set(known.facts.get("never", "").split()) & set(offered):
            return True
    return False


def _is_other_form(wanted: Iterable[str], offered: str, lexicon: Lexicon) -> bool:
    """Whether goods are the wanted ones in another form: blocks for who asks for grains of one sugar."""
    return any(offered in lexicon.forms.get(each, ()) for each in wanted)


def _is_niche(concept: str, wanted: str, lexicon: Lexicon) -> bool:
    """Whether goods are so special that a buyer who wants them says so: liberica and luwak within a family ("yes"),
    mixes with sugar and creamer where instant coffee is asked for (what is wanted, by name)."""
    known = lexicon.concepts.get(concept)
    of = known.facts.get("niche", "").split() if known else []
    return wanted in of or ("yes" in of and lexicon.kind(wanted) == "family")


def _meets(value: str, held: Iterable[str], lexicon: Lexicon) -> float:
    """1 when an attribute is among those held, 0.5 when a neighbouring value is, 0 otherwise."""
    names = set(held)
    if value in names or any(value in lexicon.closure(each) for each in names):
        return 1.0
    facts = lexicon.concepts[value].facts
    region, near = facts.get("region"), facts.get("near")
    if region and any(_lies_in(each, region, lexicon) for each in names):
        return 1.0
    limit = facts.get("max")
    stated = [lexicon.concepts[each].facts.get("max") for each in names]
    if limit and any(each and float(each) <= float(limit) for each in stated):
        return 1.0
    size = facts.get("value")
    sizes = [lexicon.concepts[each].facts.get("value") for each in names]
    if size and any(each and float(each) > float(size) for each in sizes):
        return 1.0  # finer than asked
    return 0.5 if near in names else 0.0


def _lies_in(origin: str, region: str, lexicon: Lexicon) -> bool:
    """Whether an origin is in a region, directly or through its province."""
    facts = lexicon.concepts[origin].facts
    area = facts.get("area") or facts.get("region")
    if area == region:
        return True
    parents = {"east-java": "java"}
    return area is not None and parents.get(area) == region


def likeness(request: RequestProfile, reading: OfferReading, lexicon: Lexicon) -> Likeness:
    """Goods and attributes of an offer held against a request."""
    best, goods = 0, ""
    for wanted in request.goods:
        for offered in reading.goods:
            score = goods_likeness(wanted, offered, lexicon)
            if score > best:
                best, goods = score, offered
    if best and any(
        each in request.excluded_goods or set(lexicon.closure(each)) & set(request.excluded_goods)
        for each in reading.goods
    ):
        return Likeness(0)
    if best < GENERIC:
        return Likeness(best, goods, is_akin=best > 0 and not _is_other_form(request.goods, goods, lexicon))
    return _with_attributes(Likeness(best, goods), request, reading, lexicon)


def _grouped(concepts: Sequence[str], goods: str, lexicon: Lexicon) -> dict[str, list[str]]:
    """Attributes by dimension, less those that say nothing about these goods: sugar is "dark", but has no roast."""
    groups: dict[str, list[str]] = {}
    said = lexicon.implied.get(goods, frozenset())
    for concept in concepts:
        if concept in said:
            continue
        facts = lexicon.concepts[concept].facts if concept in lexicon.concepts else {}
        scope = facts.get("scope")
        if "dimension" in facts and (not scope or scope in lexicon.closure(goods)):
            groups.setdefault(facts["dimension"], []).append(concept)
    return groups


def _with_attributes(base: Likeness, request: RequestProfile, reading: OfferReading, lexicon: Lexicon) -> Likeness:
    """The likeness lowered by attributes that do not fit; two values of one dimension mean either will do."""
    identity = base.identity
    shared: list[str] = []
    missing: list[str] = []
    silent: list[str] = []
    wished = 0
    preferred = _grouped(request.preferred_attributes, base.goods, lexicon)
    required = _grouped(request.attributes, base.goods, lexicon)
    for dimension, values in required.items():
        if dimension == "form" and base.goods in lexicon.shaped:
            continue  # the goods say it
        held = reading.attributes.get(dimension)
        if not held:
            silent += values[:1]
            continue
        fit = max(_meets(value, held, lexicon) for value in (*values, *preferred.get(dimension, ())))
        if fit == 1.0:
            shared += values[:1]
            continue
        missing += values[:1]
        identity = min(identity, 2 if fit == 0.5 or dimension in SOFT else 1)
    for dimension, values in preferred.items():
        held = reading.attributes.get(dimension)
        if held:
            has = any(_meets(value, held, lexicon) == 1.0 for value in values)
            wished += 1 if has else -1
            if not has and dimension not in required:
                identity = min(identity, 2)
    held_papers = (*reading.certificates, *reading.registrations)
    wished += sum(any(covers(each, paper) for each in held_papers) for paper in request.preferred_certificates)
    for dimension, values in _grouped(request.excluded_attributes, base.goods, lexicon).items():
        if set(values) & reading.attributes.get(dimension, frozenset()):
            identity = min(identity, 1)
    figures = dict(reading.figures)
    for limit in request.limits:
        value = figures.get(limit.figure)
        if value is None:
            silent.append(limit.figure)
        elif keeps(limit, value):
            shared.append(limit.figure)
        else:
            missing.append(limit.figure)
            identity = min(identity, 2)
    return Likeness(identity, base.goods, tuple(shared), tuple(missing), tuple(silent), wished)


# What the features are worth in a score; kept small against the steps between grades, so that they order equals.
WEIGHTS: Mapping[str, float] = {
    "grade": 1.0,
    "shared": 0.06,
    "wished": 0.05,
    "certain": 0.04,
    "price": 0.03,
    "room": 0.02,
    "words": 0.05,
    "export": 0.01,
}


def features(offer: OfferProfile, like: Likeness, tally: Tally, words: float) -> dict[str, float]:
    """Named features of a possible match, each between 0 and 1 (``wished`` between -1 and 1)."""
    return {
        "grade": max(0.0, like.identity - tally.near - doubt(like)) / 3,
        "shared": share_of_attributes(like),
        "wished": max(-1.0, min(1.0, float(like.wished))),
        "certain": 1 / (1 + tally.unknown),
        "price": min(1.0, tally.margin),
        "room": tally.room,
        "words": min(1.0, words),
        "export": min(1.0, (offer.export_years or 0) / 10),
    }


def share_of_attributes(like: Likeness) -> float:
    """The share of what is asked for beside the goods that the offer states as it is wanted."""
    return len(like.shared) / max(1, len(like.shared) + len(like.open) + len(like.missing))


def doubt(like: Likeness) -> float:
    """Grades taken off for attributes on which the offer is silent, never as much as for one that is wrong."""
    return min(_SILENCE * len(like.open), 1.5) if like.identity >= GENERIC else 0.0


def score(values: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """One number between 0 and 1 from named features: grade first, the rest orders offers of one grade."""
    total = 0.0
    for name, weight in weights.items():
        total += weight * values.get(name, 0.0)
    return max(0.0, min(1.0, total / sum(weights.values())))
