"""Buyers and sellers who write over HTTP and do not give up: a form is sent again, with the same key, until it is
acknowledged."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import re
import secrets
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.crash.site import Site
from tests.support.pictures import a_jpeg

PAPER_EVERY = 5  # so many messages, one of them with a document
Fields = dict[str, str]


@dataclass
class Door:
    """A page with a form that one person sends again and again."""

    kind: str  # message | answer | inquiry | photo
    cookie: str
    address: str
    page: str
    action: str
    more: Fields = field(default_factory=dict)
    left: int = 1_000_000
    sent: int = 0


@dataclass
class Deed:
    """One thing that was sent: its text, and the fingerprint of the document that went with it."""

    kind: str
    text: str
    door: str
    paper: str = ""


@dataclass
class Writer:
    """Goes from door to door and writes; everything acknowledged, doubtful or refused is noted."""

    number: int
    port: int
    wanted: int
    doors: list[Door]
    acknowledged: list[Deed] = field(default_factory=list)
    doubtful: list[Deed] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def run(self, stop: threading.Event, killer: threading.Thread) -> None:
        """Write until enough is acknowledged and the killer is done, or no door is left."""
        for count, door in enumerate(itertools.cycle(self.doors)):
            is_enough = len(self.acknowledged) >= self.wanted and not killer.is_alive()
            if stop.is_set() or is_enough or not any(one.left > 0 for one in self.doors):
                return
            if door.left > 0:
                self._write(door, f"crash {self.number}-{count}")

    def _write(self, door: Door, text: str) -> None:
        hidden = self._form(door)
        if hidden is None:
            return
        door.left -= 1
        door.sent += 1
        body, content_type, paper = self._body(door, hidden, text)
        deed = Deed(door.kind, text, door.page, paper)
        for _ in range(300):
            answer = self._ask("POST", door, door.action, body, content_type)
            if answer and answer[0] in {302, 303}:
                self.acknowledged.append(deed)
                return
            if answer and 400 <= answer[0] < 500:
                door.left = 0
                if answer[0] != 429:
                    self.refusals.append(f"{door.action}: {answer[0]}")
                return
            time.sleep(0.1)
        self.doubtful.append(deed)

    def _body(self, door: Door, hidden: Fields, text: str) -> tuple[bytes, str, str]:
        """What a browser would send: bytes, their type, and the fingerprint of the document among them."""
        if door.kind == "photo":
            picture = a_jpeg(320, 240, quality=60 + door.sent % 30).read()
            return *_multipart(hidden, "photos", f"{text}.jpg", picture), ""
        fields = {**hidden, **door.more, "text": text}
        if door.kind in {"message", "answer"} and door.sent % PAPER_EVERY == 1:  # the first one of every door, too
            paper = f"%PDF-1.4\n% {text}\n%%EOF\n".encode()
            return *_multipart(fields, "files", f"{text}.pdf", paper), hashlib.sha256(paper).hexdigest()
        return urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded", ""

    def _form(self, door: Door) -> Fields | None:
        for _ in range(1800):
            answer = self._ask("GET", door, door.page)
            if answer and answer[0] == 200:
                found = re.findall(r'name="(csrf_token|_once|version)" value="([^"]*)"', answer[1])
                if any(name == "csrf_token" for name, _value in found):
                    return dict(found)
            if answer and answer[0] < 500 and answer[0] != 429:
                door.left = 0
                self.refusals.append(f"{door.page}: {answer[0]} without a form")
                return None
            time.sleep(0.1)
        self.refusals.append(f"{door.page}: no answer for three minutes")
        return None

    def _ask(
        self, method: str, door: Door, path: str, body: bytes = b"", content_type: str = ""
    ) -> tuple[int, str] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": door.cookie, "Accept-Language": "en", "X-Forwarded-For": door.address}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            renewed = answer.getheader("Set-Cookie", "").split(";")[0]
            text = answer.read().decode("utf-8", "replace")
            self.statuses[f"{method} {answer.status}"] += 1
            if renewed.startswith("souq="):
                self._renew(door.cookie, renewed)
            return answer.status, text
        except (OSError, http.client.HTTPException):
            self.statuses[f"{method} no answer"] += 1
            return None
        finally:
            connection.close()

    def _renew(self, old: str, new: str) -> None:
        for door in self.doors:
            if door.cookie == old:
                door.cookie = new


def _multipart(fields: Fields, name: str, filename: str, data: bytes) -> tuple[bytes, str]:
    border = secrets.token_hex(12)
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"


def shared_out(doors: list[Door], threads: int, writes: int, port: int) -> list[Writer]:
    """The doors among so many writers: each person's doors with one writer, every kind with each of them."""
    place: dict[str, int] = {}
    groups: list[list[Door]] = [[] for _ in range(threads)]
    order: Callable[[Door], str] = lambda door: door.cookie  # noqa: E731 - a key
    for cookie, own in itertools.groupby(sorted(doors, key=order), key=order):
        number = place.setdefault(cookie, len(place) % threads)
        groups[number] += own
    return [
        Writer(number, port, -(-writes // threads), sorted(group, key=lambda door: door.page))
        for number, group in enumerate(groups)
    ]


def new_hour(site: Site, every: float, stop: threading.Event) -> None:
    """Let the hours and days of the limits pass quickly, until ``stop`` is set."""
    while not stop.wait(every):
        site.forget_tries()
