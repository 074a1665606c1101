"""The embedded site runs without the packages of the scaled set, which `make run` does not install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys, importlib.abc
EXTRAS = {"redis", "psycopg", "boto3", "botocore", "cryptography", "playwright"}

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from config.settings import Settings
from marketplace.app import create_app
from marketplace.cli import main, prepare, serve, supervise, worker
app = create_app(Settings.from_env())
with app.test_client() as client:
    for path in ("/healthz", "/en/", "/en/products"):
        assert client.get(path).status_code == 200, path
print("runs")
"""


def test_the_site_starts_without_the_extras(prepared: Path, tmp_path: Path) -> None:
    shutil.copy(prepared, tmp_path / "souq.sqlite3")
    env = {**os.environ, "SOUQ_HOME": str(tmp_path), "SECRET_KEY": "k" * 40}
    for name in ("DATABASE_URL", "SEARCH_URL", "REDIS_URL", "STORAGE_URL"):
        env.pop(name, None)
    done = subprocess.run([sys.executable, "-c", _PROGRAM], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("runs"), done.stderr[-2000:]
