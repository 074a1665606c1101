"""A buyer's inquiry as it is nearly always sent: its transaction is spoken straight to the database."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from tests.crash.stories import Story, World, worker
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.people import Cast

WORDS = "Is this lot still there? We need 2 t."
_BUYERS: dict[Path, FlaskClient] = {}


def _before(world: World, people: Cast) -> None:
    world.known["slug"] = a_listed_product(people.seller()).slug
    _BUYERS[world.home] = people.buyer().client


def _sends(world: World) -> None:
    page, before = f"/products/{world.known['slug']}/inquiry", world.fuse.direct_commits
    where = world.send("inquiry", _BUYERS[world.home], page, page, **an_inquiry_form(WORDS))
    assert where.startswith("/requests/"), "whoever sends it again is led to the first one"
    if world.fuse.touches.count("write") > 2:  # else it was sent before, and only its key was found to be taken
        assert world.fuse.direct_commits == before + 1


INQUIRY = Story(
    "inquiry",
    _before,
    (("sends", _sends), ("is told of", worker)),
    {
        f"SELECT COUNT(*) FROM rfq WHERE text = '{WORDS}'": 1,
        "SELECT COUNT(*) FROM rfq": 1,
        "SELECT COUNT(*) FROM rfq_line": 1,
        "SELECT COUNT(*) FROM rfq_recipient": 1,
        "SELECT COUNT(*) FROM rfq_moment": 2,
        "SELECT COUNT(*) FROM notice WHERE kind = 'lead_new'": 1,
        "SELECT COUNT(*) FROM submission": 1,
        "SELECT SUM(count) FROM tally WHERE count > 0": 1,
    },
)
