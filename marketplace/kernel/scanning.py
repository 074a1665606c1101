"""The virus scanner: one door to a clamd (ClamAV's daemon), which every upload passes before anything of it is kept.

The protocol is clamd's own, by its manual: ``zINSTREAM``, then pieces each with its length in four bytes, then a length
of nothing; the answer is one line. Without SCAN_URL there is no scanner and every upload passes.
"""

from __future__ import annotations

import logging
import socket
from contextlib import closing
from urllib.parse import unquote, urlsplit

from flask_babel import lazy_gettext as _

from marketplace.kernel.errors import DomainError
from marketplace.kernel.outside import settings

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 20.0  # a large PDF takes clamd some seconds
PIECE = 1 << 16
PORT = 3310
_LONGEST_ANSWER = 4096
log = logging.getLogger(__name__)


class UploadInfected(DomainError):
    """The scanner found something in the upload; nothing of it may be kept."""

    def __init__(self) -> None:
        super().__init__(_("Our virus check found something harmful in this file, so nothing of it was kept."))


class ScannerSilent(DomainError):
    """The scanner does not answer, or not with a judgement."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("Files cannot be checked for viruses just now, so none are taken. Try again in some minutes.")
        )


def is_scanner_set() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings().scan.url)


def let_pass(data: bytes) -> bool:
    """Whether an upload was looked into; raises `UploadInfected`, and `ScannerSilent` where that refuses.

    False says that the scanner was silent and SCAN_WHEN_DOWN keeps uploads: who keeps it has it looked into later.
    Call it outside a transaction: a scanner takes its time.
    """
    if not is_scanner_set():
        return True
    try:
        judge(data)
    except ScannerSilent:
        if settings().scan.refuses_when_down:
            raise
        return False
    return True


def judge(data: bytes) -> None:
    """Let the scanner look into ``data``; raises `UploadInfected` or `ScannerSilent`, nothing if it is clean."""
    try:
        answer = _asked(b"zINSTREAM\0", data)
    except OSError as failure:
        log.warning("scanner.silent", extra={"fault": type(failure).__name__})
        raise ScannerSilent from failure
    if answer.endswith("FOUND"):
        log.warning("scanner.found", extra={"found": answer.removeprefix("stream: ")[:120], "bytes": len(data)})
        raise UploadInfected
    if answer != "stream: OK":  # such as a stream larger than clamd is set to take
        log.warning("scanner.no_judgement", extra={"answer": answer[:120]})
        raise ScannerSilent


def version() -> str:
    """What the scanner says it is; OSError where it does not answer, ValueError where it says something else."""
    said = _asked(b"zVERSION\0")
    if not said.startswith("ClamAV"):
        raise ValueError("what answers is no clamd")
    return said


def _asked(command: bytes, data: bytes | None = None) -> str:
    """The one line that clamd answers to a command, with ``data`` sent behind it in pieces."""
    with closing(_connected(settings().scan.url)) as line:
        line.settimeout(ANSWER_SECONDS)
        try:
            line.sendall(command)
            if data is not None:
                for start in range(0, len(data), PIECE):
                    piece = data[start : start + PIECE]
                    line.sendall(len(piece).to_bytes(4, "big") + piece)
                line.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it stopped reading; why may stand in its answer
        answer = b""
        while b"\0" not in answer and len(answer) < _LONGEST_ANSWER and (more := line.recv(1024)):
            answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "clamd":
        return socket.create_connection((parts.hostname or "", parts.port or PORT), CONNECT_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(CONNECT_SECONDS)
        line.connect(unquote(parts.path))
    except OSError:
        line.close()
        raise
    return line
