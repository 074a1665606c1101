"""The look as facts: contrast, one stylesheet from its parts, nothing inline, nothing from another host."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from marketplace.web.stylesheets import CSS, PARTS, compact, stylesheet

ROOT = Path(__file__).parent.parent.parent.parent
STATIC = ROOT / "marketplace" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.relative_to(ROOT / "templates").parts[0] not in {"mail", "pdf"}]
# macros that other macros call, and those that need a whole page of their own
HELPERS = {
    *("described", "control", "error_text", "help_text", "group", "joined_part", "picture", "figures_table"),
    *("product_card", "problem_summary", "pager", "facet_of", "facet_option"),
}
ON_PAPER = ("surface", "surface-raised", "surface-sunken")
TEXTS = ("text", "text-quiet", "accent", "accent-strong", "coffee", "positive", "caution", "critical", "info")


def _sets() -> dict[str, dict[str, str]]:
    text = (CSS / "parts" / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^{}]*--surface:[^{}]*)\}", text)
    return {head.strip(): dict(re.findall(r"--([a-z-]+\d?): (#[0-9a-f]{6})", body)) for head, body in blocks}


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_dark_sets_are_the_same() -> None:
    sets = _sets()
    assert len(sets) == 3
    assert sets[':root:not([data-theme="light"])'] == sets[':root[data-theme="dark"]']


@pytest.mark.parametrize("name", list(_sets()))
def test_contrast_of_text_and_controls(name: str) -> None:
    tones = _sets()[name]
    pairs = [(text, ground, 4.5) for text in TEXTS for ground in ON_PAPER]
    pairs += [(role, f"{role}-soft", 4.5) for role in ("accent", "coffee", "positive", "caution", "critical", "info")]
    pairs += [("text", f"{role}-soft", 4.5) for role in ("accent", "coffee", "positive", "caution", "critical", "info")]
    pairs += [("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5), ("accent-strong", "accent-soft", 4.5)]
    pairs += [("text-quiet", "accent-soft", 4.5), ("line-strong", "surface", 3), ("line-strong", "surface-raised", 3)]
    weak = {(one, two): round(_contrast(tones[one], tones[two]), 2) for one, two, least in pairs
            if _contrast(tones[one], tones[two]) < least}  # fmt: skip
    assert weak == {}


def test_the_stylesheet_is_made_from_its_parts() -> None:
    assert (CSS / "site.css").read_text(encoding="utf-8") == stylesheet(), "run python -m marketplace.web.stylesheets"


def test_every_part_is_used_and_every_token_is_defined() -> None:
    assert {path.stem for path in (CSS / "parts").glob("*.css")} == {*PARTS, "styleguide"}
    text = stylesheet()
    assert set(re.findall(r"var\(--([a-z0-9-]+)", text)) <= set(re.findall(r"--([a-z0-9-]+):", text))


def test_compacting_changes_no_string_and_no_selector() -> None:
    text = '/* a; b */ .a > .b :focus , .c::before { content: "x ; /  y" ; color: red; }\n'
    text += "@media (min-width: 4rem) { a { top: 0 } }"
    assert compact(text).strip() == (
        '.a > .b :focus,.c::before{content:"x ; /  y";color:red}@media (min-width: 4rem){a{top:0}}'
    )


def test_nothing_comes_from_another_host() -> None:
    for path in [*STATIC.rglob("*.css"), *STATIC.glob("js/*.js")]:
        assert re.findall(r"https?://(?!www\.w3\.org)[^\s\"')]+", path.read_text(encoding="utf-8")) == [], path.name


def test_the_display_face_is_light_and_whole_styles_fit_a_weak_link() -> None:
    assert (STATIC / "fonts" / "besley-600-latin.woff2").stat().st_size < 35_000
    assert len(gzip.compress((CSS / "site.css").read_bytes())) < 16_000  # as it is sent


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"<[^>{]*\sstyle=", text) == []
    assert re.findall(r"<[a-z][^>]*\son[a-z]+=", text) == []
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)", text) == []


def test_vendored_files_are_what_the_manifest_says() -> None:
    listed = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    for entry in listed:
        assert hashlib.sha256((STATIC / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["name"]
        assert (STATIC / entry["licence_file"]).stat().st_size > 300
    assert {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.min.js")} <= {entry["file"] for entry in listed}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.sources: list[str] = []
        self.inline: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.ids += [known["id"]] if "id" in known else []
        for name in ("for", "aria-describedby", "aria-labelledby", "list"):
            self.references += known.get(name, "").split()
        self.sources += [
            known[name]
            for name in ("src", "href")
            if name in known and (tag in {"script", "img"} or known.get("rel") in {"stylesheet", "icon"})
        ]
        self.inline += [name for name in known if name == "style" or name.startswith("on")]
        self.headings += [tag] if tag == "h1" else []


def test_the_style_page_shows_every_component_and_its_parts_belong_together(client: FlaskClient) -> None:
    answer = client.get("/style")
    assert answer.status_code == 200
    reader = _Reader()
    reader.feed(answer.get_data(as_text=True))
    assert sorted(reader.ids) == sorted(set(reader.ids))
    assert set(reader.references) <= set(reader.ids)
    assert reader.inline == []
    assert all(source.startswith("/") for source in reader.sources)
    for source in reader.sources:
        if source.startswith("/static/"):
            with client.get(source) as found:
                assert found.status_code == 200, source
    shown = (ROOT / "templates" / "styleguide" / "styleguide.html").read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "components").glob("*.html")]
    listed = set(re.findall(r"\{% macro (\w+)\(", "".join(sources)))
    assert {name for name in listed - HELPERS if not re.search(rf"\b{name}\(", shown)} == set()


@pytest.mark.parametrize("address", ["/no-such-page", "/de/no-such-page"])
def test_a_missing_page_says_so_with_one_heading_and_a_way_on(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    reader = _Reader()
    reader.feed(answer.get_data(as_text=True))
    assert answer.status_code == 404
    assert reader.headings == ["h1"]
    assert 'role="search"' in answer.get_data(as_text=True)


def test_a_line_above_a_heading_says_more_than_the_way_back() -> None:
    """A kicker that is the page one came from, or the page itself, in the breadcrumb right above it says nothing."""
    seen = 0
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        kicker = re.search(r"page_head\(.*?, kicker=(.+?)(?:, lead=.*)?\) ?[%}]}", text)
        for trail in re.findall(r"breadcrumb\(\[(.*)\]\)", text) if kicker else ():
            near = re.findall(r"\((.+?), [^()]*\)(?=, \(|$)", trail)[-2:]
            seen += 1
            assert kicker is not None
            assert kicker.group(1) not in near, path
    assert seen > 20
