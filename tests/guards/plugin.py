"""Takes one guard out of the site while tests run: `pytest -p tests.guards.plugin` with SOUQ_WITHOUT_GUARD set.

The product has no switch. The module that holds the guard is compiled from a changed text as it is imported, in this
process alone; nothing is written, and without this plugin nothing of it can happen.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from tests.guards.table import GUARDS, Guard

ROOT = Path(__file__).parent.parent.parent
VARIABLE = "SOUQ_WITHOUT_GUARD"


def text_without(guard: Guard) -> str:
    """The module's text without its guard. Raises ValueError unless the guard stands there exactly once."""
    text = (ROOT / guard.path).read_text(encoding="utf-8")
    if text.count(guard.text) != 1:
        raise ValueError(f"{guard.name}: its text stands {text.count(guard.text)} times in {guard.path}")
    return text.replace(guard.text, guard.instead)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str):  # type: ignore[no-untyped-def]  # a code object; nothing kept is read or written
        return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, guard: Guard) -> None:
        self._name, self._text = guard.module, text_without(guard)
        self._path = str(ROOT / guard.path)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _Loader(fullname, self._path, self._text)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


def take_out(guard: Guard) -> None:
    """Have the module imported without its guard from now on; RuntimeError where it is there already."""
    if guard.module in sys.modules:
        raise RuntimeError(f"{guard.module} was imported before its guard could be taken out")
    sys.meta_path.insert(0, _Finder(guard))


if os.environ.get(VARIABLE):
    take_out(next(each for each in GUARDS if each.name == os.environ[VARIABLE]))
