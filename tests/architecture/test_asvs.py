"""T27: the list of OWASP's ASVS answers every item, and what it names exists."""

from __future__ import annotations

from tests.support.asvs import BEYOND, MET, NOT_HERE, NOT_MET, PAGE, is_there, lines, page, wanted


def test_t27_the_standards_numbers_are_whole() -> None:
    levels = list(wanted().values())
    assert (levels.count(1), levels.count(2), levels.count(3)) == (70, 183, len(BEYOND))


def test_t27_every_item_has_a_line_and_no_line_is_left_over() -> None:
    found = lines()
    assert [each.number for each in found] == list(wanted())
    for each in found:
        assert each.state in {MET, NOT_MET, NOT_HERE}, each
        assert each.about, each
        assert each.why or each.state == MET, each  # what is not met, or does not apply, says why
        assert each.evidence or each.state == NOT_HERE, each


def test_t27_whatever_is_named_exists() -> None:
    missing = {(each.number, one) for each in lines() for one in each.evidence if not is_there(one)}
    assert not missing


def test_t27_a_test_that_is_not_there_is_noticed() -> None:
    assert is_there("tests/architecture/test_asvs.py::test_t27_whatever_is_named_exists")
    assert not is_there("tests/architecture/test_asvs.py::test_t27_nothing")
    assert not is_there("docs/ref-nothing.md")


def test_t27_the_page_is_drawn_from_the_list() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
