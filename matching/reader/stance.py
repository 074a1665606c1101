"""Whether a buyer demands a thing, would like it, or refuses it."""

import re

from matching.reader.cues import Cued

_CLAUSE_END = re.compile(
    r"[.;!?\n。；！？]|(?<=[\u3400-\u9fff0-9]) (?=[\u3400-\u9fff])|,(?=[\s\u3400-\u9fff])|(?<=[\u3400-\u9fff]),$|"
    r"，|、| - | but | aber | tapi | sondern |"
    r" jedoch |但",
    re.IGNORECASE,
)
_REFUSED_BEFORE = Cued(
    r"(?:\b(?:no|without)\b(?!\s+(?:added\s+\w+|\w+\s+added)\s)|"
    r"\bnot\b(?!\s+(?:only|just|merely|simply|refuse|reject))|\bnon\b|\bexcept\b|"
    r"\bexcluding\b|\bno more\b|\bnever\b|\bavoid\b|"
    r"(?<!can't )(?<!can’t )(?<!cannot )(?<!not )(?<!n't )\b(?:refuse|reject)\b|\b(?:tolak|menolak)\b|"
    r"\brather than\b|\binstead of\b|"
    r"\b(?:bukan|(?<!kalau )(?<!jika )(?<!bila )(?<!klo )tidak)\b(?!\s+(?:hanya|cuma|sekadar|sekedar))|"
    r"\btanpa\b|\bjangan\b|"
    r"\bkecuali\b|\bkein(?:e|en|er|em)?\b|\bohne\b|\bnicht\b(?!\s+(?:nur|bloß|bloss|allein))|\baußer\b|"
    r"\bstatt\b|\banstelle\b|\bketimbang\b|\bnor\b|"
    r"不要|不含|不需要|不需|不用|无需|無需|非|除了|(?<!有)[没沒]有|不是|唔要|唔係|唔系|唔好|拒收|拒绝|拒絕|勿)"
    r"(?P<between>[\s:,/\w-]{0,14})$|\bfree (?:from|of)\s(?:any )?$|"
    r"\b(?:neither|weder)\b[\s\w-]{0,32}$|未[经經]?$|(?:代替|替代|取代)$|(?:\balternatives? to|"
    r"\b(?:substitutes?|replacements?) for|\balternativen? zu|\bersatz für|\bpengganti)\s(?:the |our )?$",
    (
        *(
            "no",
            "free ",
            "without",
            "except",
            "exclud",
            "never",
            "avoid",
            "rather",
            "instead",
            "refuse",
            "reject",
            "alternati",
        ),
        *("tolak", "substitute", "replacement", "ersatz", "pengganti", "bukan", "tanpa", "tidak"),
        *("jangan", "kecuali", "kein", "ohne", "nicht", "außer", "statt", "anstelle", "ketimbang", "neither", "weder"),
        *"不无無非除没沒勿唔未代取拒",
    ),
)
# "to replace our palm oil", not "to replace our palm oil supplier"
_REPLACED_BEFORE = Cued(r"\breplac(?:e|es|ing)\s(?:our |the |all )?$", ("replac",))
_WHO_SELLS_IT = re.compile(r"\s*(?:suppl|sourc|vendor|produc|manufact|sell|stock)", re.IGNORECASE)
_NEAR_WORDS = re.compile(r"\b(?:our|the|any|an?|of|von|vom|des|der|die|das|unsere?m?n?|dari|yang)\b", re.IGNORECASE)
_NOT_NEEDED_AFTER = Cued(
    r"^-?(?:free\b|frei(?:e[nrsm]?)?\b)|"
    r"^\s+(?:nicht|jangan|nggak|gak|ndak|nein)\s*$|"
    r"^[\s\w-]{0,16}?\b(?:not (?:needed|required|necessary|wanted|acceptable|welcome)|unnecessary|n't needed|"
    r"not for us|no thank|kommt nicht in frage|brauchen wir nicht|wollen wir nicht|"
    r"(?:kami )?tidak (?:ambil|terima|mau|butuh)|(?:tidak|jangan|n?g?gak?|ndak|belum) (?:dulu|perlu|usah|minat)|"
    r"not (?:of interest|interesting|asked for|considered)|no interest|(?:uninteressant|nicht (?:gefragt|gesucht|"
    r"von interesse|interessant|in betracht))|interessier(?:t|en) (?:uns|mich) nicht|"
    r"isn't needed|(?:is |are )?(?:of )?no use|not (?:useful|usable)|useless|optional|no(?:t a)? must|"
    r"doesn't matter|does not matter|"
    r"unnötig|überflüssig|tidak (?:perlu|wajib|harus)|tak perlu|(?:tidak|tak|n?g?gak?|ndak) usah|"
    r"nicht (?:nötig|erforderlich|notwendig|gewünscht|anbieten)|nicht zwingend|"
    r"entfällt|muss nicht|kein muss|egal|tidak masalah|bebas saja)|"
    r"^[\s\w-]{0,40}?\b(?:is|are) not what (?:we|i)\b|"
    r"^[\s\u3400-\u9fff]{0,3}?(?:不需要|不用|不必|唔使|非必须|非必需|不强制|无所谓|不要求|可有可无|非必要)|"
    r"^[\s\u3400-\u9fff]{0,3}?(?:[都也]?(?:不要|唔要)|免)\s*$|^[\s\u3400-\u9fff]{0,3}?(?:暂时?|暫時?|先|这次|這次)不[要用需看买買考]",
    (
        *("free", "frei", "nicht", "jangan", "nggak", "gak", "ndak", "nein", "no", "unnecess", "n't", "optional"),
        *(
            "tidak",
            "tak",
            "usah",
            "dulu",
            "minat",
            "interess",
            "entfällt",
            "unnötig",
            "überflüssig",
            "muss",
            "egal",
            "bebas",
            *"不唔非无可免",
        ),
        *(" not ", "frage", "nicht", "useless"),
    ),
)
_WISHED_BEFORE = Cued(
    r"(?:\bideally\b|\bprefer(?:ably|red|ring|ence)?\b|\bif (?:at all )?possible\b|\bnice to have\b|\bwould be nice\b|"
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
    r"^[\s\w,-]{0,18}?(?:\bideally\b|\bpreferred\b|\bpreferably\b|\bif (?:at all )?possible\b|\bwould be (?:nice|great|"
    r"a plus)\b|\bis a plus\b|\bappreciated\b|\berwünscht\b|\bgern gesehen\b|\b(?:nice to have|welcome|willkommen)\b|"
    r"\ba bonus\b|\blebih (?:suka|bagus|baik|disukai)\b|\bkalau (?:bisa|ada)\b|\bdiutamakan\b|\b"
    r"w(?:ä|ae)re? (?:schön|toll|super|gut|prima)\b|\bif you (?:have|do|can)\b|\b(?:falls|wenn) vorhanden\b|"
    r"\bbevorzugt\b|\bwenn möglich\b|\bwünschenswert\b|优先|優先|最好|为佳|為佳|加分|更好)",
    (
        *("ideally", "prefer", "possible", "would be", "plus", "bonus", "lebih", "kalau", "diutamakan", "wär", "waer"),
        *("nice", "welcome", "willkommen", "加分", "更好", "appreciated", "erwünscht", "gern gesehen"),
        *("if you", "vorhanden"),
        *("bevorzugt", "möglich", "wünsch", "优先", "優先", "最好", "为佳", "為佳"),
    ),
)


