"""The control: Flask, one row of SQLite and a small template."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask, render_template

PAGE = """<!doctype html><html lang="en"><head><title>{{ row[1] }}</title></head>
<body><h1>{{ row[1] }}</h1><p>{{ row[2] }}</p>{% for word in words %}<span>{{ word }}</span>{% endfor %}
</body></html>"""


def bare_app(folder: Path) -> Flask:
    """A Flask application with one page that reads one row."""
    app = Flask("bare")
    path = folder / "bare.sqlite3"
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("CREATE TABLE IF NOT EXISTS thing (id INTEGER PRIMARY KEY, title TEXT, text TEXT)")
    connection.execute("INSERT OR REPLACE INTO thing VALUES (1, 'A thing', 'What it is')")
    connection.commit()
    template = app.jinja_env.from_string(PAGE)

    @app.get("/thing/<int:key>")
    def thing(key: int) -> str:
        row = connection.execute("SELECT id, title, text FROM thing WHERE id = ?", (key,)).fetchone()
        return render_template(template, row=row, words=("one", "two", "three"))

    return app
