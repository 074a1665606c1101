"""Texts travel as gzip where the browser takes it; nothing else is touched."""

from __future__ import annotations

import gzip

from flask.testing import FlaskClient


def test_pages_and_styles_are_compressed(client: FlaskClient) -> None:
    for path in ("/sign-in", "/static/css/site.css"):
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert gzip.decompress(packed.data)[:40] == plain.data[:40]
        assert len(packed.data) < len(plain.data) / 2
        plain.close()
        packed.close()


def test_small_answers_and_pictures_stay_as_they_are(client: FlaskClient) -> None:
    small = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in small.headers
    refused = client.get("/sign-in", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
