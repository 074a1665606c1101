"""Quantities with units: checked dimensions, exact conversion, and reading what people write."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from marketplace.kernel.numerals import DecimalSign, ParseError, clean, parse_decimal

QUANTITY_PLACES = 6
_SMALLEST = Decimal(1).scaleb(-QUANTITY_PLACES)
_LARGEST = Decimal(10) ** 12


class Dimension(StrEnum):
    """What a unit measures; only units of one dimension convert by themselves."""

    MASS = "mass"
    VOLUME = "volume"
    LENGTH = "length"
    COUNT = "count"
    PACKAGE = "package"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of trade; ``factor`` is its size in the dimension's base (kg, litre, metre, piece), where it has one."""

    code: str
    dimension: Dimension
    factor: Decimal | None
    is_trade: bool = True


class UnitMismatch(ValueError):
    """Two units do not convert into each other without knowing what a package or container holds."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"{source} does not convert to {target}")
        self.source = source
        self.target = target


def _table() -> dict[str, Unit]:
    mass, volume, count = Dimension.MASS, Dimension.VOLUME, Dimension.COUNT
    sized = [
        ("kg", mass, "1"), ("mt", mass, "1000"), ("bag60", mass, "60"), ("bag25", mass, "25"), ("bag50", mass, "50"),
        ("litre", volume, "1"), ("metre", Dimension.LENGTH, "1"), ("piece", count, "1"),
    ]  # fmt: skip
    small = [
        ("g", mass, "0.001"), ("lb", mass, "0.45359237"), ("oz", mass, "0.028349523125"), ("quintal", mass, "100"),
        ("ml", volume, "0.001"), ("dozen", count, "12"), ("score", count, "20"), ("gross", count, "144"),
    ]  # fmt: skip
    packages = "bag drum jerrycan carton box pouch sachet jar bottle set roll block bale tin pallet"
    units = [Unit(code, dimension, Decimal(factor)) for code, dimension, factor in sized]
    units += [Unit(code, dimension, Decimal(factor), is_trade=False) for code, dimension, factor in small]
    units += [Unit(code, Dimension.PACKAGE, None) for code in packages.split()]
    units += [Unit(code, Dimension.CONTAINER, None) for code in ("fcl20", "fcl40hc", "fcl40rf")]
    return {unit.code: unit for unit in units}


UNITS: Mapping[str, Unit] = MappingProxyType(_table())

# Words as written in the five languages. "ton" is the metric tonne here: Indonesian, German and Chinese sellers mean it
# so; a short ton must be called one, and is not accepted because nobody here trades in it.
_WORDS = {
    "kg": "kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm 公斤 千克",
    "mt": "t ton tons tonne tonnes tonnen metric_ton metric_tons metric_tonne metric_tonnes m/t 吨 噸 公吨 公噸",
    "g": "gr gram grams gramm gramme grammes gms 克",
    "lb": "lbs pound pounds pfund_(us) 磅",
    "oz": "ounce ounces 盎司",
    "quintal": "qq quintals kwintal kuintal 公担",
    "bag60": "60_kg_bag 60_kg_bags bag_of_60_kg bags_of_60_kg bag_(60_kg) bags_(60_kg) karung_60_kg",
    "bag25": "25_kg_bag 25_kg_bags bag_of_25_kg bags_of_25_kg bag_(25_kg) bags_(25_kg) karung_25_kg",
    "bag50": "50_kg_bag 50_kg_bags bag_of_50_kg bags_of_50_kg bag_(50_kg) bags_(50_kg) karung_50_kg",
    "bag": "bags sack sacks karung sak sack säcke saecke 袋",
    "litre": "l ltr liter liters litres 升 公升",
    "ml": "millilitre millilitres milliliter milliliters mililiter 毫升",
    "drum": "drums fass fässer 桶",
    "jerrycan": "jerrycans jerrican jerricans jerry_can jerry_cans jeriken jerigen dirigen kanister 方桶 塑料桶 塑膠桶",
    "carton": "cartons ctn ctns karton kartons dus 箱 纸箱 紙箱",
    "box": "boxes kotak schachtel schachteln 盒",
    "pouch": "pouches kantong beutel 袋装",
    "sachet": "sachets saset 小袋",
    "jar": "jars stoples glas gläser 罐",
    "bottle": "bottles botol flasche flaschen 瓶",
    "piece": "pieces pc pcs pce unit units buah biji butir potong helai lembar stück stk stk. 件 个 個",
    "set": "sets setel 套",
    "dozen": "dozens lusin dutzend 打",
    "score": "kodi",
    "gross": "gros",
    "metre": "m mtr meter meters metres 米",
    "roll": "rolls gulung rol rolle rollen 卷",
    "block": "blocks blok blöcke 块 塊",
    "bale": "bales bal ballen 捆",
    "tin": "tins can cans kaleng dose dosen 听",
    "pallet": "pallets palet palette paletten 托盘 托盤",
    "fcl20": "fcl fcls fcl_20 fcl_20ft fcl_20' 20' 20'_fcl 20ft 20_ft 20ft_fcl 20_ft_fcl 20gp 20_gp 20ft_container "
    "20ft_containers 20_ft_container 20_ft_containers kontainer_20_ft kontainer_20_kaki 整柜 整櫃",
    "fcl40hc": "fcl_40 fcl_40hc fcl_40ft_hc 40hc 40_hc 40hq 40_hq 40ft_hc 40_ft_hc 40_ft_container_hc 40'_hc 40'hc",
    "fcl40rf": "fcl_40rf 40rf 40_rf 40ft_reefer 40_ft_reefer reefer_40ft 40rh",
}


def _words() -> dict[str, str]:
    words = {code: code for code in UNITS}
    for code, spellings in _WORDS.items():
        for spelling in spellings.split():
            words.setdefault(spelling.replace("_", " "), code)
    return words


_UNIT_BY_WORD = _words()
# A unit that begins with a number is a container's; it stands apart, so that "19200 kg" stays nineteen thousand kg.
_QUANTITY = re.compile(
    r"(?P<number>[-+]?[\d.,][\d.,'’_ ]*?)"
    r"(?:\s+(?:[x×]\s*)?(?P<box>[24]0\s*(?:'|ft|gp|h[cq]|r[fh]).*)|\s*(?P<unit>[^\d\s.,'’_+\-].*?))?",
    re.IGNORECASE,
)
_PACKED = re.compile(
    r"(?P<count>[\d.,]+)\s*(?:(?P<word>[^\W\d]+)\s*)?(?:x|×|@|à|of|isi|zu|je)\s*(?P<size>[\d.,]+\s*[^\W\d]+\.?)",
    re.IGNORECASE,
)
_BOX = re.compile(r"[24]0\s*(?:ft|gp|h[cq]|r[fh]).*", re.IGNORECASE)
_FIXED_BAGS = {Decimal(60): "bag60", Decimal(25): "bag25", Decimal(50): "bag50"}

Contents = Mapping[str, "Quantity"]
"""What one package or container of a commodity holds, by unit code."""


@lru_cache(maxsize=1024)
def find_unit(text: str) -> Unit:
    """The unit for a code or word in any of the five languages.

    Raises ``ParseError`` with the code ``unit_missing`` or ``unit_unknown``. "FCL" without a size is a 20 ft container.
    """
    unit = UNITS.get(text)
    if unit:
        return unit
    word = " ".join(clean(text).casefold().split())
    if not word:
        raise ParseError("unit_missing")
    code = _UNIT_BY_WORD.get(word) or _UNIT_BY_WORD.get(word.rstrip("."))
    if code is None:
        raise ParseError("unit_unknown", text=word)
    return UNITS[code]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its unit; at most six decimals, never more than 10¹²."""

    amount: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ParseError("unit_unknown", text=self.unit)
        if not self.amount.is_finite() or abs(self.amount) > _LARGEST:
            raise ParseError("quantity_too_large", amount=str(self.amount))

    @property
    def dimension(self) -> Dimension:
        """What the quantity measures."""
        return UNITS[self.unit].dimension

    def to(self, unit: str, contents: Contents | None = None) -> "Quantity":
        """The same quantity in another unit, exactly where the factors allow.

        Packages and containers convert only through ``contents`` (from the commodity or the product's packaging).
        Raises ``UnitMismatch``.
        """
        if unit == self.unit:
            return self
        source, target = UNITS[self.unit], UNITS[unit]
        if source.factor is not None and target.factor is not None and source.dimension is target.dimension:
            return Quantity(self.amount * source.factor / target.factor, unit)
        held = contents or {}
        if self.unit in held:
            inner = held[self.unit]
            return Quantity(self.amount * inner.amount, inner.unit).to(unit, _without(held, self.unit))
        if unit in held and held[unit].amount:
            inner = held[unit]
            amount = self.to(inner.unit, _without(held, unit)).amount
            return Quantity(amount / inner.amount, unit)
        raise UnitMismatch(self.unit, unit)

    def converts_to(self, unit: str, contents: Contents | None = None) -> bool:
        """Whether ``to`` would succeed."""
        try:
            self.to(unit, contents)
        except UnitMismatch:
            return False
        return True

    def rounded(self, places: int = QUANTITY_PLACES) -> "Quantity":
        """Rounded half up, for showing and storing; sums are made before."""
        return Quantity(self.amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), self.unit)

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.amount + other.to(self.unit).amount, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.amount - other.to(self.unit).amount, self.unit)

    def compared(self, other: "Quantity", contents: Contents | None = None) -> int:
        """-1, 0 or 1 as this is less than, equal to or more than ``other``; raises ``UnitMismatch``."""
        theirs = other.to(self.unit, contents).amount
        return (self.amount > theirs) - (self.amount < theirs)


