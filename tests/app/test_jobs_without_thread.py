"""A machine that has no thread left: what is not prompt is done all the same."""

import threading
from pathlib import Path

import pytest

from marketplace.kernel import jobs, working
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.uow import transaction

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_common_jobs_go_on_without_a_prompt_thread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done: list[int] = []
    stop = threading.Event()

    @jobs.job("tests.without_thread")
    def run() -> None:
        done.append(1)
        stop.set()

    with transaction() as session:
        enqueue(session, "tests.without_thread")
    begin = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name == "promptly":
            raise RuntimeError("can't start new thread")
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    limit = threading.Timer(20, stop.set)
    limit.daemon = True
    begin(limit)
    working.work(stop, tmp_path / "w", lambda _key: ["true"], idle_seconds=0.05)
    limit.cancel()
    jobs._jobs.pop("tests.without_thread")
    assert done == [1]
