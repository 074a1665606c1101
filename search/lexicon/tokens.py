"""A text as the small pieces that names are made of."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from search.chinese import HAN
from search.folding import fold_with_positions

_PIECE = re.compile(rf"[{HAN}]|[0-9]+|[^\W0-9_{HAN}]+")
# What may stand between two pieces of one name: a space, a hyphen, a slash; not a comma or a full stop.
_JOINT = re.compile("[ ]?%?[ \t\u00a0\u3000]{0,2}|[ ]?[-\u2010-\u2015\u2212/&'+<][ ]?|[.\u00b7]")


class Token(NamedTuple):
    """A word, a number or one Chinese character; positions are those of the original text."""

    form: str
    start: int
    end: int
    is_joined: bool
    """Whether a name may run on from the token before into this one."""


def is_han(form: str) -> bool:
    """Whether a token is a Chinese character."""
    return form >= "\u3400" and bool(re.match(f"[{HAN}]", form))


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, folded."""
    folded, positions = fold_with_positions(text)
    last = 0
    for piece in _PIECE.finditer(folded):
        start, end = piece.span()
        # one space is what stands there nearly always
        joined = last > 0 and (folded[last:start] == " " or bool(_JOINT.fullmatch(folded, last, start)))
        # The end is one past the original character that gave the last folded one.
        yield Token(piece.group(), positions[start], positions[end - 1] + 1, joined)
        last = end
