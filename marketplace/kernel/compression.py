"""Answers as gzip for browsers that take it: a weak link waits for bytes, not for a processor."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

KINDS = frozenset({
    "text/html", "text/css", "text/javascript", "text/plain", "application/javascript", "application/json",
    "application/xml", "text/xml", "image/svg+xml",
})  # fmt: skip
LEAST = 1024
LEVEL = 5  # beyond it a page shrinks by one per cent and costs twice the time
_kept: dict[str, bytes] = {}


def init_compression(app: Flask) -> None:
    """Compress texts of more than a kilobyte; static files once a process."""

    @app.after_request
    def _compress(response: Response) -> Response:
        is_static = request.endpoint == "static"
        if not is_static and (response.is_streamed or (response.content_length or LEAST) < LEAST):
            return response
        if response.mimetype not in KINDS or response.status_code in {204, 304}:
            return response
        if "Accept-Encoding" not in response.headers.get("Vary", ""):
            response.vary.add("Accept-Encoding")
        if (
            not takes_gzip(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
            or "Content-Encoding" in response.headers
            or "Content-Range" in response.headers
            or request.method == "HEAD"
        ):
            return response
        if is_static:
            response.direct_passthrough = False
        body = response.get_data()
        if len(body) < LEAST:
            return response
        response.set_data(_static(request.full_path, body) if is_static else gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, is_weak = response.get_etag()
        if etag and not is_weak:
            response.set_etag(etag, weak=True)
        return response


@lru_cache(maxsize=256)
def takes_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header asks for gzip."""
    return "gzip" in header and parse_accept_header(header, Accept)["gzip"] > 0


def _static(name: str, body: bytes) -> bytes:
    packed = _kept.get(name)
    if packed is None:
        packed = gzip.compress(body, 9, mtime=0)
        if len(_kept) < 200:  # addresses carry hashes, so there are few
            _kept[name] = packed
    return packed
