"""Kept pages outside of the process are data: what is not exactly a page is none, and nothing in it is ever run."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from marketplace.kernel.caching import KeptPage
from marketplace.kernel.page_format import PageFormat

PAGE = KeptPage(
    "state 7", "200 OK", (("Content-Type", "text/html"), ("Vary", "Cookie")), b"<p>\n\x00\xff\n</p>", "tag", "r"
)
ran: list[str] = []


class Malice:
    """What a pickle would run when it is read."""

    def __reduce__(self) -> Any:
        return ran.append, ("run",)


def changed(**more: Any) -> bytes:
    head, _line, body = PageFormat().dumps(PAGE).partition(b"\n")
    kept = {name: value for name, value in {**json.loads(head), **more}.items() if value is not None}
    return json.dumps(kept).encode() + b"\n" + body


def test_a_page_comes_back_as_it_was() -> None:
    assert PageFormat().loads(PageFormat().dumps(PAGE)) == PAGE


def test_nothing_kept_is_no_page() -> None:
    assert PageFormat().loads(None) is None


@pytest.mark.parametrize(
    "value",
    [
        b"", b"\n", b"7", b"!", b"[]\n", b"{}\n<p>", b"null\n", b"\xff\xfe\n", pickle.dumps(PAGE), b"!" + pickle.dumps(PAGE),
        pickle.dumps(Malice()), b"!" + pickle.dumps(Malice()), changed(state=None), changed(owner="me"), changed(status=200),
        changed(headers="x"), changed(headers=[["Set-Cookie"]]), changed(headers=[["a", 1]]), changed(headers=7),
        changed(mark="no hex"), changed(mark=None),
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_page_is_none(value: bytes) -> None:
    assert PageFormat().loads(value) is None
    assert ran == []


def test_only_pages_are_kept() -> None:
    with pytest.raises(TypeError):
        PageFormat().dumps({"state": "x"})


def test_the_redis_writes_pages_in_this_format() -> None:
    pytest.importorskip("redis")  # only the scaled set has the client
    from marketplace.kernel.redis_caching import OptionalRedisCache

    assert isinstance(OptionalRedisCache.serializer, PageFormat)
