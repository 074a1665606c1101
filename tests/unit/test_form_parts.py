"""Forms with room for files are read as werkzeug reads them, or left to it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from marketplace.kernel.form_parts import QuickForms, taken_apart

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
_NO_FILE = b'Content-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream'


def body(*parts: tuple[bytes, bytes], boundary: str = BOUNDARY, end: bytes = b"--\r\n") -> bytes:
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + head + b"\r\n\r\n" + said + b"\r\n" for head, said in parts) + mark + end


def field(name: str, said: bytes) -> tuple[bytes, bytes]:
    return f'Content-Disposition: form-data; name="{name}"'.encode(), said


def read(parser: type[FormDataParser], sent: bytes, **limits: Any) -> tuple[list[Any], list[Any]]:
    made = parser(cls=MultiDict, **limits)
    _stream, form, files = made.parse(BytesIO(sent), "multipart/form-data", len(sent), {"boundary": BOUNDARY})
    held = [(name, one.filename, one.content_type, one.read()) for name, one in files.items(multi=True)]
    for one in files.values():
        one.close()
    return list(form.items(multi=True)), held


def alike(sent: bytes) -> tuple[list[Any], list[Any]]:
    quick = read(QuickForms, sent)
    assert quick == read(FormDataParser, sent)
    return quick


def is_short(sent: bytes) -> bool:
    return taken_apart(sent, BOUNDARY.encode(), 400, 1_000_000) is not None


def test_a_form_as_browsers_send_it_goes_the_short_way() -> None:
    sent = body(field("text", "Is it?\r\nKräftig, 你好".encode()), field("place", b""), (_NO_FILE, b""))
    assert is_short(sent)
    fields, files = alike(sent)
    assert fields == [("text", "Is it?\r\nKräftig, 你好"), ("place", "")]
    assert files == [("files", "", "application/octet-stream", b"")]


UNUSUAL = {
    "a file": body((_NO_FILE.replace(b'""', b'"a.pdf"'), b"%PDF"), field("a", b"1")),
    "a name with quotes": body((b'Content-Disposition: form-data; name="a%22b"', b"1")),
    "another case": body((b'content-disposition: form-data; name="a"', b"1")),
    "a charset": body((b'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=iso-8859-1', b"\xe4")),
    "its own line ends": body(field("a", b"1")).replace(b"\r\n", b"\n"),
    "words before": b"preamble\r\n" + body(field("a", b"1")),
    "words behind": body(field("a", b"1")) + b"epilogue",
    "the boundary among the words": body(field("a", b"x--" + BOUNDARY.encode() + b"y"), field("b", b"2")),
    "a boundary at the end of words": body(field("a", b"x\n--" + BOUNDARY.encode()), field("b", b"2")),
    "room behind the boundary": body(field("a", b"1")).replace(BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + b" \r\n"),
    "no end": body(field("a", b"1"))[:-6],
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("what", UNUSUAL)
def test_what_is_unusual_is_read_as_ever(what: str) -> None:
    assert not is_short(UNUSUAL[what])
    alike(UNUSUAL[what])


PIECES = st.sampled_from(
    [b"", b"\r", b"\n", b"\r\n", b"--", b"-", BOUNDARY.encode(), b"word", "ä".encode(), b"\xff", b"\0", b'"']
)
WORDS = st.lists(PIECES, max_size=8).map(b"".join)


@given(st.lists(st.tuples(st.sampled_from(["text", "more-0-goods", "files"]), WORDS), max_size=4), WORDS)
def test_whatever_is_written_is_read_alike(said: list[tuple[str, bytes]], end: bytes) -> None:
    alike(body(*(field(name, words) for name, words in said)))
    alike(body(*(field(name, words) for name, words in said), end=b"--" + end))


def test_limits_hold() -> None:
    many = body(*(field(f"n{number}", b"1") for number in range(12)))
    long = body(field("text", b"x" * 5000))
    for parser in (QuickForms, FormDataParser):
        with pytest.raises(RequestEntityTooLarge):
            read(parser, many, max_form_parts=11)
        with pytest.raises(RequestEntityTooLarge):
            read(parser, long, max_form_memory_size=4000)
    assert len(read(QuickForms, many, max_form_parts=12)[0]) == 12


def test_a_long_form_is_werkzeugs() -> None:
    fields, _files = alike(body(field("text", b"x" * 300_000)))
    assert len(fields[0][1]) == 300_000
