"""The modules of the site in a real Chromium, on the style page: each works, and none is needed."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.serving import make_server

from tests.browser.conftest import PATIENCE
from tests.support.application import build, home_settings, prepared_database

playwright = pytest.importorskip("playwright.sync_api")
axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("style")
    prepared_database(home)
    server = make_server("127.0.0.1", 0, build(home_settings(home)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(engine: object, address: str) -> Iterator[object]:
    """The style page at 1280 pixels; a test fails on any script error or breach of the content policy."""
    context = engine.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto(f"{address}/style")
    playwright.expect(page.locator("[data-module]:not([data-enhanced]):not(.menu)")).to_have_count(0, timeout=PATIENCE)
    yield page
    context.close()
    assert faults == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_serious_barrier_and_nothing_wider_than_the_screen(
    engine: object, address: str, width: int, colours: str
) -> None:
    context = engine.new_context(viewport={"width": width, "height": 900}, color_scheme=colours)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{address}/de/style")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = axe_module.Axe().run(page).response["violations"]
    assert [(one["id"], one["impact"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    context.close()


def test_the_choice_of_colours_stays(page: object, address: str) -> None:
    toggle = page.locator("[data-theme-toggle]")
    assert toggle.get_attribute("aria-label") == "Colours: as your device"
    toggle.click()
    toggle.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto(f"{address}/style")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("[data-theme-toggle]").click()
    assert page.locator("html").get_attribute("data-theme") is None
    assert "theme=" not in page.evaluate("document.cookie")


def test_a_select_can_be_searched_by_keyboard(page: object) -> None:
    box = page.get_by_role("combobox", name="Regency").first
    box.click()
    box.fill("malang")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert box.input_value() == "Malang"
    assert page.evaluate("document.getElementById('regency').value") == "Malang"
    box.fill("no such place")
    assert page.get_by_role("option", name="Nothing found. Try another word.").is_visible()
    page.keyboard.press("Escape")
    assert box.input_value() == "Malang"


def test_dialog_and_drawer_open_and_close_and_give_the_focus_back(page: object) -> None:
    opener = page.get_by_role("button", name="Open a dialog")
    opener.focus()
    page.keyboard.press("Space")
    assert page.get_by_role("dialog", name="Withdraw this listing").is_visible()
    page.keyboard.press("Escape")
    assert opener.evaluate("element => element === document.activeElement")
    page.get_by_role("button", name="Open a drawer").click()
    drawer = page.get_by_role("dialog", name="Filters")
    assert drawer.is_visible()
    drawer.get_by_role("button", name="Close").click()
    assert drawer.is_hidden()


def test_tabs_follow_the_arrow_keys(page: object) -> None:
    first, second = page.get_by_role("tab", name="Documents"), page.get_by_role("tab", name="Story")
    first.focus()
    page.keyboard.press("ArrowRight")
    assert second.get_attribute("aria-selected") == "true"
    assert page.locator("#tab-b").is_visible()
    assert page.locator("#tab-a").is_hidden()


def test_the_tray_collects_what_is_to_be_compared(page: object) -> None:
    page.locator("[data-compare-key=a]").check()
    page.locator("[data-compare-key=c]").check()
    tray = page.locator(".compare-tray")
    assert tray.get_by_role("link", name="Compare").get_attribute("href") == "/compare?key=a&key=c"
    tray.get_by_role("button", name="Remove: Batik tulis, kawung").click()
    assert not page.locator("[data-compare-key=c]").is_checked()
    tray.get_by_role("button", name="Clear").click()
    assert tray.is_hidden()


def test_a_draft_survives_a_closed_page(page: object) -> None:
    page.locator("#about").fill("Three tonnes, washed")
    for _ in range(PATIENCE // 50):  # a condition given as text to wait for would be refused by the content policy
        if page.evaluate("Object.values(localStorage).some((kept) => kept.includes('Three tonnes, washed'))"):
            break
        page.wait_for_timeout(50)
    page.reload()
    page.wait_for_selector(".draft-note")
    assert page.locator("#about").input_value() == "Three tonnes, washed"


def test_a_large_photo_is_made_smaller_before_it_is_sent(page: object) -> None:
    file = io.BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(file, "JPEG", quality=95)
    page.locator("#photos").set_input_files({"name": "kopi.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()})
    page.wait_for_selector(".file-list li")
    size, name = page.evaluate(
        "[document.getElementById('photos').files[0].size, document.getElementById('photos').files[0].name]"
    )
    assert name == "kopi.jpg"
    assert size < len(file.getvalue()) * 0.7
    assert "Made smaller" in page.locator(".file-list").inner_text()
    page.get_by_role("button", name="Remove: kopi.jpg").click()
    assert page.evaluate("document.getElementById('photos').files.length") == 0


def test_a_table_is_sorted_and_its_columns_chosen_in_place(page: object) -> None:
    table = page.locator("#style-table")
    table.get_by_role("button", name="Requests").click()
    assert table.locator("tbody th").all_inner_texts() == ["Bapak Sampel", "Ibu Contoh", "Ustadz Misal"]
    table.get_by_role("button", name="Requests").click()
    assert table.locator("tbody th").all_inner_texts() == ["Ustadz Misal", "Ibu Contoh", "Bapak Sampel"]
    page.locator(".column-choice summary").click()
    page.get_by_role("checkbox", name="Orders").uncheck()
    assert table.get_by_text("Orders").is_hidden()


def test_keys_press_buttons_but_not_while_somebody_types(page: object) -> None:
    page.evaluate(
        "document.querySelector('[data-key=p]').addEventListener('click', () => { document.title = 'pressed' })"
    )
    page.locator("#company").focus()
    page.keyboard.press("p")
    assert page.title() != "pressed"
    page.locator("#company").blur()
    page.keyboard.press("p")
    assert page.title() == "pressed"


def test_the_summary_of_errors_takes_the_focus(page: object) -> None:
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_everything_is_there_without_scripts(engine: object, address: str, tmp_path: Path) -> None:
    context = engine.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{address}/style")
    assert page.locator("[data-theme-toggle]").is_hidden()
    assert page.locator("#regency").is_visible()
    assert page.locator("#tab-a").is_visible()
    assert page.locator("#tab-b").is_visible()
    assert page.locator("#style-dialog").is_hidden()
    page.locator("[data-opens=style-dialog]").click()
    assert page.locator("#style-dialog").is_visible()
    page.locator(".ladder-terms label").nth(1).click()
    assert page.get_by_text("US$ 6.9000").is_visible()
    context.close()


def test_a_long_list_is_narrowed_by_a_word_and_says_what_is_ticked(page: object, address: str) -> None:
    box = page.locator("#territories")
    every = box.locator(".check:visible").count()
    box.locator("[data-check-filter]").fill("jEMb")
    assert box.locator(".check:visible").count() == 1 < every
    box.locator("[data-check-filter]").fill("malang")
    box.locator("[data-check-filter]").press("Enter")  # sends nothing; two fit, so nothing is ticked either
    assert box.locator(":checked").count() == 1
    box.locator(".check:visible").first.click()
    assert "Jember" in box.locator("[data-check-said]").inner_text()
    assert "Malang" in box.locator("[data-check-said]").inner_text()
    box.locator("[data-check-filter]").fill("nowhere at all")
    assert box.locator(".check:visible").count() == 0
    assert box.locator("[data-check-none]").is_visible()
