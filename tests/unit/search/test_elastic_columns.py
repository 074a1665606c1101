"""What a document's column for the second look keeps, however short it is written."""

from __future__ import annotations

from base64 import b64decode

import pytest

from search.document import Document
from search.engines.elastic.columns import LOOK, columns_of, look_of

WHOLE = ("food", "food/drinks", "food/drinks/coffee")


def column(categories: tuple[str, ...], commodities: tuple[str, ...], concepts: tuple[str, ...]) -> str:
    document = Document(
        "product", 1, 1, {"en": "Gayo coffee"}, keywords={"category": categories, "commodity": commodities}
    )
    packed: str = columns_of(document, concepts)[LOOK]
    return packed


@pytest.mark.parametrize(
    ("categories", "commodities", "concepts"),
    [
        ((), (), ()),
        (WHOLE, ("arabica",), (*WHOLE, "arabica", "place/ID/malang")),
        (WHOLE, ("arabica",), (*WHOLE, "arabica")),
        (WHOLE, ("arabica",), ("organic",)),  # concepts that do not say the goods again
        (("food/drinks/coffee",), (), ()),  # a path without its steps
        (("food", "food/drinks/coffee", "craft"), (), ("craft",)),
        ((*WHOLE, "craft", "craft/wood"), ("a", "b"), ("a", "b", *WHOLE, "craft", "craft/wood")),
        (("Home / Kitchen",), (), ()),
        (("a//b",), (), ()),
    ],
)
def test_goods_are_read_as_they_were_written(
    categories: tuple[str, ...], commodities: tuple[str, ...], concepts: tuple[str, ...]
) -> None:
    look = look_of({"fields": {LOOK: [column(categories, commodities, concepts)]}})
    assert look.categories == tuple(sorted(categories))
    assert look.commodities == tuple(sorted(commodities))
    assert look.concepts == tuple(sorted(concepts))
    assert look.is_whole


def test_goods_are_written_once() -> None:
    said = b64decode(column(WHOLE, ("arabica",), (*WHOLE, "arabica", "place/ID/malang"))).decode()
    assert said.count("food") == said.count("arabica") == 1
