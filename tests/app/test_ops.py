"""The operator's commands on a real home, and workers that die with work in hand."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.cli.main import souq
from marketplace.kernel import jobs
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.presence import Presence, has_died, signs
from marketplace.kernel.uow import transaction
from tests.support.factories import a_listed_product
from tests.support.people import Cast

done: list[Any] = []


@jobs.job("test.note")
def note(value: str) -> None:
    """Write down that it ran."""
    done.append(value)


@jobs.job("test.fail")
def fail() -> None:
    """Never succeed."""
    whom = "greta@beispiel.example"
    raise ValueError(whom)


@pytest.fixture
def run(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs a `souq` command on this test's home."""
    monkeypatch.setenv("SOUQ_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.stores.database_url)
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    done.clear()

    def command(*words: str, typed: str = "") -> Result:
        db.session.rollback()
        result = CliRunner().invoke(souq, list(words), input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


def states(session: Session) -> list[tuple[str, str, int]]:
    session.rollback()
    found = session.execute(
        select(Task.job, Task.state, Task.attempts).where(Task.job.like("test.%")).order_by(Task.id)
    )
    return [(job, state, attempts) for job, state, attempts in found]


def test_doctor_names_what_works_and_what_does_not(run: Any, session: Session) -> None:
    answer = run("doctor", "--json")
    assert answer.exit_code == 0
    assert {one["name"]: one["ok"] for one in json.loads(answer.output)} == {
        "database": True, "search": True, "queue": True, "storage": True, "redis": True,
        "mail in": True, "scanner": True,
    }  # fmt: skip
    with transaction() as inside:
        enqueue(inside, "test.note", delay=-timedelta(hours=1), value="late")
    answer = run("doctor")
    assert answer.exit_code == 1
    assert "FAIL  queue      RuntimeError: 1 tasks wait for more than ten minutes" in answer.output


def test_doctor_looks_into_the_maildir(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, moment: datetime
) -> None:
    folder = tmp_path / "incoming"
    monkeypatch.setenv("MAIL_IN_ADDRESS", "reply@in.souq.example")
    monkeypatch.setenv("MAIL_IN_URL", f"maildir://{folder}")

    def told() -> tuple[bool, str]:
        found = {one["name"]: one for one in json.loads(run("doctor", "--json").output)}["mail in"]
        return found["ok"], found["detail"]

    assert told() == (False, "RuntimeError: there is no Maildir at MAIL_IN_URL, or its folder new is missing")
    (folder / "new").mkdir(parents=True)
    assert told() == (True, "empty")
    mail = folder / "new" / "one"
    mail.write_bytes(b"Subject: Hello\n\nHello\n")
    delivered = moment.timestamp()
    os.utime(mail, (delivered, delivered))
    assert told() == (True, "waiting: 1")
    os.utime(mail, (delivered - 3600, delivered - 3600))
    assert told() == (False, "RuntimeError: waiting: 1, the oldest for 60 minutes; is the worker running")
    mail.rename(folder / "one")
    (folder / "new").rmdir()
    (folder / "new").write_bytes(b"")
    assert not told()[0]


def test_doctor_tells_of_a_database_that_is_not_there(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/no/such/folder/souq.sqlite3")
    answer = run("doctor", "--json")
    assert answer.exit_code == 1
    assert not {one["name"]: one["ok"] for one in json.loads(answer.output)}["database"]
    assert all("SELECT" not in one["detail"] and "\n" not in one["detail"] for one in json.loads(answer.output))


def test_doctor_tells_of_a_database_without_a_schema_in_lines_of_their_own(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    answer = run("doctor")
    assert answer.exit_code == 1
    assert all(line.startswith(("ok  ", "FAIL")) for line in answer.output.splitlines())
    assert "souq db upgrade" in answer.output


def test_jobs_are_listed_done_and_tried_again(run: Any, session: Session) -> None:
    with transaction() as inside:
        enqueue(inside, "test.note", value="a")
        enqueue(inside, "test.fail")
    assert {"job": "test.note", "state": "ready", "count": 1} in json.loads(run("jobs", "list", "--json").output)
    tried = run("jobs", "run")
    assert tried.stdout == "2 tasks were tried, 1 failed.\n"
    assert tried.exit_code == 1
    again = run("jobs", "run", "--json")  # what failed waits for its turn
    assert (again.exit_code, json.loads(again.stdout)) == (0, {"tried": 0, "failed": 0})
    assert "ValueError" in tried.stderr
    assert "beispiel" not in tried.stderr  # a message may name a person
    assert done == ["a"]
    assert states(session) == [("test.note", "done", 1), ("test.fail", "ready", 1)]
    failed = session.scalars(select(Task).where(Task.job == "test.fail")).one()
    assert failed.error == "ValueError"  # never the message, which names a person
    assert failed.due_at > now()
    with transaction() as inside:
        task = inside.get_one(Task, failed.id)
        task.state, task.attempts = TaskState.DEAD, 8
    assert run("jobs", "retry", "test.fail").output == "1 tasks will be tried again.\n"
    assert states(session)[1] == ("test.fail", "ready", 0)


def test_accounts_are_made_listed_and_suspended(run: Any, session: Session) -> None:
    word = "kopi tubruk at dawn"
    made = run(
        "user", "create", "--email", "op@souq.test", "--name", "Op", "--role", "operator", typed=f"{word}\n{word}\n"
    )
    assert made.exit_code == 0, made.output
    user = session.scalars(select(User).where(User.email == "op@souq.test")).one()
    kind, role = session.execute(
        select(Organisation.kind, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user.id)
    ).one()
    assert (kind, role) == ("programme", "operator")
    rows = [json.loads(line) for line in run("user", "list", "--json").output.splitlines()]
    assert {"id": user.id, "email": "op@souq.test", "role": "operator"}.items() <= rows[0].items()
    again = run("user", "create", "--email", "op@souq.test", "--name", "Op", "--no-password")
    assert again.exit_code == 1
    assert run("user", "suspend", str(user.id)).exit_code == 0
    session.rollback()
    assert session.scalars(select(User.suspended_at)).one() is not None
    assert run("user", "suspend", "999999").exit_code == 1


@pytest.mark.parametrize(
    ("more", "status"), [(["--language", "xx"], 2), (["--role", "operator", "--organisation", "a-seller"], 1), ([], 0)]
)
def test_an_account_that_could_not_be_used_is_not_made(
    run: Any, session: Session, people: Cast, more: list[str], status: int
) -> None:
    seller = people.seller()
    with transaction() as inside:
        inside.get_one(Organisation, seller.organisation_id).slug = "a-seller"
    made = run("user", "create", "--email", "new@souq.test", "--name", "New", "--no-password", "--json", *more)
    assert made.exit_code == status
    found = session.scalars(select(User.id).where(User.email == "new@souq.test")).all()
    assert found == ([json.loads(made.stdout)["id"]] if status == 0 else [])


def test_a_template_that_cannot_be_made_leaves_the_file_of_its_name(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    file.write_bytes(b"somebody's work")
    assert run("export", "template", str(file), "--commodity", "unobtainium").exit_code == 2
    assert file.read_bytes() == b"somebody's work"


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    from config.settings import SettingsError
    from marketplace.cli.serve import require_free_port

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as a site of ours does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        read = Settings.from_env({"PORT": str(port), "SOUQ_HOME": str(tmp_path)})
        with pytest.raises(SettingsError, match=f"PORT: something listens at 127.0.0.1:{port} already"):
            require_free_port(read, patience=0)
    require_free_port(read, patience=0)
    with pytest.raises(SettingsError, match="HOST: nobody can listen"):
        require_free_port(Settings.from_env({"HOST": "192.0.2.1", "SOUQ_HOME": str(tmp_path)}), patience=0)


def test_what_a_command_was_told_wrongly_ends_in_a_sentence(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from marketplace.cli.main import main

    def told(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["souq", *words])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 1
        heard = capsys.readouterr().err
        assert "Traceback" not in heard
        return heard

    assert "No such file or directory" in told("export", "template", str(tmp_path / "none" / "template.xlsx"))
    assert "No such file or directory" in told("db", "backup", str(tmp_path / "none" / "souq.backup"))
    monkeypatch.setenv("SOUQ_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert "souq db upgrade" in told("jobs", "list")


def test_only_sample_accounts_show_their_second_factor(run: Any, people: Cast) -> None:
    people.curator(email="curator@souq.example")
    answer = run("user", "totp", "curator")
    assert answer.exit_code == 1
    assert "no sample account" in answer.output


def test_search_is_rebuilt_and_checked(run: Any, people: Cast) -> None:
    a_listed_product(people.seller())
    assert json.loads(run("search", "rebuild", "--json").output)["documents"] == 2
    answer = run("search", "check", "--json")
    assert (answer.exit_code, json.loads(answer.output)["left"]) == (0, 0)


def test_settings_that_cannot_be_used_are_all_named() -> None:
    from config.settings import SettingsError

    with pytest.raises(SettingsError) as failure:
        Settings.from_env(
            {"PORT": "x", "DATABASE_URL": "mysql://a", "REDIS_URL": "a", "STRIPE_SECRET_KEY": "sk_test_1"}
        )
    assert [fault.partition(":")[0] for fault in failure.value.faults] == [
        "PORT", "DATABASE_URL", "REDIS_URL", "STRIPE_WEBHOOK_SECRET",
    ]  # fmt: skip


WRONG_ADDRESSES = {
    "DATABASE_URL": "postgresql://souq@db:notaport/souq",
    "SEARCH_URL": "https://es1:9200,es2:99999",
    "STORAGE_URL": "s3://",
    "REDIS_URL": "redis://cache:port/0",
    "MAIL_URL": "smtp://:587",
    "SECRET_KEY": " " * 40,
}


def test_addresses_that_no_server_can_have_are_faults_at_the_start(tmp_path: Path) -> None:
    from config.settings import SettingsError

    with pytest.raises(SettingsError) as failure:
        Settings.from_env({**WRONG_ADDRESSES, "SOUQ_HOME": str(tmp_path / "home")})
    found = [fault.partition(":")[0] for fault in failure.value.faults if "not installed" not in fault]
    assert found == [name for name in WRONG_ADDRESSES if name != "SECRET_KEY"]
    assert not (tmp_path / "home").exists()
    assert Settings.from_env({"SECRET_KEY": " " * 40, "SOUQ_HOME": str(tmp_path / "home")}).web.secret_key.strip()


@pytest.mark.parametrize(
    "url",
    ["postgresql://souq:p/w#d@db:5432/souq", "postgresql://souq@/souq?host=/run/postgresql", "postgres://db/souq"],
)
def test_addresses_of_postgresql_are_taken_as_sqlalchemy_takes_them(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from config import addresses

    monkeypatch.setattr(addresses, "find_spec", lambda name: name)  # the embedded set comes without psycopg
    read = Settings.from_env(
        {"DATABASE_URL": url, "SOUQ_HOME": str(tmp_path), "SEARCH_URL": "https://a:1,https://b:2/x"}
    )
    assert read.stores.database_url.startswith("postgresql+psycopg://")


def test_a_package_that_lacks_is_a_fault_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from config import addresses
    from config.settings import SettingsError

    monkeypatch.setattr(addresses, "find_spec", lambda name: None)
    scaled = {"DATABASE_URL": "postgresql://db/souq", "REDIS_URL": "redis://cache", "STORAGE_URL": "s3://bucket/souq"}
    with pytest.raises(SettingsError) as failure:
        Settings.from_env({**scaled, "SOUQ_HOME": str(tmp_path)})
    assert [fault.partition(":")[0] for fault in failure.value.faults] == ["DATABASE_URL", "STORAGE_URL", "REDIS_URL"]
    assert all("make install-full" in fault for fault in failure.value.faults)


def test_the_work_of_a_dead_worker_is_taken_over_at_once(app: Flask, session: Session, tmp_path: Path) -> None:
    done.clear()
    dead, living = Presence(tmp_path), Presence(tmp_path)
    with transaction() as inside:
        enqueue(inside, "test.note", value="orphan")
    assert len(jobs.claim(worker=dead.name)) == 1
    assert jobs.take_over(tmp_path, living.name) == 0  # it still lives
    dead._file.close()  # as the system does when a process is killed
    assert has_died(tmp_path, dead.name)
    assert jobs.take_over(tmp_path, living.name) == 1
    assert jobs.run_due(worker=living.name) >= 1
    assert done == ["orphan"]
    assert states(session) == [("test.note", "done", 2)]
    assert signs(tmp_path) == [living.name]
    living.leave()
    assert signs(tmp_path) == []


def test_a_task_that_kills_its_workers_is_given_up(app: Flask, session: Session) -> None:
    with transaction() as inside:
        enqueue(inside, "test.note", value="deadly")
    with transaction() as inside:
        inside.scalars(select(Task).where(Task.job == "test.note")).one().attempts = jobs.MAX_ATTEMPTS
    done.clear()
    jobs.run_due()
    assert done == []
    assert states(session) == [("test.note", "dead", jobs.MAX_ATTEMPTS + 1)]


def test_a_stop_gives_back_what_was_not_begun(app: Flask, session: Session) -> None:
    with transaction() as inside:
        for value in "abc":
            enqueue(inside, "test.note", value=value)
    stop = threading.Event()
    stop.set()
    assert jobs.run_due(stop=stop) == 0
    assert states(session) == [("test.note", "ready", 0)] * 3


def test_the_newest_revision_is_the_one_alembic_knows() -> None:
    from alembic.script import ScriptDirectory

    from marketplace.kernel.places import migrations_folder
    from marketplace.web.checks import newest_revisions

    assert newest_revisions() == set(ScriptDirectory(str(migrations_folder())).get_heads())


def test_a_database_without_a_schema_is_not_ready(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.sqlite3")
    answer = run("doctor")
    assert answer.exit_code == 1
    assert "there is no schema; run souq db upgrade" in answer.output


def test_restore_wants_a_file(run: Any, tmp_path: Path) -> None:
    answer = run("db", "restore", str(tmp_path / "none"))
    assert answer.exit_code == 2
    assert "does not exist" in answer.output


def test_metrics_count_requests_by_route(app: Flask) -> None:
    client = app.test_client()
    client.get("/healthz")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'souq_requests_total{method="GET",route="/healthz",status="200"}' in text
