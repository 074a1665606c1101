"""The sample marketplace at scale: it loads, is found, trades, and its jobs run on two workers."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel import jobs
from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.rfqs.models import Recipient, Rfq
from tests.scaled.conftest import Deployment, free_port
from tests.support.flows import an_inquiry_form
from tests.support.people import guards

pytestmark = pytest.mark.scaled
TASKS = 120
_done: Counter[int] = Counter()
_lock = threading.Lock()


@jobs.job("test.count")
def count(number: int) -> None:
    """Count one run."""
    with _lock:
        _done[number] += 1


def test_the_sample_marketplace_is_there_and_indexed(deployment: Deployment) -> None:
    with deployment.application():
        session = db.session()
        assert db.engine.dialect.name == "postgresql"
        assert session.scalar(select(func.count()).select_from(Product)) >= 500
        assert len(storage().keys("photo/")) > 50
    checked = deployment.souq("search", "check", "--repair", "--json")
    assert json.loads(checked.stdout)["left"] == 0, checked.stdout + checked.stderr
    assert json.loads(checked.stdout)["documents"] > 300


def test_doctor_finds_nothing_wrong(deployment: Deployment) -> None:
    deployment.souq("jobs", "run")
    answer = deployment.souq("doctor", "--json")
    assert {one["name"] for one in json.loads(answer.stdout) if not one["ok"]} == set(), answer.stdout


@pytest.mark.parametrize(("path", "words"), [("/en/products?q=coffee", "offee"), ("/id/products?q=kopi", "opi")])
def test_search_finds(deployment: Deployment, path: str, words: str) -> None:
    with deployment.application() as app:
        for _ in range(20):  # a busy machine may take longer than a visitor is made to wait: then search rests
            answer = app.test_client().get(path)
            if answer.status_code != 503:
                break
            time.sleep(1)
        assert answer.status_code == 200
        html = answer.get_data(as_text=True)
        assert words in html
        assert "/products/" in html


def test_an_inquiry_reaches_the_seller(deployment: Deployment) -> None:
    cookie = deployment.cookie(OrganisationKind.BUYER)
    with deployment.application() as app:
        session = db.session()
        before = session.scalar(select(func.max(Rfq.id))) or 0
        slug = session.scalars(
            select(Product.slug).where(Product.state == ListingState.LISTED).order_by(Product.id)
        ).first()
        client = app.test_client()
        client.set_cookie("souq", cookie.removeprefix("souq="))
        path = f"/en/products/{slug}/inquiry"
        form = {**guards(client, path), **an_inquiry_form("Is this lot free?")}
        answer = client.post(path, data=form)
        assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        assert client.get(answer.location).status_code == 200
        session.rollback()
        recipient = session.scalars(select(Recipient).join(Rfq).where(Rfq.id > before)).one()
        key = f"/leads/{recipient.key}"
    assert deployment.souq("jobs", "run").returncode == 0
    with deployment.application():
        about = select(Notice.sent_at, Notice.channel).where(Notice.href.startswith(key))
        sent = db.session.execute(about).all()
        assert sent
        assert all(moment is not None for moment, channel in sent if channel == "mail")


def test_two_workers_do_every_task_once(deployment: Deployment) -> None:
    _done.clear()
    with deployment.application() as app:
        with transaction() as session:
            for number in range(TASKS):
                enqueue(session, "test.count", number=number)
        start = threading.Barrier(2)

        def work() -> None:
            with app.app_context():
                start.wait()
                while jobs.run_due(limit=10):
                    pass
                db.session.remove()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        states = db.session.scalars(select(Task.state).where(Task.job == "test.count")).all()
    assert set(states) == {TaskState.DONE}
    assert set(_done) == set(range(TASKS))
    assert set(_done.values()) == {1}


def test_without_redis_pages_and_limits_go_on(deployment: Deployment) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    with deployment.application(REDIS_URL=nobody) as app:
        app.config["RATELIMIT_ENABLED"] = True
        client = app.test_client()
        assert client.get("/en/products").status_code == 200
        assert client.get("/en/products?q=vanilla").status_code == 200
        assert client.get("/sign-in").status_code == 200
        assert client.get("/readyz").status_code == 200
    answer = Deployment({**deployment.env, "REDIS_URL": nobody}).souq("doctor", "--json")
    assert answer.returncode == 1
    assert [one["name"] for one in json.loads(answer.stdout) if not one["ok"]] == ["redis"]
