"""What of a mail is the request: not the answer it quotes, not the signature under it."""

import re
from collections.abc import Callable

_QUOTED = re.compile(r"^[ \t]*[>|＞].*$", re.MULTILINE)
_SIGN_OFF = re.compile(
    r"^[ \t]*(?:--|—{1,3}|_{3,}|(?:best|kind|warm|many)?\s?regards|sincerely|yours|cheers|thanks and regards|"
    r"mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg|"
    r"hormat (?:kami|saya)|salam hormat|wassalam|此致|敬上|顺祝商祺|順頌商祺|祝好)(?![^\W\d_])[^\n]{0,24}$",
    re.IGNORECASE | re.MULTILINE,
)


def without_mail(text: str, names_goods: Callable[[str], bool]) -> str:
    """The text with quoted lines and the signature blanked out, every place as before; whole where nothing else names
    goods, as in a mail that was only passed on."""
    if "\n" not in text:
        return text
    own = _QUOTED.sub(_blank, text)
    first = _SIGN_OFF.search(own)
    parts = [each for each in (own[: first.start()] if first else own, own) if each != text]
    for part in parts:
        if names_goods(part):
            return part + "\n" * (len(text) - len(part))
    return text


def _blank(hit: re.Match[str]) -> str:
    return "\n" * len(hit.group())
