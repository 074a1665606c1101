"""Whether a buyer demands a thing, would like it, or refuses it."""

import re

from matching.reader.cues import Cued

_CLAUSE_END = re.compile(
    r"[.;!?\n。；！？]|(?<=[\u3400-\u9fff0-9]) (?=[\u3400-\u9fff])|,(?=\s)|，|、| - | but | aber | tapi | sondern |"
    r" jedoch |但",
    re.IGNORECASE,
)
_REFUSED_BEFORE = Cued(
    r"(?:\bno\b|\bnot\b|\bnon\b|\bwithout\b|\bexcept\b|\bexcluding\b|\bno more\b|\bnever\b|\bavoid\b|"
    r"\brather than\b|\binstead of\b|"
    r"\bbukan\b|\btanpa\b|\btidak\b|\bjangan\b|\bkecuali\b|\bkein(?:e|en|er|em)?\b|\bohne\b|\bnicht\b|\baußer\b|"
    r"\bstatt\b|\banstelle\b|\bketimbang\b|\bnor\b|"
    r"不要|不含|不需要|不需|不用|无需|無需|非|除了|没有|不是|唔要|勿)[\s:,\w-]{0,14}$|"
    r"\b(?:neither|weder)\b[\s\w-]{0,32}$|未[经經]?$",
    (
        *("no", "without", "except", "exclud", "never", "avoid", "rather", "instead", "bukan", "tanpa", "tidak"),
        *("jangan", "kecuali", "kein", "ohne", "nicht", "außer", "statt", "anstelle", "ketimbang", "neither", "weder"),
        *"不无無非除没勿唔未",
    ),
)
_NOT_NEEDED_AFTER = Cued(
    r"^-?(?:free\b|frei(?:e[nrsm]?)?\b)|"
    r"^\s+(?:nicht|jangan|nggak|gak|ndak|nein)\s*$|"
    r"^[\s\w-]{0,16}?\b(?:not (?:needed|required|necessary|wanted|acceptable)|unnecessary|n't needed|"
    r"isn't needed|(?:is |are )?(?:of )?no use|optional|no(?:t a)? must|doesn't matter|does not matter|"
    r"tidak (?:perlu|wajib|harus)|tak perlu|(?:tidak|tak|n?g?gak?|ndak) usah|"
    r"nicht (?:nötig|erforderlich|notwendig|gewünscht)|nicht zwingend|"
    r"entfällt|muss nicht|kein muss|egal|tidak masalah|bebas saja)|"
    r"^[\s\u3400-\u9fff]{0,3}?(?:不需要|不用|不必|唔使|非必须|非必需|不强制|无所谓|不要求|可有可无|非必要)|"
    r"^[\s\u3400-\u9fff]{0,3}?(?:[都也]?(?:不要|唔要)|免)\s*$",
    (
        *("free", "frei", "nicht", "jangan", "nggak", "gak", "ndak", "nein", "no", "unnecess", "n't", "optional"),
        *("tidak", "tak", "usah", "entfällt", "muss", "egal", "bebas", *"不唔非无可免"),
    ),
)
_WISHED_BEFORE = Cued(
    r"(?:\bideally\b|\bprefer(?:ably|red|ring|ence)?\b|\bif possible\b|\bnice to have\b|\bwould be nice\b|"
    r"\bhopefully\b|\bmaybe\b|"
    r"\bdiutamakan\b|\blebih (?:suka|bagus|baik)\b|\bkalau (?:bisa|ada)\b|\bsebaiknya\b|\bboleh\b|"
    r"\bgerne?\b|\bbevorzugt\b|\bidealerweise\b|\bmöglichst\b|\bwenn möglich\b|\bwünschenswert\b|最好|优先|優先|希望|"
    r"尽量)[\s:(,\w-]{0,14}$",
    (
        *("ideal", "prefer", "possible", "nice", "hopefully", "maybe", "diutamakan", "lebih", "kalau", "sebaiknya"),
        *("boleh", "gern", "bevorzugt", "möglich", "wünsch", "最好", "优先", "優先", "希望", "尽量"),
    ),
)
_WISHED_AFTER = Cued(
    r"^[\s\w,-]{0,18}?(?:\bideally\b|\bpreferred\b|\bpreferably\b|\bif possible\b|\bwould be (?:nice|great|"
    r"a plus)\b|\bis a plus\b|"
    r"\ba bonus\b|\blebih (?:suka|bagus|baik|disukai)\b|\bkalau (?:bisa|ada)\b|\bdiutamakan\b|\b"
    r"w(?:ä|ae)re? (?:schön|toll|super|gut|prima)\b|\bif you (?:have|do|can)\b|\b(?:falls|wenn) vorhanden\b|"
    r"\bbevorzugt\b|\bwenn möglich\b|\bwünschenswert\b|优先|優先|最好|为佳|為佳)",
    (
        *("ideally", "prefer", "possible", "would be", "plus", "bonus", "lebih", "kalau", "diutamakan", "wär", "waer"),
        *("if you", "vorhanden"),
        *("bevorzugt", "möglich", "wünsch", "优先", "優先", "最好", "为佳", "為佳"),
    ),
)


def stance_of(text: str, start: int, end: int) -> str:
    """``required``, ``preferred`` or ``excluded`` for the words at a place in a request."""
    before = text[max(0, start - 40) : start]
    breaks = list(_CLAUSE_END.finditer(before))
    if breaks:
        before = before[breaks[-1].end() :]
    after = text[end : end + 40]
    stop = re.search(r"[.;!?\n。；，,()]|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff0-9])", after)
    after = after[: stop.start()] if stop else after
    if _REFUSED_BEFORE.search(before) or _NOT_NEEDED_AFTER.search(after):
        return "excluded"
    if _WISHED_BEFORE.search(before) or _WISHED_AFTER.search(after):
        return "preferred"
    return "required"
