"""What decides an offer's place in a ranking, one row of codes an offer: arrays that stay in their files.

Offers state the same few things. Each statement has a code, and stands once in a pool of what the codes mean: a request
is held against the statements, and the rows say which offers made them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from matching.arrays import opened
from matching.profile import OfferProfile
from matching.reader.offer import OfferReading
from matching.word_table import Terms
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The columns of `codes`.
KIN, NAMES, GOODS, REGISTERED, AMOUNTS, LADDER, SHIPS, INCOTERMS, LEAD, SAMPLE, EXPORT, SELLER, SUSPENDED = range(13)
_WIDTH = 13
_POOLS = "pools.json"
_REMEMBERED = 2048
_APPROVAL = "registration-eu-approval"
_ARRAYS: Mapping[str, tuple[str, int]] = {
    "codes": ("int32", 2),
    "papers": ("int32", 2),
    "paper_starts": ("int64", 1),
    "rows": ("int32", 1),
    "row_starts": ("int64", 1),
    "amounts": ("float64", 2),
    "breaks": ("float64", 2),
    "break_starts": ("int64", 1),
    "ladder_units": ("int32", 1),
}
_VOCABULARIES = ("keys", "sellers")

Kin = tuple[tuple[str, ...], dict[str, frozenset[str]], tuple[tuple[str, float], ...]]


@dataclass(slots=True)
class Pools:
    """What the codes of few meanings mean."""

    kins: list[Kin]
    """Goods, attributes and figures."""
    names: list[tuple[tuple[str, ...], frozenset[str]]]
    """Certificates and registrations held, whatever their days."""
    goods: list[tuple[str, ...]]
    registered: list[tuple[frozenset[str], bool]]
    """Registrations, and whether the approval of the EU, which has a day, is held as a certificate."""
    ships: list[frozenset[str] | None]
    incoterms: list[tuple[str, ...]]
    leads: list[int | None]
    exports: list[int | None]
    units: list[str]
    papers: list[str]
    concepts: list[str]


class Columns:
    """Rows in the order of the offers' keys."""

    def __init__(self, keys: Terms, sellers: Terms, pools: Pools, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.keys, self.sellers, self.pools = keys, sellers, pools
        self.codes, self.papers, self.paper_starts = arrays["codes"], arrays["papers"], arrays["paper_starts"]
        self._rows, self._row_starts = arrays["rows"], arrays["row_starts"]
        self._amounts, self._ladder_units = arrays["amounts"], arrays["ladder_units"]
        self._breaks, self._break_starts = arrays["breaks"], arrays["break_starts"]
        # Without a hold on itself: a model that is replaced goes at once, and with it the files that it has open.
        self.alone = lru_cache(_REMEMBERED)(partial(_alone, pools, self._amounts))
        self._place = {concept: place for place, concept in enumerate(pools.concepts)}

    def __len__(self) -> int:
        return len(self.codes)

    def of_goods(self, concepts: Iterable[str]) -> NDArray[Any]:
        """The rows of offers of any of these goods, in order."""
        import numpy

        places = [self._place[each] for each in concepts if each in self._place]
        parts = [self._rows[self._row_starts[each] : self._row_starts[each + 1]] for each in places]
        if len(parts) == 1:
            return numpy.array(parts[0])
        return numpy.unique(numpy.concatenate(parts)) if parts else numpy.zeros(0, numpy.int32)

    def goods(self, row: int) -> tuple[str, ...]:
        """The goods of one row."""
        return self.pools.goods[int(self.codes[row, GOODS])]

    def asked(self, ladders: NDArray[Any], quantity: float | None) -> tuple[NDArray[Any], list[str]]:
        """What some ladders ask for one unit at a quantity, in US dollars: the price of the last step that is reached,
        else of the first, nothing (NaN) where there is none. And their units."""
        import numpy

        firsts, ends = self._break_starts[ladders], self._break_starts[ladders + 1]
        reached = numpy.zeros(len(self._breaks) + 1, numpy.int64)
        if quantity is not None:
            numpy.cumsum(self._breaks[:, 0] <= quantity, out=reached[1:])
        last = numpy.maximum(reached[ends] - reached[firsts] - 1, 0)
        has_any = ends > firsts
        found = numpy.full(len(ladders), numpy.nan)
        found[has_any] = self._breaks[(firsts + last)[has_any], 1]
        return found, [self.pools.units[each] for each in self._ladder_units[ladders].tolist()]

    def reading(self, kin: int, names: int) -> OfferReading:
        """What was read from an offer that has these goods and papers, whose days are left out."""
        goods, attributes, figures = self.pools.kins[kin]
        held, registrations = self.pools.names[names]
        return OfferReading(goods, attributes, dict.fromkeys(held), registrations, figures)

    def registered(self, goods: int, code: int) -> OfferReading:
        """The goods and registrations alone."""
        registrations, is_approved = self.pools.registered[code]
        papers: dict[str, int | None] = {_APPROVAL: None} if is_approved else {}
        return OfferReading(self.pools.goods[goods], {}, papers, registrations)

    # -- on disk ----------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Write the arrays and pools into a folder of their own."""
        import numpy

        folder.mkdir(parents=True)
        arrays: dict[str, Any] = {
            "codes": self.codes, "papers": self.papers, "paper_starts": self.paper_starts, "rows": self._rows,
            "row_starts": self._row_starts, "amounts": self._amounts, "breaks": self._breaks,
            "break_starts": self._break_starts, "ladder_units": self._ladder_units,
        }  # fmt: skip
        for name, terms in zip(_VOCABULARIES, (self.keys, self.sellers), strict=True):
            arrays |= {f"{name}.{part}": array for part, array in terms.arrays().items()}
        for name, array in arrays.items():
            numpy.save(folder / f"{name}.npy", array, allow_pickle=False)
        pools = self.pools
        told = {
            "kins": [[goods, {name: sorted(each) for name, each in own.items()}, figures]
                     for goods, own, figures in pools.kins],
            "names": [[held, sorted(registrations)] for held, registrations in pools.names],
            "goods": pools.goods,
            "registered": [[sorted(registrations), is_approved] for registrations, is_approved in pools.registered],
            "ships": [None if each is None else sorted(each) for each in pools.ships],
            "incoterms": pools.incoterms, "leads": pools.leads, "exports": pools.exports, "units": pools.units,
            "papers": pools.papers, "concepts": pools.concepts,
        }  # fmt: skip
        (folder / _POOLS).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Columns whose arrays stay in their files; raises ValueError, KeyError or OSError where they cannot be."""
        told = json.loads((folder / _POOLS).read_text(encoding="utf-8"))
        shared: dict[Any, Any] = {}
        pools = Pools(
            kins=[_kin(shared, *each) for each in told["kins"]],
            names=[(tuple(held), frozenset(registrations)) for held, registrations in told["names"]],
            goods=[tuple(each) for each in told["goods"]],
            registered=[(frozenset(registrations), is_approved) for registrations, is_approved in told["registered"]],
            ships=[None if each is None else frozenset(each) for each in told["ships"]],
            incoterms=[tuple(each) for each in told["incoterms"]],
            leads=told["leads"], exports=told["exports"], units=told["units"], papers=told["papers"],
            concepts=told["concepts"],
        )  # fmt: skip
        arrays = {name: opened(folder, name, kind, dimensions) for name, (kind, dimensions) in _ARRAYS.items()}
        keys, sellers = (
            Terms(opened(folder, f"{name}.terms", "uint8"), opened(folder, f"{name}.starts", "int64"))
            for name in _VOCABULARIES
        )
        if arrays["codes"].shape != (len(keys), _WIDTH) or len(arrays["paper_starts"]) != len(keys) + 1:
            raise ValueError("the columns do not belong together")
        return cls(keys, sellers, pools, arrays)

    @classmethod
    def of(cls, offers: Mapping[str, OfferProfile], readings: Mapping[str, OfferReading], lexicon: Lexicon) -> Columns:
        """The columns of some offers as they were read."""
        import numpy

        keys = sorted(offers, key=lambda key: key.encode("utf-8", "surrogatepass"))
        sellers = sorted({each.seller.encode("utf-8", "surrogatepass") for each in offers.values()})
        seller_codes = {each: code for code, each in enumerate(sellers)}
        kins, names, ships, incoterms, leads, exports, units, papers = (_Codes[Any]() for _ in range(8))
        amounts, ladders, goods, registered = (_Codes[Any]() for _ in range(4))
        codes = numpy.zeros((len(keys), _WIDTH), numpy.int32)
        held: list[tuple[int, int]] = []
        held_starts = [0]
        rows_of: dict[str, list[int]] = {}
        for row, key in enumerate(keys):
            offer, reading = offers[key], readings[key]
            attributes = tuple(sorted((name, tuple(sorted(each))) for name, each in reading.attributes.items()))
            unit = units.code(offer.unit)
            steps = tuple((each.quantity, each.usd) for each in sorted(offer.prices, key=lambda one: one.quantity))
            codes[row] = (
                kins.code((reading.goods, attributes, reading.figures)),
                names.code((tuple(sorted(reading.certificates)), tuple(sorted(reading.registrations)))),
                goods.code(reading.goods),
                registered.code((reading.registrations, _APPROVAL in reading.certificates)),
                amounts.code((offer.minimum, offer.monthly_capacity, unit)),
                ladders.code((unit, steps)),
                ships.code(offer.ships_to),
                incoterms.code(offer.incoterms),
                leads.code(offer.lead_days),
                -1 if offer.has_sample is None else int(offer.has_sample),
                exports.code(offer.export_years),
                seller_codes[offer.seller.encode("utf-8", "surrogatepass")],
                int(offer.is_suspended),
            )
            held += [(papers.code(name), last or 0) for name, last in reading.certificates.items()]
            held += [(papers.code(name), 0) for name in reading.registrations if name not in reading.certificates]
            held_starts.append(len(held))
            for concept in {each for one in reading.goods for each in lexicon.closure(one)}:
                rows_of.setdefault(concept, []).append(row)
        concepts = sorted(rows_of)
        breaks = [steps for _unit, steps in ladders.meanings]
        pools = Pools(
            [(named, {name: frozenset(each) for name, each in own}, figures) for named, own, figures in kins.meanings],
            [(own, frozenset(registrations)) for own, registrations in names.meanings],
            goods.meanings, registered.meanings,
            ships.meanings, incoterms.meanings, leads.meanings, exports.meanings, units.meanings, papers.meanings,
            concepts,
        )  # fmt: skip
        nan = float("nan")
        arrays: dict[str, NDArray[Any]] = {
            "codes": codes,
            "papers": numpy.array(held, numpy.int32).reshape(-1, 2),
            "paper_starts": numpy.array(held_starts, numpy.int64),
            "rows": numpy.array([row for each in concepts for row in rows_of[each]], numpy.int32),
            "row_starts": _starts([len(rows_of[each]) for each in concepts]),
            "amounts": numpy.array(
                [(nan if low is None else low, nan if high is None else high, unit)
                 for low, high, unit in amounts.meanings], numpy.float64
            ).reshape(-1, 3),
            "breaks": numpy.array([step for each in breaks for step in each], numpy.float64).reshape(-1, 2),
            "break_starts": _starts([len(each) for each in breaks]),
            "ladder_units": numpy.array([unit for unit, _steps in ladders.meanings], numpy.int32),
        }  # fmt: skip
        return cls(Terms.sorted(keys), Terms.sorted(each.decode("utf-8", "surrogatepass") for each in sellers),
                   pools, arrays)  # fmt: skip


T = TypeVar("T")


class _Codes(Generic[T]):
    """Meanings in the order in which they came."""

    def __init__(self) -> None:
        self.meanings: list[T] = []
        self._known: dict[T, int] = {}

    def code(self, meaning: T) -> int:
        code = self._known.get(meaning)
        if code is None:
            code = self._known[meaning] = len(self.meanings)
            self.meanings.append(meaning)
        return code


def _starts(lengths: Sequence[int]) -> NDArray[Any]:
    import numpy

    found = numpy.zeros(len(lengths) + 1, numpy.int64)
    numpy.cumsum(lengths, out=found[1:])
    return found


def _alone(pools: Pools, amounts: NDArray[Any], column: int, code: int) -> OfferProfile:
    """An offer that states what a code of a column means and nothing else."""
    if column == AMOUNTS:
        minimum, capacity, unit = amounts[code].tolist()
        return OfferProfile(
            "", "", unit=pools.units[int(unit)], minimum=_known(minimum), monthly_capacity=_known(capacity)
        )
    if column == SHIPS:
        return OfferProfile("", "", ships_to=pools.ships[code])
    if column == LEAD:
        return OfferProfile("", "", lead_days=pools.leads[code])
    return OfferProfile("", "", incoterms=pools.incoterms[code])


def _known(number: float) -> float | None:
    return None if isnan(number) else number


def _kin(shared: dict[Any, Any], goods: list[str], attributes: dict[str, list[str]], figures: list[list[Any]]) -> Kin:
    """A kin whose parts are shared with others that say the same."""
    own = {name: frozenset(each) for name, each in attributes.items()}
    key = tuple(sorted((name, tuple(each)) for name, each in attributes.items()))
    numbers = tuple((name, value) for name, value in figures)
    return (
        shared.setdefault(("goods", *goods), tuple(goods)),
        shared.setdefault(("attributes", key), own),
        shared.setdefault(("figures", numbers), numbers),
    )
