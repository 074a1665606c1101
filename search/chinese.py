"""Chinese text: one script for comparing, and words where the writer left no spaces."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

# Spellings that OpenCC's character table leaves alone but traders use side by side.
_TRADE_VARIANTS = {"薑": "姜", "乾": "干", "裏": "里", "麪": "面", "麵": "面", "蔴": "麻", "菓": "果", "喱": "厘"}


@cache
def _to_simplified() -> dict[int, str]:
    """Traditional to simplified, one character for one, so that positions in the text stay true."""
    table: dict[int, str] = {}
    source = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        traditional, _, simplified = line.partition("\t")
        first = simplified.split(" ")[0]
        if len(traditional) == 1 and len(first) == 1:
            table[ord(traditional)] = first
    table.update({ord(key): value for key, value in _TRADE_VARIANTS.items()})
    return table


def simplify(text: str) -> str:
    """The text in simplified characters, of the same length."""
    return text if text.isascii() else text.translate(_to_simplified())


@lru_cache(maxsize=4096)
def traditional(text: str) -> str:
    """A name in the traditional characters of Hong Kong, word by word: 姜 is ginger or a family's name."""
    return str(_to_traditional().convert(text))


@cache
def _to_traditional() -> OpenCC:
    """Some ten megabytes of words, read when the first reader needs them."""
    from opencc import OpenCC

    return OpenCC("s2hk")


def segment(text: str) -> list[str]:
    """Words of a run of simplified Chinese, with the shorter words inside longer ones (for search)."""
    import rjieba  # loads a 5 MB dictionary: only when Chinese really comes

    return [word for word in rjieba.cut_for_search(text) if not word.isspace()]
