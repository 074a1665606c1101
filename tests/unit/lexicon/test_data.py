"""The shipped lexicon holds together."""

from importlib.resources import files

import pytest

from search.lexicon.lexicon import Lexicon
from search.lexicon.loader import LexiconFault, faults, load_shipped, read_concepts
from search.lexicon.model import LANGUAGES, Concept
from search.lexicon.tokens import tokens


@pytest.fixture(scope="module")
def concepts() -> list[Concept]:
    return load_shipped()


def test_nothing_contradicts_itself(concepts: list[Concept]) -> None:
    assert faults(concepts) == []
    assert len([each for each in concepts if each.kind in ("family", "product")]) >= 140


def test_a_name_means_one_thing_in_a_language(concepts: list[Concept]) -> None:
    owner: dict[tuple[str, str], str] = {}
    clashes = []
    for concept in concepts:
        for lang, names in concept.names.items():
            for name in names:
                key = (lang, "".join(token.form for token in tokens(name)))
                if owner.setdefault(key, concept.id) != concept.id:
                    clashes.append((lang, name, owner[key], concept.id))
    assert clashes == []


def test_every_commodity_is_named_in_five_languages(concepts: list[Concept]) -> None:
    source = files("search.lexicon").joinpath("data", "commodities.yaml").read_text(encoding="utf-8")
    goods = read_concepts(source)
    assert len(goods) == 89
    assert [each.id for each in goods if each.hs == () or set(each.names) != set(LANGUAGES)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_preferred_names_lead_back_to_their_concept(concepts: list[Concept], lang: str) -> None:
    lexicon = Lexicon()
    lost = []
    for concept in concepts:
        if concept.names.get(lang):
            name = concept.names[lang][0]
            found = [hit.concept for hit in lexicon.find(name, lang)]
            if concept.id not in found:
                lost.append((name, concept.id, found))
    assert lost == []


@pytest.mark.parametrize(
    "source",
    [
        "kind: product\nconcepts:\n- {concept: a, en: one, en: two}",
        "kind: product\nconcepts:\n- {concept: a, colour: red}",
        "kind: product\nconcepts:\n- {en: nameless}",
        "other: 1\nconcepts: []",
    ],
)
def test_typing_errors_stop_the_loader(source: str) -> None:
    with pytest.raises((LexiconFault, KeyError)):
        read_concepts(source)


def test_faults_are_all_named() -> None:
    wrong = read_concepts(
        "kind: nonsense\nconcepts:\n- {concept: a, broader: b, hs: '12'}\n- {concept: b, broader: a}\n"
        "- {concept: b}\n- {concept: c, substitutes: z, facts: {parts: a+nowhere}}"
    )
    text = "; ".join(faults(wrong))
    for part in ("defined twice", "unknown kind", "z does not exist", "six digits", "part nowhere does not exist"):
        assert part in text


def test_circles_are_found() -> None:
    wrong = read_concepts("kind: product\nconcepts:\n- {concept: a, broader: b}\n- {concept: b, broader: a}")
    assert "broader than itself" in "; ".join(faults(wrong))


def test_an_overlay_adds_and_replaces() -> None:
    added = read_concepts("kind: product\nconcepts:\n- {concept: glimmer-root, broader: food/spices, en: glimmer root}")
    plain, laid_over = Lexicon(), Lexicon(added)
    assert plain.find("glimmer root", "en") == []
    assert [hit.concept for hit in laid_over.find("two tons of glimmer roots", "en")] == ["glimmer-root"]
    assert laid_over.closure("glimmer-root") == ("glimmer-root", "food/spices", "food")
    assert plain.version != laid_over.version


def test_a_wrong_overlay_is_refused() -> None:
    with pytest.raises(LexiconFault):
        Lexicon(read_concepts("kind: product\nconcepts:\n- {concept: a, broader: nowhere}"))


def test_a_word_of_a_misspelt_name_is_put_right_in_other_names() -> None:
    lexicon = Lexicon()
    found = [hit.concept for hit in lexicon.find("tumeric powder or tumeric fingers", "en", repair=True)]
    assert found == ["turmeric-powder", "turmeric-dried"]
    assert lexicon.knows("tumeric")
    assert not lexicon.knows("tumericky")
