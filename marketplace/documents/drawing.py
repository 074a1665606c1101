"""Draws one sheet in a process of its own, so that no web worker keeps the compiler's 190 MB.

Run as a module it reads a drawing as JSON from standard input and writes the PDF to standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from threading import Lock

from marketplace.documents.rendering import compiled

_MOST_SECONDS = 60
_ONE_AT_A_TIME = Lock()


class DrawingFailed(RuntimeError):
    """The process gave no PDF."""


def drawn_apart(data: str, fingerprint: str, made_at: datetime, layout: str) -> bytes:
    """The PDF of a sheet, the same bytes each time. `DrawingFailed` where the process fails or takes a minute."""
    wish = {"data": data, "fingerprint": fingerprint, "made_at": made_at.isoformat(), "layout": layout}
    command = [sys.executable, "-m", "marketplace.documents.drawing"]
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the data go through standard input
                command, input=json.dumps(wish).encode(), capture_output=True, timeout=_MOST_SECONDS, check=True
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
            raise DrawingFailed(type(failure).__name__) from None
    return done.stdout


def main() -> None:
    """One drawing from standard input to standard output."""
    wish = json.load(sys.stdin)
    made = compiled(wish["data"], wish["fingerprint"], datetime.fromisoformat(wish["made_at"]), wish["layout"])
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
