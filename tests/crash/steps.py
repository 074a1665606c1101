"""T18 step by step: each step of a story is killed at its touches of database and disk, one after the other.

    python -m tests.crash.steps --every 1

A child process does the step and dies by SIGKILL at a touch. What it left must be as before the step or as after it,
never between. Then the site "starts again" an hour later: the same form is sent again with the same key, the same mail
delivered again, the worker runs, the story goes on to its end; everything is there once, and every mail was sent once.
Nothing here depends on time or chance: the touches are counted, the clock stands.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from tests.crash.calls import CALLS
from tests.crash.fuse import Fuse
from tests.crash.inquiries import INQUIRY
from tests.crash.judge import TASKS_LEFT, mail_faults
from tests.crash.site import SECRET, rows
from tests.crash.stories import REPLIES, STORIES, Story, World
from tests.support.application import build, home_settings, prepared_database
from tests.support.people import Cast

BEGIN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AGAIN = BEGIN + timedelta(hours=1)  # leases of the dead have run out


@dataclass
class Trial:
    """One story, its kills and what was wrong after them."""

    story: Story
    folder: Path
    prepared: Path  # a migrated, empty database
    kills: int = 0
    steps: dict[str, int] = field(default_factory=dict)  # touches of each step
    faults: list[str] = field(default_factory=list)

    def run(self, fuse: Fuse, chosen: Callable[[Fuse], list[int]]) -> None:
        """Walk the story once unharmed; then kill each step at the touches that ``chosen`` names."""
        world = self._world(fuse)
        with world.outside:
            self._walk(world, chosen)

    def _walk(self, world: World, chosen: Callable[[Fuse], list[int]]) -> None:
        fuse = world.fuse
        self._keep(0)
        for place, (name, _step) in enumerate(self.story.steps):
            self._back(place)
            before = self._state(world)
            touches = self._unharmed(world, place)
            after = self._state(world)
            self._keep(place + 1)
            self.steps[name] = len(touches)
            fuse.touches = touches
            for at in chosen(fuse):
                self._killed(world, place, at, (before, after), f"{self.story.name}: {name}, {touches[at - 1]} {at}")
        self._back(len(self.story.steps))
        self._judge(world, f"{self.story.name}: unharmed")

    def _world(self, fuse: Fuse) -> World:
        home = self.folder / "home"
        home.mkdir()
        shutil.copyfile(self.prepared, home / "souq.sqlite3")
        app = build(
            home_settings(home, SECRET_KEY=SECRET, MAIL_IN_ADDRESS=REPLIES, MAIL_IN_URL=f"maildir://{home}/incoming")
        )
        fuse.home = str(home)
        world = World(app, home, self.folder / "notebook", fuse)
        with frozen(BEGIN), app.app_context():
            self.story.prepare(world, Cast(app))
            db.session.remove()
            db.engine.dispose()
        still_open = [path for path in map(os.path.realpath, Path("/proc/self/fd").iterdir()) if ".sqlite3" in path]
        assert not still_open, still_open
        return world

    def _unharmed(self, world: World, place: int) -> list[str]:
        told = self.folder / "touches"

        def walk() -> None:
            self.story.steps[place][1](world)
            told.write_text(json.dumps(world.fuse.touches))

        world.at, world.fuse.touches = 0, []
        status = self._forked(world, BEGIN, walk)
        assert status == 0, f"{self.story.name}: {self.story.steps[place][0]} ended with {status}"
        found: list[str] = json.loads(told.read_text()) if told.exists() else []
        told.unlink()
        return found

    def _killed(self, world: World, place: int, at: int, ends: tuple[list[int], list[int]], where: str) -> None:
        self._back(place)
        world.at = at
        status = self._forked(world, BEGIN, lambda: self.story.steps[place][1](world))
        if status != -signal.SIGKILL:
            self.faults.append(f"{where}: was to be killed, ended with {status}")
            return
        self.kills += 1
        left = self._state(world)
        if left not in ends:
            self.faults.append(f"{where}: half done, {dict(zip(self.story.ends, left, strict=True))}")
        world.at = 0

        def again() -> None:
            for _name, step in self.story.steps[place:]:
                step(world)

        status = self._forked(world, AGAIN, again)
        if status:
            self.faults.append(f"{where}: cannot be taken up again, {status}")
        self._judge(world, where)

    def _judge(self, world: World, where: str) -> None:
        for query, wanted in self.story.ends.items():
            found = world.count(query)
            if found != wanted:
                self.faults.append(f"{where}: {found} instead of {wanted}: {query}")
        self.faults += [f"{where}: {fault}" for fault in mail_faults(world.home)]
        self.faults += [f"{where}: task {row}" for row in rows(world.home, TASKS_LEFT)]

    def _state(self, world: World) -> list[int]:
        return [world.count(query) for query in self.story.ends]

    def _keep(self, place: int) -> None:
        shutil.copytree(self.folder / "home", self.folder / f"kept-{place}")

    def _back(self, place: int) -> None:
        """The home and the browsers' memory as they were before step ``place``."""
        shutil.rmtree(self.folder / "home")
        shutil.copytree(self.folder / f"kept-{place}", self.folder / "home")
        (self.folder / "notebook").unlink(missing_ok=True)

    @staticmethod
    def _forked(world: World, moment: datetime, deed: Callable[[], None]) -> int:
        """Do it in a child process; gives how it ended: 0, 1 after a fault, or the signal's number below zero."""
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            try:
                with frozen(moment), world.app.app_context():
                    deed()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tried(every: int, names: Container[str] = ()) -> dict[str, dict[str, object]]:
    """All stories: killed at each ``every``-th touch; with 0, only before and after each step's last commit."""

    def chosen(fuse: Fuse) -> list[int]:
        return list(range(1, len(fuse.touches) + 1, every)) if every else fuse.turning_points()[-2:]

    figures: dict[str, dict[str, object]] = {}
    fuse = Fuse()
    with tempfile.TemporaryDirectory() as empty:
        prepared = prepared_database(Path(empty))
        for story in [one for one in (INQUIRY, *STORIES, CALLS) if not names or one.name in names]:
            with tempfile.TemporaryDirectory() as folder:
                trial = Trial(story, Path(folder).resolve(), prepared)
                trial.run(fuse, chosen)
            figures[story.name] = {"kills": trial.kills, "touches": trial.steps, "faults": trial.faults}
    return figures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--story", action="append", default=[])
    asked = options.parse_args()
    figures = tried(asked.every, asked.story)
    print(json.dumps(figures, indent=1))
    return 1 if any(one["faults"] for one in figures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
