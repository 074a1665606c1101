"""Offers that came since the others were learnt are found by their goods, and only by those they are of now."""

from matching.arrivals import Arrivals
from search.analysis import lexicon


def test_they_are_found_by_what_their_goods_are_kinds_of() -> None:
    arrivals = Arrivals(lexicon())
    arrivals.add("1", ("coconut-sugar",))
    arrivals.add("2", ("coconut-sugar",))
    arrivals.add("3", ("batik-fabric", "coconut-sugar"))
    arrivals.add("4", ("batik-fabric",))
    above = lexicon().closure("coconut-sugar")[-1]
    assert sorted(arrivals.of_goods({"coconut-sugar"})) == ["1", "2", "3"]
    assert set(arrivals.of_goods({above})) >= {"1", "2", "3"}
    assert arrivals.of_goods(set()) == []


def test_an_offer_of_other_goods_now_is_found_by_those_alone() -> None:
    arrivals = Arrivals(lexicon())
    arrivals.add("1", ("coconut-sugar",))
    arrivals.add("1", ("batik-fabric",))
    assert arrivals.of_goods({"coconut-sugar"}) == []
    assert arrivals.of_goods({"batik-fabric"}) == ["1"]
    assert list(arrivals) == ["1"]


def test_what_went_is_not_found() -> None:
    arrivals = Arrivals(lexicon())
    arrivals.add("1", ("coconut-sugar",))
    arrivals.drop("1")
    arrivals.drop("unknown")
    assert "1" not in arrivals
    assert not arrivals
    assert arrivals.of_goods({"coconut-sugar"}) == []
