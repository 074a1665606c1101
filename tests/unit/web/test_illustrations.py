"""Drawings: complete, repeatable, safe to put into a page."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from marketplace.catalogue.registry.loading import load_registry
from marketplace.web.illustrations import SUBJECTS, illustration


@pytest.mark.parametrize("commodity", SUBJECTS)
def test_every_drawing_is_small_well_formed_and_without_active_content(commodity: str) -> None:
    for seed in range(4):
        text = illustration(commodity, "", seed)
        root = ElementTree.fromstring(text)
        assert root.get("viewBox") == "0 0 400 300"
        assert len(text) < 7000
        assert "style=" not in text
        assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg", "defs", "g", "use", "rect", "circle", "ellipse", "path",
        }  # fmt: skip


def test_the_same_arguments_give_the_same_drawing_and_seeds_differ() -> None:
    first = illustration("clove", "food/spices", 1)
    illustration.cache_clear()
    assert illustration("clove", "food/spices", 1) == first
    assert illustration("clove", "food/spices", 2) != first


def test_a_page_may_hold_two_drawings_without_mixing_up_their_parts() -> None:
    one, other = illustration("clove", "", 1), illustration("clove", "", 2)
    names = [
        {element.get("id") or "" for element in ElementTree.fromstring(text).iter()} - {""} for text in (one, other)
    ]
    assert names[0]
    assert names[0].isdisjoint(names[1])


def test_an_unknown_commodity_is_drawn_by_the_nearest_category() -> None:
    assert "clove" not in illustration("<script>", "food/spices/rare", 1)
    assert illustration("unheard-of", "", 1).startswith("<svg")


def test_every_commodity_of_the_registry_has_a_drawing_of_its_own() -> None:
    assert {commodity.key for commodity in load_registry().commodities.values()} <= set(SUBJECTS)
