"""The 38 regencies and cities of East Java under stable keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from marketplace.kernel.numerals import ParseError

PROVINCE = "East Java"
PROVINCE_CODE = "ID-JI"
TIME_ZONE = "Asia/Jakarta"  # WIB: a day of the sellers ends at 16:59:59 UTC


@dataclass(frozen=True, slots=True)
class Regency:
    """A regency (kabupaten) or city (kota); ``code`` is its number at Statistics Indonesia."""

    key: str
    name: str
    code: str
    is_city: bool

    @property
    def full_name(self) -> str:
        """The name as Indonesians write it: "Kabupaten Malang", "Kota Batu"."""
        return f"{'Kota' if self.is_city else 'Kabupaten'} {self.name}"


_REGENCIES = (
    "Pacitan Ponorogo Trenggalek Tulungagung Blitar Kediri Malang Lumajang Jember Banyuwangi Bondowoso Situbondo "
    "Probolinggo Pasuruan Sidoarjo Mojokerto Jombang Nganjuk Madiun Magetan Ngawi Bojonegoro Tuban Lamongan Gresik "
    "Bangkalan Sampang Pamekasan Sumenep"
)
_CITIES = "Kediri Blitar Malang Probolinggo Pasuruan Mojokerto Madiun Surabaya Batu"


def _table() -> dict[str, Regency]:
    rows = [
        Regency(f"kab-{name.lower()}", name, f"35{number:02d}", False)
        for number, name in enumerate(_REGENCIES.split(), 1)
    ]
    rows += [
        Regency(f"kota-{name.lower()}", name, f"35{number:02d}", True)
        for number, name in enumerate(_CITIES.split(), 71)
    ]
    return {row.key: row for row in rows}


REGENCIES: Mapping[str, Regency] = MappingProxyType(_table())
_BOTH = frozenset(_REGENCIES.split()) & frozenset(_CITIES.split())
_CITY_WORDS = r"(?:kota|city of)\s+|\s+city$"
_REGENCY_WORDS = r"(?:kabupaten|kab\.?|regency of)\s+|\s+regency$"


def find_regency(text: str) -> Regency:
    """The regency or city for a key or name as written: "Kab. Malang", "Kota Malang", "Jember", "Surabaya".

    Seven names belong to a regency and a city alike and need the word Kabupaten or Kota. Raises ``ParseError`` with
    the code ``regency_missing``, ``regency_unknown`` or ``regency_ambiguous``.
    """
    word = " ".join(text.split())
    if not word:
        raise ParseError("regency_missing")
    key = word.casefold()
    if key in REGENCIES:
        return REGENCIES[key]
    bare = re.sub(f"^(?:{_CITY_WORDS}|{_REGENCY_WORDS})|(?:{_CITY_WORDS}|{_REGENCY_WORDS})", "", key).strip()
    is_city, is_regency = bool(re.search(_CITY_WORDS, key)), bool(re.search(_REGENCY_WORDS, key))
    if bare.title() in _BOTH and not is_city and not is_regency:
        raise ParseError("regency_ambiguous", text=word, name=bare.title())
    wanted = [f"kab-{bare}"] if is_regency else [f"kota-{bare}"] if is_city else [f"kab-{bare}", f"kota-{bare}"]
    for candidate in wanted:
        if candidate in REGENCIES:
            return REGENCIES[candidate]
    raise ParseError("regency_unknown", text=word)
