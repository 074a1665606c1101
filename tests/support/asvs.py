"""The list of OWASP's ASVS 5.0 (docs/asvs.yaml): read, judged and drawn as docs/ref-asvs.md.

python -m tests.support.asvs
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
DATA, PAGE = ROOT / "docs" / "asvs.yaml", ROOT / "docs" / "ref-asvs.md"
MET, NOT_MET, NOT_HERE = "met", "not met", "n/a"
# The standard's numbers: each section with the level of its first item, its second, and so on.
LEVELS = """
1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123 2.1:122 2.2:112 2.3:12223 2.4:23 3.1:3 3.2:113 3.3:12223
3.4:11222233 3.5:11122333 3.6:3 3.7:22333 4.1:12233 4.2:23333 4.3:22 4.4:1222 5.1:2 5.2:112333 5.3:113 5.4:222
6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.7:33 6.8:2222 7.1:222 7.2:1111 7.3:22
7.4:11222 7.5:223 7.6:22 8.1:1233 8.2:1123 8.3:133 8.4:23 9.1:111 9.2:1222 10.1:22 10.2:223 10.3:22223
10.4:1111122222233333 10.5:22222 10.6:22 10.7:222 11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23
11.7:33 12.1:12233 12.2:11 12.3:22223 13.1:2333 13.2:222223 13.3:2233 13.4:1222233 14.1:22 14.2:12223333
14.3:122 15.1:12233 15.2:12233 15.3:1222222 15.4:3333 16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223 17.1:23
17.2:22223333 17.3:22
"""
BEYOND = ("1.2.10", "6.3.8", "15.4.2")  # of level 3: what marketplaces are hit by
CHAPTERS = {
    1: "Encoding and cleaning", 2: "Validation and rules of the trade", 3: "Browsers", 4: "HTTP and interfaces",
    5: "Files", 6: "Signing in", 7: "Sessions", 8: "Permissions", 9: "Signed tokens", 10: "OAuth and OpenID Connect",
    11: "Cryptography", 12: "Lines", 13: "Configuration", 14: "Care of data", 15: "Code and packages",
    16: "Logs and failures", 17: "WebRTC",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What is said of an item: its state, what it is about, why, and the evidence as paths or paths with a test."""

    number: str
    level: int
    state: str
    about: str
    why: str
    evidence: tuple[str, ...]


def wanted() -> dict[str, int]:
    """The items to be answered, with their levels, in the standard's order."""
    found: dict[str, int] = {}
    for part in LEVELS.split():
        section, _, levels = part.partition(":")
        for number, level in enumerate(levels, 1):
            name = f"{section}.{number}"
            if level in "12" or name in BEYOND:
                found[name] = int(level)
    return found


def lines() -> list[Line]:
    """Every wanted item with its line. Raises KeyError for an item without one, ValueError for a line too many."""
    said: dict[str, list[str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))["items"]
    used: set[str] = set()
    found = []
    for number, level in wanted().items():
        chapter, section, _ = number.split(".")
        key = next((each for each in (number, f"{chapter}.{section}", chapter) if each in said), None)
        if key is None:
            raise KeyError(number)
        used.add(key)
        state, about, why, *evidence = said[key]
        found.append(Line(number, level, state, about, why, tuple(_path(each) for each in evidence)))
    if set(said) - used:
        raise ValueError(f"no item of the standard: {sorted(set(said) - used)}")
    return found


def _path(short: str) -> str:
    file, mark, test = short.partition("::")
    if not mark:
        return short
    folder, _, name = file.rpartition("/")
    return f"tests/{folder}/test_{name}.py::test_{test}"


def is_there(evidence: str) -> bool:
    """Whether a document exists, or a file with this very test."""
    file, _, test = evidence.partition("::")
    path = ROOT / file
    if not test or not path.is_file():
        return path.is_file()
    return any(
        isinstance(one, ast.FunctionDef) and one.name == test
        for one in ast.parse(path.read_text(encoding="utf-8")).body
    )


def page() -> str:
    """docs/ref-asvs.md."""
    found = lines()
    counts = Counter(each.state for each in found)
    head = [
        "# OWASP ASVS 5.0, item by item",
        "",
        "Drawn from `asvs.yaml` by `make docs`. Levels 1 and 2, and three items of level 3 that marketplaces are hit by. What an "
        "item is about is told here in a few words of our own; the standard's words are at "
        "[OWASP](https://owasp.org/www-project-application-security-verification-standard/). A test sees that each item has its "
        "line and that each named test and document exists.",
        "",
        f"**{len(found)} items: {counts[MET]} met, {counts[NOT_MET]} not met, {counts[NOT_HERE]} that do not apply.** "
        "Not met: " + ", ".join(each.number for each in found if each.state == NOT_MET) + ".",
    ]
    chapter = 0
    for each in found:
        if int(each.number.split(".")[0]) != chapter:
            chapter = int(each.number.split(".")[0])
            head += [
                "",
                f"## {chapter} {CHAPTERS[chapter]}",
                "| item | level | about | state | evidence |",
                "|---|---|---|---|---|",
            ]
        state = each.state + (f": {each.why}" if each.why else "")
        shown = "<br>".join(f"`{one}`" for one in each.evidence)
        head.append(f"| {each.number} | {each.level} | {each.about} | {state} | {shown} |")
    return "\n".join(head) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
