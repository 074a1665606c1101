"""The words of a mail: the right part of it, its letters decoded whatever they claim to be, its lines joined again."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from email.message import Message

from marketplace.notifications.incoming.newly import newly_written
from marketplace.notifications.incoming.page_text import page_text

# names that mean more than they say: people's machines use the larger set
_LARGER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "x-big5": "big5hkscs", "cp950": "big5hkscs",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "ansi_x3.4-1968": "cp1252",
}  # fmt: skip
LONGEST_PART = 400_000


def written_in(parts: Sequence[Message]) -> str:
    """What the sender newly wrote: of the plain text if there is any, else of the page."""
    plain = [part for part in parts if _is_words(part, "text/plain")]
    pages = [part for part in parts if _is_words(part, "text/html")]
    text = "\n\n".join(words for part in plain if (words := newly_written(_plain(part))))
    if text or not pages:
        return text
    return "\n\n".join(words for part in pages if (words := newly_written(page_text(decoded(part)))))


def _is_words(part: Message, kind: str) -> bool:
    return (
        part.get_content_type() == kind and part.get_content_disposition() != "attachment" and not part.get_filename()
    )


def _plain(part: Message) -> str:
    text = decoded(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unfolded(text, is_dropped=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def decoded(part: Message) -> str:
    """The part's text; letters that its character set does not know become a mark, never an error."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    data = data[:LONGEST_PART]
    name = str(part.get_content_charset() or "").strip().lower()
    name = _LARGER.get(name, name)
    if name in ("", "unknown-8bit", "x-unknown", "8bit", "cp1252"):
        # what claims little is most often UTF-8, which seldom fits by chance
        for guess in ("utf-8", "cp1252"):
            try:
                return data.decode(guess)
            except UnicodeDecodeError:
                continue
        return data.decode("cp1252", "replace")
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return data.decode("utf-8", "replace")
    if not getattr(codec, "_is_text_encoding", True):
        return data.decode("utf-8", "replace")  # "base64" and "zlib" are codecs and no character sets
    return codec.decode(data, "replace")[0]


def _unfolded(text: str, *, is_dropped: bool) -> str:
    """Lines that were broken for the way, joined again (RFC 3676)."""
    lines: list[str] = []
    is_open = False
    for raw in text.splitlines():
        quoted = raw.startswith(">")
        line = raw.removeprefix(" ") if not quoted else raw
        if is_open and not quoted and lines:
            lines[-1] += line
        else:
            lines.append(line)
        is_open = line.endswith(" ") and line != "-- " and not quoted
        if is_open and is_dropped:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
