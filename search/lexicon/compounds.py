"""German writes several words as one; this takes them apart along words the lexicon knows."""

import re
from collections.abc import Container
from functools import lru_cache
from importlib.resources import files

_LINKS = ("", "s", "n", "en", "es", "e", "er")
_SHORTEST_PART = 3
LONGEST_WORD = 60  # letters; no word of trade is longer, and taking apart takes time with every letter


# Ends of ordinary words in which a name of goods seems to stand: praktische (Tische), Preise (Reise, Reis), Herstellern
# (Teller), Anwendungen (Dung), Oberfläche (Lachs), dreifache (Fächer), Automaten (Tomaten), Zertifikate (Ikat).
_NO_HEAD = re.compile(
    r"(?:(?:[aeiouyckp]|[iaou]s)tisch\w*|(?:gra|zi|so|ti|phi)fisch\w*|(?:[pkgf]|^)reis(?:e\w*)?|reisen?|reisest|"
    r"stell\w*|dungen|lache[nrs]?|lachst|(?:g|st)?reif(?:e\w*|st)?|gerst|fach(?:e\w*|st)?|zimmer[ns]?|parameter\w*|"
    r"automat\w*|\w[aeiou]uste[mnrs]?|schwein\w*|weinen|[aeiou]ieren?|\w[bd]ieren?|pramien?|[fbld]ikat\w*|pauschalen?|"
    r"stark(?:e[mnrs]?)?|software|phosen|(?:roh|werk|inhalts|nahr|farb|kunst|treib|brenn|schad|wirk|stick|sauer|wasser|"
    r"kohlen|grund|bau|schutz|zusatz|gift|duft|aroma|full|kleb|spreng|impf|suss|ballast|gerb|abfall|betriebs|schmier|"
    r"hilfs)stoff\w*)$"
)


# The same letters, and goods: Bistrotische, Klapptische, Bambustische, Holzfächer.
_TABLE = re.compile(
    r"(?:teak|bambus|eukalyptus|mahagoni|sono|lack|antik|mosaik|kork|deko|buro|bistro|klapp|pic?k?nic?k|sofa)tisch(?:e[ns]?|s)?$|"
    r"(?:hand|holz|papier|bambus|stoff|seiden|spitzen|falt|batik|feder|palmblatt|deko|strand|werbe)facher[ns]?$"
)


def ends_ordinarily(word: str) -> bool:
    """Whether the end of a folded German word only looks like a name of goods."""
    return _NO_HEAD.search(word) is not None and _TABLE.search(word) is None


@lru_cache(maxsize=1)
def common_parts() -> frozenset[str]:
    """Folded German words that goods are compounded of, beyond the names in the lexicon."""
    text = files("search.lexicon").joinpath("data", "german_parts.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def split_compound(word: str, vocabulary: Container[str]) -> list[tuple[int, int]]:
    """Parts of a folded word as positions in it: the fewest known parts that cover all of it, else none."""
    size = len(word)
    if size < 2 * _SHORTEST_PART or size > LONGEST_WORD:
        return []
    best: list[list[tuple[int, int]] | None] = [None] * (size + 1)
    best[0] = []
    for start in range(size):
        before = best[start]
        if before is None:
            continue
        for end in range(start + _SHORTEST_PART, size + 1):
            if end - start == size or word[start:end] not in vocabulary:
                continue
            for link in _LINKS:
                after = end + len(link)
                if after > size or not word.startswith(link, end) or (link and after == size):
                    continue
                known = best[after]
                if known is None or len(known) > len(before) + 1:
                    best[after] = [*before, (start, end)]
    return best[size] or []