def _without(contents: Contents, unit: str) -> Contents:
    """The contents less one unit, so that a package said to hold itself ends in an error, not in a loop."""
    return {code: held for code, held in contents.items() if code != unit}


@lru_cache(maxsize=4096)
def parse_quantity(text: str, unit: str | None = None, decimal: DecimalSign | None = None) -> Quantity:
    """A quantity such as "18 t", "1,5 ton", "500 gr", "300 bags", "2 FCL" or "275 x 69 kg".

    ``unit`` stands in where none is written. "300 bags of 60 kg" keeps its bags (60, 50 and 25 kg have units of their
    own), other sizes are multiplied out. Raises ``ParseError``; below zero has the code ``quantity_negative``.
    """
    plain = clean(text)
    packed = _PACKED.fullmatch(plain)
    if packed and not _BOX.fullmatch(packed["size"]):
        return _packed(packed, decimal)
    match = _QUANTITY.fullmatch(plain)
    if not match:
        raise ParseError("quantity_missing" if not plain else "quantity_unreadable", text=plain)
    written = match["unit"] or match["box"]
    if written is None and unit is None:
        raise ParseError("quantity_unit_missing", text=plain)
    code = find_unit(written).code if written else find_unit(unit or "").code
    amount = parse_decimal(match["number"], decimal)
    if amount < 0:
        raise ParseError("quantity_negative", text=plain)
    if amount != amount.quantize(_SMALLEST):
        raise ParseError("quantity_too_fine", text=plain, places=str(QUANTITY_PLACES))
    return Quantity(amount, code)


def _packed(match: re.Match[str], decimal: DecimalSign | None) -> Quantity:
    """ "300 bags of 60 kg" and "275 x 69 kg"."""
    count = parse_decimal(match["count"], decimal)
    if match["word"]:
        package = find_unit(match["word"])
        if package.dimension is not Dimension.PACKAGE:
            raise ParseError("quantity_unreadable", text=match[0])
    size = parse_quantity(match["size"], None, decimal)
    if size.unit == "kg" and size.amount in _FIXED_BAGS:
        return Quantity(count, _FIXED_BAGS[size.amount])
    return Quantity(count * size.amount, size.unit)
