"""A virus scanner on loopback that speaks clamd's protocol; it knows one virus, the harmless one made for tests."""

from __future__ import annotations

import dataclasses
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from config.settings import Scan, Settings

# the test file that every scanner reports and that does nothing; in two halves, so that none reports this one
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """What was sent to it, and how it behaves: ``answers`` False hangs up without a word."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answers = True
        self.most = 25 * 1024 * 1024
        self.url = ""


class _Line(socketserver.StreamRequestHandler):
    scanner: Scanner

    def handle(self) -> None:
        if not self.scanner.answers:
            return
        command = b""
        while not command.endswith(b"\0"):
            letter = self.rfile.read(1)
            if not letter:
                return
            command += letter
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.4.3/27800/Sun Nov 22 2026\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self._judged() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _judged(self) -> bytes:
        data = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            data += self.rfile.read(size)
            if len(data) > self.scanner.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.scanner.seen.append(data)
        return b"stream: Eicar-Signature FOUND" if EICAR in data else b"stream: OK"


@contextmanager
def scanner_running(socket_path: Path | None = None) -> Iterator[Scanner]:
    """A scanner at a free port of loopback, or at a socket of the file system."""
    scanner = Scanner()
    line = type("Line", (_Line,), {"scanner": scanner})
    server: socketserver.BaseServer
    if socket_path is None:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), line)
        scanner.url = f"clamd://127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.ThreadingUnixStreamServer(str(socket_path), line)
        scanner.url = f"unix:{socket_path}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield scanner
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def set_scanner(app: Flask, url: str, *, refuses_when_down: bool = True) -> None:
    """Have the site of this test use the scanner at ``url``."""
    before: Settings = app.extensions["souq_settings"]
    app.extensions["souq_settings"] = dataclasses.replace(before, scan=Scan(url, refuses_when_down))
