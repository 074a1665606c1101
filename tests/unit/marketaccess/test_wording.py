"""The facts' words: every key in every language, no key too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.i18n.locales import LOCALES
from marketplace.kernel.datafiles import DataFault
from marketplace.marketaccess.facts import load_facts
from marketplace.marketaccess.rules import countries_of, origin_forms_for
from marketplace.marketaccess.wording import FILE, load_wording, read_wording

FACTS = load_facts()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_title_name_and_phrase_has_words(locale: str) -> None:
    words = load_wording()
    assert all(words.title(requirement, locale).strip() for requirement in FACTS.requirements)
    assert all(words.evidence_name(kind, locale).strip() for kind in FACTS.evidence.values())
    assert all(words.phrase(form.status, locale).strip() for form in FACTS.origin_forms)


def test_words_are_those_of_the_language() -> None:
    words = load_wording()
    coffee = next(one for one in FACTS.requirements if one.id == "eu-eudr-coffee")
    assert words.title(coffee, "en") == coffee.title
    assert words.title(coffee, "de") == "EUDR: entwaldungsfreier Kaffee"
    assert words.evidence_name(FACTS.evidence["nib"], "id") == "Nomor Induk Berusaha"
    assert words.evidence_name(FACTS.evidence["packing_list"], "zh_Hans") == "装箱单"
    assert words.evidence_name(FACTS.evidence["packing_list"], "zh_Hant") == "裝箱單"
    assert words.phrase("in force", "de") == "in Kraft"
    assert words.phrase("Form D", "de") == "Form D"


@pytest.mark.parametrize("locale", ["id", "de", "zh_Hans", "zh_Hant"])
def test_titles_are_translated_and_not_copied(locale: str) -> None:
    words = load_wording()
    copied = [one.id for one in FACTS.requirements if words.title(one, locale) == one.title]
    assert copied == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  id-nib:\n", "  id-nob:\n", "'id-nib' has no words"),
        ("phrases:\n", '  strange:\n    de: "x"\n    zh_Hans: "x"\n    zh_Hant: "x"\nphrases:\n', "not in the facts"),
        ('    de: "Packliste"\n', "", "'packing_list' is in"),
        ('    de: "Packliste"\n', '    de: " "\n', "'packing_list' has an empty text"),
        ('    de: "Packliste"\n', '    de: "Packliste"\n    fr: "Liste"\n', "'packing_list' is in"),
        ('  "in force":\n', '  "in farce":\n', "'in force' has no words"),
    ],
)
def test_a_gap_or_a_stranger_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = tmp_path / "wording.yaml"
    changed.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFault, match=told):
        read_wording(changed, FACTS)


def test_origin_forms_are_those_of_the_goods_and_the_way() -> None:
    coffee = [form.form for form in origin_forms_for(FACTS, "090111", "DE")]
    assert "Form ICO" in coffee
    assert "Form AK / AI / IP / ICC / IK / IE / IM" not in coffee
    assert "Form ICO" not in [form.form for form in origin_forms_for(FACTS, "460212", "DE")]


def test_countries_are_no_groups() -> None:
    found = countries_of(FACTS)
    assert {"DE", "US", "HK"} <= set(found)
    assert not {"EU", "ANY", "OTHER"} & set(found)
