"""What cannot be meant in a buyer's words, said in a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

if TYPE_CHECKING:
    from matching.profile import RequestProfile

_LONGEST_QUOTE = 60


def doubt_sentences(request: RequestProfile) -> list[str]:
    """What the buyer should look at again, in the reader's language."""
    from matching.reader.doubts import doubts_of

    return [_sentence(each.code, [_shortened(words) for words in each.words]) for each in doubts_of(request)]


def _sentence(code: str, words: list[str]) -> str:
    first = words[0]
    said = _("“%(words)s” is too far ahead and was left out. Say by when you need the goods.", words=first)
    if code == "contradiction":
        said = _("Your words ask for “%(words)s” and refuse it as well. Take away what does not hold.", words=first)
    elif code == "opposites":
        said = _(
            "“%(one)s” and “%(other)s” exclude each other. Take away what does not hold.", one=first, other=words[1]
        )
    elif code == "minus":
        said = _("“%(words)s” was read without its minus: amounts and prices are above zero.", words=first)
    elif code == "amount":
        said = _("“%(words)s” is more than there is and was left out. Say how much you need.", words=first)
    return str(said)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1] + "…"
