"""Reasons in the order in which buyers of these goods decide: what the registry calls critical comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from marketplace.catalogue.registry.loading import load_registry
from marketplace.matchmaking.rules import FIGURES
from search.analysis import lexicon, remembered

if TYPE_CHECKING:
    from matching.answer import Match

# Dimensions of the thesaurus that the registry's fields call otherwise; the rest bear the field's name.
_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "fabric": ("fibre_composition",), "wood": ("wood_species",), "grade": ("grade", "sni_grade", "size_grade"),
    "shape": ("briquette_shape",), "cut": ("cut_grade",), "roast": ("roast_level",), "mesh": ("mesh_size",),
    "nutmeg-grade": ("bwp_grade",), "oil-method": ("extraction_method",), "cashew-grade": ("cashew_grade",),
    "use": ("use_type",), "charcoal-use": ("use_type",), "vanilla-grade": ("grade",), "fermentation": ("fermented",),
    "tea-leaf": ("tea_type", "tea_grade"), "bee": ("honey_type",), "sugar": ("sugar_added",), "dye": ("dye_type",),
    "fat": ("fat_content_pct",), "gmo": ("gmo_free",), "steam": ("steam_sterilised",), "shrimp-cut": ("form",),
    "clove-grade": ("headless_pct",), "density": ("bulk_density_gl",), "ash": ("ash_colour",),
})  # fmt: skip
_FIELD_OF_FIGURE = {figure: field for field, figure in FIGURES.items()}


def by_weight(match: Match) -> Match:
    """The match with its attributes, those it has, lacks and is silent on, in the order in which buyers decide."""
    like = match.likeness
    ordered = replace(
        like,
        shared=_ordered(like.shared, like.goods),
        missing=_ordered(like.missing, like.goods),
        open=_ordered(like.open, like.goods),
    )
    return replace(match, likeness=ordered, further=tuple(by_weight(each) for each in match.further))


def _ordered(concepts: tuple[str, ...], goods: str) -> tuple[str, ...]:
    return tuple(sorted(concepts, key=lambda concept: not decides(goods, concept)))


@remembered(4_096)
def decides(goods: str, concept: str) -> bool:
    """Whether buyers of some goods decide by an attribute or figure; never for goods the registry does not have."""
    registry = load_registry()
    commodity = registry.commodities.get(goods)
    if commodity is None:
        return False
    known = lexicon().concepts.get(concept)
    dimension = str(known.facts.get("dimension", "")) if known else ""
    named = _FIELD_OF_FIGURE.get(concept)
    fields = (named,) if named else (*_FIELDS.get(dimension, ()), dimension)
    return any(registry.decides(field, [commodity]) for field in fields)
