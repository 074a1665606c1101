"""Writes are counted by visitor and address; reading is not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from marketplace import wiring
from marketplace.kernel.write_counts import IN_PROCESS


@pytest.mark.parametrize("are_counted_here", [True, False])
def test_one_write_too_many_is_refused_for_its_address_alone(
    monkeypatch: pytest.MonkeyPatch, are_counted_here: bool
) -> None:
    app = Flask("limited")
    for name in ("one", "other"):
        app.add_url_rule(f"/{name}", name, lambda: "done", methods=["GET", "POST"])
    limiter = Limiter(get_remote_address, app=app, default_limits=["3 per hour"], storage_uri=IN_PROCESS)
    monkeypatch.setattr(wiring, "limiter", limiter)
    monkeypatch.setattr(wiring, "WRITES", "3 per hour")
    wiring._limit_writes(app, are_counted_here=are_counted_here)
    client = app.test_client()
    assert [client.post("/one").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert client.post("/one", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    assert client.post("/other").status_code == 200
    assert client.post("/nowhere").status_code == 404
    assert [client.get("/one").status_code for _ in range(5)] == [200] * 5
