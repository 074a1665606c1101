"""A browser that checks by itself never sends a needed list whose choice has no value: such forms check at the server."""

from __future__ import annotations

from pathlib import Path


def test_the_form_of_papers_lets_english_alone_through() -> None:
    text = (Path(__file__).parents[2] / "templates/documents/papers.html").read_text()
    form = text.split("{{ field(form.language) }}")[0].rsplit("<form", 1)[1].split(">")[0]
    assert "novalidate" in form
