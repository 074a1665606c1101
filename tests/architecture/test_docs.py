"""Reference pages say what the code says, and the README's links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from marketplace.cli.docs import LIFE_CYCLES, PAGE, states_page

ROOT = Path(__file__).parent.parent.parent


def test_the_page_of_life_cycles_is_drawn_from_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == states_page()


def test_every_state_is_in_its_table_and_every_target_is_a_state() -> None:
    for title, _about, moves in LIFE_CYCLES:
        states = set(type(next(iter(moves))))
        assert set(moves) == states, title
        assert {target for targets in moves.values() for target in targets} <= states, title


def test_links_of_the_readme_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
