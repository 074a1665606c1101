"""The words of a mail that is a web page: without what was quoted, without the signature, without code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_BLOCKS = frozenset(
    {"p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "pre", "hr"}
)
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})
# Containers of what was quoted or signed, by the mail programs that write them.
_DROPPED = re.compile(
    r"gmail_quote|gmail_extra|gmail_attr|gmail_signature|moz-cite-prefix|moz-signature|yahoo_quoted|ydp\w*yahoo_quoted|"
    r"protonmail_quote|protonmail_signature_block|zmail_extra|tutanota_quote|apple(?:original|mailsignature)\w*|"
    r"ms-outlook-mobile-(?:reference-message|signature)\w*|mail-editor-reference-message\w*|isforwardcontent|"
    r"isreplycontent|ntes-?mailbox|qmbox_quote|samsung_?signature\w*",
    re.IGNORECASE,
)
# From here on nothing is new: Outlook puts the quoted mail beside these, not inside.
_ENDS = re.compile(r"divrplyfwdmsg|appendonsend|x_divrplyfwdmsg|x_appendonsend|stopspelling", re.IGNORECASE)
_BORDER = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+#(?:E1E1E1|B5C4DF)", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[tuple[str, bool]] = []  # tags that are open, and whether what they hold is dropped
        self.dropped = 0
        self.is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        names = f"{values.get('class', '')} {values.get('id', '')}"
        if _ENDS.search(names) or _BORDER.search(values.get("style", "")):
            self.is_over = True
        if tag == "br" or tag in _BLOCKS:
            self.parts.append("\n")
        if tag in _VOID:
            return
        is_dropped = tag in _SILENT or tag in ("blockquote", "includetail") or bool(_DROPPED.search(names))
        self.open.append((tag, is_dropped))
        self.dropped += is_dropped

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                self.dropped -= sum(is_dropped for _tag, is_dropped in self.open[place:])
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        if not self.dropped and not self.is_over:
            self.parts.append(re.sub(r"[ \t\r\n\u00a0]+", " ", data))


def page_text(page: str) -> str:
    """The text of a page's own words, one line for each block."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
