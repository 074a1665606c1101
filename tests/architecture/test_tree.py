"""The shape of the code: size of modules, one place that commits, doors to libraries, nothing heavy at start."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CODE = [path for top in ("config", "search", "matching", "marketplace") for path in (ROOT / top).rglob("*.py")]


def _texts() -> list[tuple[str, str]]:
    return [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in CODE]


def test_modules_stay_small() -> None:
    assert {name: text.count("\n") for name, text in _texts() if text.count("\n") > 400} == {}


def test_there_is_no_drawer_of_odds_and_ends() -> None:
    assert [name for name, _ in _texts() if Path(name).stem in {"utils", "util", "helpers", "misc", "common"}] == []


def test_only_the_unit_of_work_commits() -> None:
    commits = [name for name, text in _texts() if re.search(r"\bsession\.commit\(|db\.session\.commit\(", text)]
    assert commits == ["marketplace/kernel/uow.py"]


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        ("elasticsearch", {"search/engines/elastic"}),
        ("sklearn", {"matching/"}),
        ("stripe", {"marketplace/payments/stripe_gateway.py"}),
    ],
)
def test_libraries_have_one_door(library: str, doors: set[str]) -> None:
    pattern = re.compile(rf"^\s*(?:from|import) {library}\b", re.MULTILINE)
    users = [name for name, text in _texts() if pattern.search(text)]
    assert [name for name in users if not any(name.startswith(door) for door in doors)] == []


def test_the_clock_is_the_only_reader_of_time() -> None:
    pattern = re.compile(r"datetime\.(?:now|utcnow)\(|date\.today\(|time\.time\(\)")
    assert [name for name, text in _texts() if pattern.search(text)] == ["marketplace/kernel/clock.py"]


def test_the_environment_is_read_in_one_place() -> None:
    allowed = {"config/settings.py", "config/gunicorn.py", "marketplace/web/health.py"}
    readers = {name for name, text in _texts() if re.search(r"os\.environ|os\.getenv", text)}
    assert readers - allowed - {name for name in readers if name.startswith("marketplace/cli/")} == set()


def test_a_web_worker_starts_light(tmp_path: Path) -> None:
    """Neither scikit-learn nor the Elasticsearch client is imported before it is used, nor what a rebuild needs."""
    program = (
        "import sys\n"
        "from config.settings import Settings\n"
        "from marketplace.app import create_app\n"
        "create_app(Settings.from_env())\n"
        "import search.engines.sqlite.engine\n"
        "print(sorted({'multiprocessing', 'sklearn', 'scipy', 'elasticsearch', 'stripe', 'PIL', 'openpyxl', 'rjieba'}"
        " & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"SOUQ_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    assert run.stdout.strip() == "[]"


def _kept_files() -> list[Path]:
    """What belongs to the project: the files git knows, or all text files of an unpacked archive."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.split()
    found = [ROOT / name for name in listed] or [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return [path for path in found if path.is_file() and path.suffix not in {".woff2", ".png", ".ico", ".mo"}]


def test_nothing_names_this_machine_or_a_registry() -> None:
    hosts = ["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "repo1" + r"\.maven"]
    words = re.compile("|".join([*hosts, "/wo" + "rk/main", "/wo" + "rk/shared", "/ro" + r"ot/\w"]))
    guilty = [path for path in _kept_files() if words.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert [path.relative_to(ROOT).as_posix() for path in guilty] == []
