"""An inquiry that is read without its form: to the same draft as by the form, or left to the form."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.forms import InquiryForm
from marketplace.rfqs.plain_inquiry import plain_draft
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.people import Cast

USUAL = {
    **an_inquiry_form("Is it available?\r\nWe need 2 t."),
    "target_price": "", "needed_from": "", "needed_by": "2027-05-31", "closes_on": "", "packaging": "25 kg bags",
    "contact_phone": "", "fair": "",
}  # fmt: skip
ODD: dict[str, list[str]] = {
    "text": ["", " \u200b", "x" * 20_001, "Is it?", "\u202eIs it?"],
    "language": ["de", "fr", ""],
    "quantity": ["", "1,5", "1.250", "0", "-1", "two", "1e3", "0.0000001", "9" * 30, " 2 "],
    "unit": ["kg", "mt", "furlong", "", "g"],
    "target_price": ["", "3,20", "0", "cheap"],
    "currency": ["USD", "EUR", "usd", "XXX", ""],
    "price_unit": ["kg", "", "nothing"],
    "destination": ["", "DE", "de", "XX"],
    "incoterm": ["", "FOB", "fob"],
    "place": ["", "Hamburg", "x" * 81],
    "packaging": ["", "x" * 201],
    "needed_from": ["", " ", "2027-02-28", "2027-02-30", "2027-2-3", "31.05.2027", "٢٠٢٧-٠٥-٣١"],
    "needed_by": ["", "2027-05-31", "soon"],
    "closes_on": ["", "2026-12-31", "2026-13-01"],
    "sample_is_wanted": ["", "1", "y", "false", "on"],
    "contact_phone": ["", " ", "+49 30 1234567", "0812 3456 7890", "call me"],
    "fair": ["", " ", "ABCDEF", "abc-def", "nonsense"],
    "certificates": ["halal-bpjph", "organic-eu", "made-up"],
    "papers": ["analysis", "nothing", ""],
    "more-0-goods": ["", "1"],
    "more-0-description": ["Vanilla"],
    "line": ["", "add"],
    "offer": ["", "abc"],
    "unknown": ["x"],
}
ANSWERS = st.one_of([st.tuples(st.just(name), st.sampled_from(said)) for name, said in ODD.items()])


def by_form(app: Flask, posted: MultiDict[str, str]) -> InquiryDraft | None:
    """What the form reads; None for what it refuses or shows again."""
    with app.test_request_context("/en/products/x/inquiry", method="POST", data=posted):
        form = InquiryForm()
        if form.changed_lines(posted.get("line", "")):
            return None
        form.fill_choices("en", "")
        return form.as_draft() if form.validate() else None


def read(app: Flask, posted: MultiDict[str, str]) -> InquiryDraft | None:
    with app.test_request_context("/en/products/x/inquiry"):
        return plain_draft(posted, MultiDict(), "en")


def test_a_usual_inquiry_is_read_as_by_its_form(app: Flask) -> None:
    posted = MultiDict(USUAL)
    posted.setlist("certificates", ["halal-bpjph"])
    found = read(app, posted)
    assert found is not None
    assert found == by_form(app, posted)
    assert found.terms.packaging == "25 kg bags"
    assert str(found.line.quantity) == "2"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANSWERS, max_size=4), st.lists(st.sampled_from(sorted(USUAL)), max_size=2))
def test_whatever_is_read_is_what_the_form_reads(app: Flask, said: list[tuple[str, str]], left_out: list[str]) -> None:
    """One answer replaces the usual one, two of one name stand side by side; some are missing."""
    posted: MultiDict[str, str] = MultiDict({name: text for name, text in USUAL.items() if name not in left_out})
    names = [name for name, _text in said]
    for name, text in said:
        posted.setlist(name, [text] if names.count(name) == 1 else [*posted.getlist(name), text])
    found = read(app, posted)
    if found is not None:
        assert found == by_form(app, posted)


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, texts in ODD.items() for said in texts])
def test_every_odd_answer_is_judged_alike(app: Flask, name: str, said: str) -> None:
    posted = MultiDict({**USUAL, name: said})
    found = read(app, posted)
    assert found is None or found == by_form(app, posted)


@pytest.mark.parametrize("missing", ["text", "unit", "destination", "incoterm", "currency", "price_unit", "language"])
def test_what_the_form_would_refuse_is_left_to_it(app: Flask, missing: str) -> None:
    posted = MultiDict({name: said for name, said in USUAL.items() if name != missing})
    assert read(app, posted) is None
    assert by_form(app, posted) is None


@pytest.mark.parametrize("name", ["unknown", "", "Text", "text ", "quote_cap", "more-0-goods", "more", "files", "way"])
@pytest.mark.parametrize("said", ["", "x"])
def test_a_name_that_is_not_known_is_the_forms_to_judge(app: Flask, name: str, said: str) -> None:
    assert read(app, MultiDict(USUAL)) is not None
    assert read(app, MultiDict({**USUAL, name: said})) is None


def test_the_form_as_it_is_shown_needs_no_form_to_be_read(people: Cast) -> None:
    """Every field that the page has, empty or as proposed, is known where nobody reads it twice."""
    buyer, product = people.buyer(), a_listed_product(people.seller(), sample_is_offered=True)
    shown = buyer.client.get(f"/products/{product.slug}/inquiry").get_data(as_text=True)
    _before, _form, after = shown.partition("novalidate>")
    page = re.sub(r"<template.*?</template>", "", after.partition("</form>")[0], flags=re.DOTALL)
    names = set(re.findall(r'<(?:input|select|textarea)[^>]*? name="([^"]+)"', page)) - {"files"}
    assert names >= {"text", "unit", "offer", "fair", "sample_is_wanted", "csrf_token", "_once"}
    unsaid = dict.fromkeys(names - {"certificates", "papers"}, "")
    with buyer.client.application.test_request_context("/en/products/x/inquiry"):
        assert plain_draft(MultiDict({**unsaid, **USUAL}), MultiDict(), "en") is not None


@pytest.mark.parametrize(
    ("upload", "is_plain"),
    [(("files", ""), True), (("files", "plan.pdf"), False), (("text", ""), False)],
)
def test_papers_are_looked_into_by_the_form(app: Flask, upload: tuple[str, str], is_plain: bool) -> None:
    """A browser sends a file without a name where none was chosen."""
    name, filename = upload
    uploads: MultiDict[str, Any] = MultiDict({name: FileStorage(io.BytesIO(b""), filename=filename)})
    with app.test_request_context("/en/products/x/inquiry"):
        assert (plain_draft(MultiDict(USUAL), uploads, "en") is not None) is is_plain
