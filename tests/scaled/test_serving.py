"""Two web workers over real connections: counters add up, and one form sent twice at once acts once."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.database import db
from marketplace.kernel.policy import OrganisationKind
from marketplace.rfqs.models import Rfq
from tests.scaled.conftest import ROOT, Deployment, free_port
from tests.support.flows import an_inquiry_form

pytestmark = pytest.mark.scaled
Answer = tuple[int, str, str, str]


def ask(port: int, method: str, path: str, cookie: str = "", body: str = "") -> Answer:
    """Status, location, new cookie and text of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept-Language": "en"} | ({"Cookie": cookie} if cookie else {})
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        made = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer.status, answer.getheader("Location") or "", made if made.startswith("souq=") else cookie, text
    finally:
        connection.close()


@pytest.fixture(scope="module")
def port(deployment: Deployment) -> Iterator[int]:
    """The port of a running gunicorn with two workers."""
    chosen = free_port()
    env = {**os.environ, **deployment.env, "PORT": str(chosen), "WEB_WORKERS": "2"}
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "wsgi:app"], cwd=ROOT, env=env
    )
    for _ in range(600):
        try:
            if ask(chosen, "GET", "/healthz")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    else:
        pytest.fail("the web server did not come up")
    yield chosen
    server.send_signal(signal.SIGTERM)
    assert server.wait(40) == 0


def counted(port: int) -> float:
    """How often /metrics says that /readyz was asked."""
    text = ask(port, "GET", "/metrics")[3]
    return sum(float(value) for value in re.findall(r'souq_requests_total\{[^}]*route="/readyz"[^}]*\} (\S+)', text))


def test_metrics_add_up_over_both_workers(port: int) -> None:
    before = counted(port)
    with ThreadPoolExecutor(8) as many:
        statuses = list(many.map(lambda _number: ask(port, "GET", "/readyz")[0], range(60)))
    assert set(statuses) == {200}
    assert {counted(port) for _ in range(6)} == {before + 60}


def test_one_form_sent_twice_at_once_acts_once(port: int, deployment: Deployment) -> None:
    cookie = deployment.cookie(OrganisationKind.BUYER)
    with deployment.application():
        listed = select(Product.slug).where(Product.state == ListingState.LISTED).order_by(Product.id.desc())
        slugs = list(db.session.scalars(listed.limit(8)))
        before = db.session.scalar(select(func.count()).select_from(Rfq)) or 0
    for slug in slugs:
        path = f"/en/products/{slug}/inquiry"
        status, _location, own, text = ask(port, "GET", path, cookie)
        assert status == 200
        hidden = dict(re.findall(r'name="(csrf_token|_once)" value="([^"]+)"', text))
        body = urlencode({**hidden, **an_inquiry_form(f"Is {slug} free?")})
        with ThreadPoolExecutor(4) as many:
            answers = list(many.map(lambda _n, b=body, p=path, c=own: ask(port, "POST", p, c, b), range(4)))
        assert {answer[0] for answer in answers} == {303}, [answer[0] for answer in answers]
        assert len({answer[1] for answer in answers}) == 1
    with deployment.application():
        assert db.session.scalar(select(func.count()).select_from(Rfq)) == before + len(slugs)
