"""What of a mail is the request: not the answer it quotes, not the signature under it."""

import re
from collections.abc import Callable

_QUOTED = re.compile(r"^[ \t]*[>＞](?P<said>.*)$", re.MULTILINE)
# Only a line of two dashes alone parts a signature off: dashes before words are items of a list, more are a ruler.
_SIGN_OFF = re.compile(
    r"^[ \t]*(?:--[ \t]*$|(?:(?:best|kind|warm|many)?\s?regards|sincerely|yours|cheers|thanks and regards|"
    r"mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg|"
    r"hormat (?:kami|saya)|salam hormat|wassalam|此致|敬上|顺祝商祺|順頌商祺|祝好)(?![^\W\d_])[^\n]{0,24}$)",
    re.IGNORECASE | re.MULTILINE,
)


def without_mail(text: str, names_goods: Callable[[str], bool], tells_amount: Callable[[str], bool]) -> str:
    """The text with quoted lines and the signature blanked out, every place as before; with what of them is needed
    where nothing else names goods, as in a mail that was only passed on, or where they alone tell an amount."""
    if "\n" not in text:
        return text
    own = _without_quoted(text)
    first = _SIGN_OFF.search(own)
    parts = [own[: first.start()] + _blank(own[first.start() :]) if first else own, own]
    for part in dict.fromkeys(each for each in parts if each != text):
        if names_goods(part) and (tells_amount(part) or not tells_amount(text)):
            return part
    return text


def _without_quoted(text: str) -> str:
    quoted = list(_QUOTED.finditer(text))
    if len(quoted) == 1 and quoted[0]["said"].strip()[:1].isdigit():
        return text  # "cup score\n> 84 points": more than that many
    return _QUOTED.sub(lambda hit: _blank(hit.group()), text)


def _blank(words: str) -> str:
    return "\n" * len(words)
