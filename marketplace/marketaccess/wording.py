"""The facts' own words in the site's languages: titles, names of evidence and set phrases, complete or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marketplace.i18n.locales import LOCALES
from marketplace.kernel.datafiles import DataFault, Tree, load_yaml
from marketplace.marketaccess.facts import load_facts
from marketplace.marketaccess.rules import EvidenceKind, MarketFacts, Requirement

FILE = Path(__file__).parent / "data" / "wording.yaml"
NOTHING = "-"  # how the facts write that there is no proof or no Indonesian body
_ENGLISH = "en"

Texts = Mapping[str, Mapping[str, str]]  # key -> locale -> text


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for one edition of the facts; made by ``load_wording``."""

    titles: Texts
    evidence: Texts
    phrases: Texts

    def title(self, requirement: Requirement, locale: str) -> str:
        """The requirement's title."""
        return requirement.title if locale == _ENGLISH else self.titles[requirement.id][locale]

    def evidence_name(self, kind: EvidenceKind, locale: str) -> str:
        """What the exporter shows."""
        return kind.labels[locale] if locale in kind.labels else self.evidence[kind.key][locale]

    def phrase(self, text: str, locale: str) -> str:
        """A condition, state or kind of proof; names of forms and agreements without a translation stay as they are."""
        return text if locale == _ENGLISH else self.phrases.get(text, {}).get(locale, text)


@cache
def load_wording() -> Wording:
    """The words, read once; raises ``DataFault`` naming the place when a key or a language is missing or too many."""
    return read_wording(FILE, load_facts())


def read_wording(path: Path, facts: MarketFacts) -> Wording:
    """The words in ``path`` for these facts, read anew."""
    tree = load_yaml(path)
    others = set(LOCALES) - {_ENGLISH}
    evidence_languages = {key: others - set(kind.labels) for key, kind in facts.evidence.items()}
    titles = {requirement.id: others for requirement in facts.requirements}
    needed = dict.fromkeys(_phrases(facts), others)
    names = {text: others for form in facts.origin_forms for text in (form.form, form.agreement)}
    return Wording(
        titles=_checked(tree, "requirements", titles),
        evidence=_checked(tree, "evidence", evidence_languages),
        phrases=_checked(tree, "phrases", needed, names),
    )


def _phrases(facts: MarketFacts) -> set[str]:
    """Texts of the facts that are said again and again and so are worth translating."""
    found = {requirement.condition for requirement in facts.requirements}
    found |= {text for form in facts.origin_forms for text in (form.status, form.proof)}
    found |= {recognition.status for recognition in facts.halal}
    return found - {"", NOTHING}


def _checked(
    tree: Tree, part: str, needed: Mapping[str, set[str]], allowed: Mapping[str, set[str]] | None = None
) -> Texts:
    texts: Texts = tree.get(part) or {}
    known = {**(allowed or {}), **needed}
    for key in needed.keys() - texts.keys():
        raise DataFault(f"{part}: {key!r} has no words")
    for key, words in texts.items():
        if key not in known:
            raise DataFault(f"{part}: {key!r} is not in the facts")
        if set(words) != known[key]:
            raise DataFault(f"{part}: {key!r} is in {sorted(words)}, not in {sorted(known[key])}")
        if not all(text.strip() for text in words.values()):
            raise DataFault(f"{part}: {key!r} has an empty text")
    return texts
