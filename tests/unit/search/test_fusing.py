"""Two orders in one, by ranks."""

from __future__ import annotations

import pytest

from search.evaluation.fusing import fused


def test_first_in_both_is_first() -> None:
    found = fused(["a", "b"], ["a", "c"], 1.0)
    assert found[0] == ("a", pytest.approx(2 / 61))
    assert [name for name, _ in found[1:]] == ["b", "c"]  # equals by name


def test_the_weight_decides_between_the_orders() -> None:
    words, near = ["a", "b", "c"], ["c", "b", "a"]
    assert [name for name, _ in fused(words, near, 0.1)] == ["a", "b", "c"]
    assert [name for name, _ in fused(words, near, 10.0)] == ["c", "b", "a"]


def test_what_one_order_lacks_is_kept() -> None:
    assert [name for name, _ in fused([], ["x"], 0.5)] == ["x"]
    assert fused(["y"], [], 0.5) == [("y", 1 / 61)]
