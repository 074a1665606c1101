"""Write the three locks from pyproject.toml: names, versions and hashes only, no address of any registry.

base.txt is what the site needs, test.txt adds the tests and checks, full.txt adds the scaled
set (PostgreSQL, Redis, S3) and the browser. Each smaller lock is pinned to the larger one.
Needs uv (`pip install uv`); only maintainers who change dependencies run this: `make lock`.
"""

import subprocess
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def compile_lock(name: str, wanted: list[str], pinned_to: str | None) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".in") as listing:
        listing.write("\n".join(wanted) + "\n")
        listing.flush()
        command = ["uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        if pinned_to:
            command += ["--constraint", str(HERE / f"{pinned_to}.txt")]
        subprocess.run([*command, listing.name, "-o", str(HERE / f"{name}.txt")], check=True)


def main() -> None:
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    base = project["project"]["dependencies"] + project["build-system"]["requires"]
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    scale = [line for name in ("postgres", "redis", "s3") for line in extras[name]]
    compile_lock("full", base + groups["test"] + groups["browser"] + scale, None)
    compile_lock("test", base + groups["test"], "full")
    compile_lock("base", base, "full")


if __name__ == "__main__":
    main()
