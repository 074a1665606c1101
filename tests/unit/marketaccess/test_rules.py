"""Which requirements concern which goods on their way to which country."""

from datetime import date
from pathlib import Path

import pytest

from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.datafiles import DataFault
from marketplace.marketaccess.facts import FILE, load_facts, read_facts
from marketplace.marketaccess.rules import (
    SEA_INCOTERMS,
    RequirementLevel,
    applies,
    evidence_for,
    halal_recognition_for,
    origin_forms_for,
    requirements_for,
)

FACTS = load_facts()


@pytest.mark.parametrize(
    ("hs_code", "destination", "claims", "present", "absent"),
    [
        ("090111", "DE", (), {"eu-eudr-coffee", "eu-mrl", "id-peb"}, {"eu-organic", "eu-ota-coffee", "us-ffr"}),
        ("090121", "DE", (), {"eu-ota-coffee", "eu-acrylamide", "de-coffee-tax"}, {"it-usmaf"}),
        ("090121", "IT", (), {"it-usmaf"}, {"de-coffee-tax"}),
        ("151311", "DE", (), {"eu-oil-contaminants", "eu-tariff-gsp"}, {"eu-eudr-coffee", "eu-eudr-wood"}),
        ("440220", "DE", (), {"eu-eudr-negative", "any-charcoal-dg"}, {"eu-eudr-wood", "eu-food-law", "id-svlk"}),
        ("440290", "DE", (), {"eu-eudr-wood", "any-charcoal-dg"}, set()),
        ("441919", "DE", (), {"eu-eudr-negative", "eu-food-contact"}, {"eu-eudr-wood"}),
        ("441920", "DE", (), {"eu-eudr-wood", "id-svlk"}, set()),
        ("940360", "GB", (), {"uk-utr"}, set()),
        ("090111", "US", ("organic",), {"us-ffr", "us-fsvp", "us-nop"}, {"us-cpsia"}),
        ("090111", "US", (), {"us-ffr"}, {"us-nop"}),
        ("170290", "HK", (), {"hk-612-registration", "hk-label"}, {"us-ffr"}),
        ("090111", "CN", (), {"cn-280", "cn-access-coffee"}, set()),
        ("460212", "US", (), {"us-lacey"}, {"us-ffr"}),
        ("090111", "AU", (), {"au-bicon-coffee"}, {"au-bicon-plants"}),
        ("640219", "DE", (), {"id-peb"}, {"eu-food-law"}),
    ],
)
def test_requirements_reach_the_goods_they_are_made_for(
    hs_code: str, destination: str, claims: tuple[str, ...], present: set[str], absent: set[str]
) -> None:
    found = {requirement.id for requirement in requirements_for(FACTS, hs_code, destination, claims)}
    assert present <= found
    assert not absent & found


def test_binding_requirements_come_first() -> None:
    levels = [requirement.level for requirement in requirements_for(FACTS, "090111", "DE")]
    assert levels == sorted(levels, key=list(RequirementLevel).index)


def test_every_commodity_has_something_to_show_everywhere() -> None:
    for commodity in load_registry():
        for destination in set(FACTS.destinations) - {"ANY", "EU"}:
            assert evidence_for(requirements_for(FACTS, commodity.hs, destination))


def test_every_requirement_but_prohibitions_concerns_some_commodity() -> None:
    codes = {code for commodity in load_registry() for code in commodity.hs_codes}
    places = set(FACTS.destinations) - {"ANY", "EU"}
    idle = [
        requirement
        for requirement in FACTS.requirements
        if not any(
            applies(requirement, code, place, ("organic", "halal"), FACTS.blocs) for code in codes for place in places
        )
    ]
    # What may not be exported at all (raw rattan) is listed without being on offer.
    assert {requirement.kind for requirement in idle} <= {"prohibition"}


def test_a_requirement_knows_its_next_step_and_when_it_wants_checking() -> None:
    eudr = next(r for r in FACTS.requirements if r.id == "eu-eudr-coffee")
    before = eudr.effective[0].day.replace(year=eudr.effective[0].day.year - 1)
    assert not eudr.is_in_force(before)
    assert eudr.next_step(before) == eudr.effective[0]
    assert eudr.next_step(date(2100, 1, 1)) is None
    assert eudr.wants_checking(date(2100, 1, 1))


def test_origin_forms_and_halal_by_destination() -> None:
    forms = [form.form for form in origin_forms_for(FACTS, "090111", "CN")]
    assert forms.index("Form E") < forms.index("Form B (SKA Umum)")
    recognised = halal_recognition_for(FACTS, "SA")
    assert recognised is not None
    assert recognised.indonesian_body == "BPJPH"


def test_sea_terms_are_known_without_the_file() -> None:
    assert {code for code, term in FACTS.incoterms.items() if term.is_sea_only} == SEA_INCOTERMS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("level: mandatory", "level: strict", "strict"),
        ("  - '*'", "  - '9x'", "no HS prefix"),
        ("  - ANY\n  side", "  - XX\n  side", "destinations"),
        ("- id: id-peb", "- id: id-nib", "twice"),
        ("  - nib\n", "  - nix\n", "nix"),
        ("date: '2025-06-05'", "date: '2025-13-05'", "month"),
    ],
)
def test_unsound_facts_are_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    head, mark, tail = text.partition("\nrequirements:")
    assert old in tail
    (tmp_path / "facts.yaml").write_text(head + mark + tail.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFault, match=told):
        read_facts(tmp_path / "facts.yaml")
