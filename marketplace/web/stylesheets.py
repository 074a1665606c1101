"""One stylesheet from many parts: ``python -m marketplace.web.stylesheets`` writes ``static/css/site.css``."""

from __future__ import annotations

import re
from pathlib import Path

CSS = Path(__file__).parent.parent / "static" / "css"
# in the order of the cascade; print comes last because it overrules everything
PARTS = (
    "tokens", "base", "shell", "buttons", "fields", "chips", "badges", "tables", "trade", "flow", "overlay",
    "navigation", "hero", "message", "compare", "gallery", "cards", "desk", "charts", "accounts", "product", "print",
)  # fmt: skip
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r'("[^"\n]*")')


def _squeeze(css: str) -> str:
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return re.sub(r":\s+(?=[^{}]*[;}])", ":", css).replace(";}", "}")


def compact(css: str) -> str:
    """The same rules without comments and needless white space; strings keep every character."""
    pieces = _STRING.split(_COMMENT.sub("", css))
    marked = "".join(f"\0{place}\0" if place % 2 else piece for place, piece in enumerate(pieces))
    return re.sub(r"\0(\d+)\0", lambda found: pieces[int(found.group(1))], _squeeze(marked))


def stylesheet() -> str:
    """All parts as one compact text."""
    texts = ((CSS / "parts" / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
    return "\n".join(compact(text).strip() for text in texts) + "\n"


if __name__ == "__main__":
    (CSS / "site.css").write_text(stylesheet(), encoding="utf-8")
