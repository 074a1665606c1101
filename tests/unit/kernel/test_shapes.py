"""Templates rendered once for a shape: what a direct rendering would give, whatever the texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from marketplace.kernel.shapes import Same, shaped, shaped_page

PAIRS = """{% macro pairs(rows, tone) %}<dl class="{{ tone }}">{% for name, value in rows %}<dt>{{ name }}</dt>
{% if value %}<dd>{{ value }}</dd>{% else %}<dd>none</dd>{% endif %}{% endfor %}</dl>{% endmacro %}"""
ROWS = ([("A", "<b>"), ("B", "")], [("C", "1 & 2"), ("D", "")], [("E", "x"), ("F", "y")], [("", ""), ("G", "z")], [])


@pytest.fixture
def templates() -> Iterator[Flask]:
    """An application with two templates."""
    app = Flask("shapes")
    app.jinja_env.loader = DictLoader({
        "pairs.html": PAIRS,
        "page.html": "{{ title }}: {{ count + 1 }} {% if kind == 'a' %}first{% else %}other{% endif %} {{ body }}",
    })  # fmt: skip
    with app.app_context():
        yield app


def test_a_shape_gives_what_the_macro_gives(templates: Flask) -> None:
    macro = templates.jinja_env.get_template("pairs.html").module.pairs  # type: ignore[attr-defined]  # a macro is an attribute
    for locale in ("en", "de"):
        for rows in ROWS:
            for _again in range(2):
                assert shaped("pairs.html", "pairs", locale, rows, "quiet") == macro(rows, "quiet")


def test_finished_html_stays_and_texts_are_escaped(templates: Flask) -> None:
    made = shaped_page("page.html", "en", title="<i>", count=1, kind=Same("a"), body=Markup("<p>x</p>"))
    assert made == "&lt;i&gt;: 2 first <p>x</p>"
    assert isinstance(made, Markup)
    again = shaped_page("page.html", "en", title="<i>" * 60, count=1, kind=Same("b"), body="<p>")
    assert again == "&lt;i&gt;" * 60 + ": 2 other &lt;p&gt;"


def test_a_sign_in_a_text_is_a_text(templates: Flask) -> None:
    for title in ("\ue100", "\ue101 and \ue100"):
        assert shaped_page("page.html", "en", title=title, count=0, kind=Same("a"), body="end").startswith(
            f"{title}: 1"
        )


def test_one_and_true_are_two_shapes(templates: Flask) -> None:
    assert "2 other" in shaped_page("page.html", "en", title="t", count=1, kind=1, body="e")
    assert "2 other" in shaped_page("page.html", "en", title="t", count=True, kind=1, body="e")


def test_too_many_texts_are_refused(templates: Flask) -> None:
    with pytest.raises(ValueError, match="too many"):
        shaped("pairs.html", "pairs", "en", [("a", "b")] * 2000, "quiet")
