"""Published claims: what a buyer relies on and a curator has checked. Changing one goes back to review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Fields whose value is a promise about nature, safety, grade or law; a price or a moisture figure is none.
CLAIM_FIELDS = frozenset({
    "certifications", "organic_status", "sni_grade", "grade", "size_grade", "cut_grade", "bwp_grade", "cashew_grade",
    "tea_grade", "species", "variety", "cup_score", "honey_type", "wood_species", "leather_type", "botanical_name",
    "gmo_free", "sugar_added", "allergens", "alcohol_free", "azo_free", "antibiotics_tested",
    "food_contact_tested", "lead_cadmium_release_tested", "legality_document", "cites_listed", "cpnp_cpsr",
    "cosmetic_notification", "steam_sterilised", "salmonella_25g", "ecoli",
})  # fmt: skip

# Words that make a claim in a title or description, by claim, in the five languages.
_WORDS = {
    "organic": r"organi[ck]\w*|\bbio\b|bio-\w+|ökologisch\w*|有机|有機",
    "halal": r"halal\w*|清真",
    "kosher": r"kosher|koscher|犹太洁食|猶太潔食",
    "fair": r"fair[\s-]?trade|perdagangan adil|公平贸易|公平貿易",
    "certified": r"certif\w+|sertifika\w*|bersertifikat|zertifi\w+|认证|認證",
    "grade": r"\bgrade\s*\w+|\bmutu\s+\w+|\bgüteklasse\s*\w+|\bpremium\b|特级|特級|一级|一級",
    "health": r"\bcures?\b|\bheals?\b|\btreats?\b|\bmedicin\w+|\bobat\b|menyembuhkan|mengobati|khasiat|heilt|heilend\w*"
    r"|heilmittel|治疗|治療|药用|藥用|抗癌",
    "free": r"gluten[\s-]?free|glutenfrei\w*|bebas gluten|无麸质|無麩質|\bnon[\s-]?gmo\b|gmo[\s-]?free|bebas gmo"
    r"|gentechnikfrei\w*|非转基因|非轉基因|pesticide[\s-]?free|bebas pestisida|无农药|無農藥",
    "sugar": r"sugar[\s-]?free|zuckerfrei\w*|bebas gula|无糖|無糖",
    "origin": r"geographical indication|indikasi geografis|geografische angabe|地理标志|地理標誌|single[\s-]?origin",
    "sustainable": r"sustainab\w+|berkelanjutan|nachhaltig\w*|可持续|可持續|deforestation[\s-]?free|entwaldungsfrei\w*",
}
_PATTERNS = {claim: re.compile(pattern, re.IGNORECASE) for claim, pattern in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything a listing claims, as values that can be compared."""

    commodity: str
    hs_code: str
    origin: tuple[str, str, int | None]
    specs: Mapping[str, object]
    certificates: frozenset[object]
    words: frozenset[str]


def claim_words(texts: Iterable[str]) -> frozenset[str]:
    """The claims that titles and descriptions make in words: organic, halal, grade …"""
    joined = "\n".join(texts)
    return frozenset(claim for claim, pattern in _PATTERNS.items() if pattern.search(joined))


def changed_claims(before: Claims, after: Claims) -> list[str]:
    """Codes of the claims that differ; a claim word that only disappears from a text promises nothing new."""
    changed = [name for name in ("commodity", "hs_code", "origin") if getattr(before, name) != getattr(after, name)]
    fields = sorted(set(before.specs) | set(after.specs))
    changed += [f"spec:{key}" for key in fields if before.specs.get(key) != after.specs.get(key)]
    if before.certificates != after.certificates:
        changed.append("certificates")
    changed += [f"text:{claim}" for claim in sorted(after.words - before.words)]
    return changed


def claims_among(specs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """The specifications that are claims."""
    return {key: value for key, value in specs if key in CLAIM_FIELDS}