_ASKED = re.compile(r"\b(?:n?g?gak?|nggak|engga?k?|ndak|tidak|ga|nicht)\s*$", re.IGNORECASE)
_OPEN_AFTER = re.compile(
    r"^[\s\w-]{0,16}?\b(?:optional|doesn't matter|does not matter|don't mind|either way|egal|"
    r"spielt keine rolle|tidak masalah|gak masalah|bebas saja|bebas)\b|"
    r"^\s+(?:or not|oder nicht|atau tidak)\b|"
    r"^[\s\u3400-\u9fff]{0,5}?(?:无所谓|無所謂|可有可无|可有可無|都可以|都行|都得|均可|不限)",
    re.IGNORECASE,
)


def is_left_open(text: str, end: int) -> bool:
    """Whether a quality may be or not: "cut or whole, doesn't matter", "geschnitten egal"."""
    return bool(_OPEN_AFTER.match(text[end : end + 32].split(",", maxsplit=1)[0]))


def is_refused_from_afar(text: str, start: int, end: int) -> bool:
    """Whether a refusal may well be of what stands between it and the words: "不要太甜的椰糖", "to replace ..."."""
    before = _clause_before(text, start)
    if _NOT_NEEDED_AFTER.search(text[end : end + 40]):
        return False
    refused = _REFUSED_BEFORE.search(before)
    if refused is None:
        return True
    return bool(re.search(r"\w", _NEAR_WORDS.sub("", refused["between"] or "")))


def _clause_before(text: str, start: int) -> str:
    before = text[max(0, start - 40) : start]
    breaks = list(_CLAUSE_END.finditer(before))
    return before[breaks[-1].end() :] if breaks else before


# "ohne Schale ABCD", "tanpa kulit G1": the noun is refused, the grade after it is not
_NOUN_REFUSED = re.compile(r"\b[Oo]hne\s+[A-ZÄÖÜ][a-zäöüß]{2,}\s+$")
_GRADE = re.compile(r"[A-Z0-9][A-Z0-9 /.-]*")


def _is_of_another(refused: re.Match[str], words: str) -> bool:
    """Whether a refusal is of a noun between it and the words, and of these no more."""
    between = refused["between"] or ""
    is_grade = (
        bool(_GRADE.fullmatch(words))
        and bool(re.search(r"[^\W\d_]{3}", _NEAR_WORDS.sub("", between)))
        and "/" not in between
    )
    return is_grade or bool(_NOUN_REFUSED.search(refused.string, refused.start(), refused.end()))


def stance_of(text: str, start: int, end: int) -> str:
    """``required``, ``preferred`` or ``excluded`` for the words at a place in a request."""
    before = _clause_before(text, start)
    after = text[end : end + 40]
    stop = re.search(r"[.;!?？\n。；，,()]|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff0-9])", after)
    is_question = stop is not None and stop.group() in "?？"
    after = after[: stop.start()] if stop else after
    if is_question:  # "ada teh hitam gak?" asks whether there is any
        after = _ASKED.sub("", after)
    refused = _REFUSED_BEFORE.search(before)
    if (refused and not _is_of_another(refused, text[start:end])) or _NOT_NEEDED_AFTER.search(after):
        return "excluded"
    if _REPLACED_BEFORE.search(before) and not _WHO_SELLS_IT.match(text, end):
        return "excluded"
    if _WISHED_BEFORE.search(before) or _WISHED_AFTER.search(after):
        return "preferred"
    return "required"
