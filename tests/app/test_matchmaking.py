"""Requests in own words: read, matched, corrected, sent; and what happens when the matcher cannot."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.cli.main import souq
from marketplace.kernel.clock import today
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.matchmaking import fitting
from marketplace.matchmaking.model import FITTED_HERE, matcher_of_process, models_folder
from marketplace.matchmaking.models import MatchModel, MatchOutcome, Suggestion
from marketplace.matchmaking.profiles import offer_profiles
from marketplace.matchmaking.services import matches_for_text, read_request, start_request
from marketplace.rfqs.models import KeptText, Recipient, Rfq
from marketplace.rfqs.rules import RfqState
from matching import store
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
WORDS = "2 t organic coconut sugar to Hamburg within 100 days, at most 8 usd/kg, sample first"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def drafted(buyer: Person, words: str = WORDS) -> str:
    """Write a request as the page asks for it; gives the key of the draft."""
    answer = buyer.post("/requests/new", {"text": words}, page="/requests/new")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location).split("/")[-2]


def the_rfq(session: Session, key: str) -> Rfq:
    session.rollback()
    return session.scalars(select(Rfq).where(Rfq.key == key).execution_options(populate_existing=True)).one()


def sugar(seller: Person, **more: object) -> int:
    """A listed coconut sugar with a valid EU organic certificate."""
    certificates = [a_certificate(seller, "organic-eu", valid_to=today() + timedelta(days=400))]
    return a_listed_product(seller, "coconut-sugar", title="Coconut sugar", certificates=certificates, **more).id


def test_words_become_a_draft_with_suggestions(people: Cast, session: Session) -> None:
    good, bare = people.seller(), people.seller()
    fits = sugar(good)
    lacks = a_listed_product(bare, "coconut-sugar", title="Plain coconut sugar").id
    other = a_listed_product(bare, "batik-fabric").id
    key = drafted(people.buyer())
    rfq = the_rfq(session, key)
    assert (rfq.state, rfq.destination, rfq.certificates) == (RfqState.DRAFT, "DE", ["organic-eu"])
    assert rfq.needed_by == date(2027, 3, 2)
    assert rfq.sample_is_wanted
    rows = {row.product_id: row for row in session.scalars(select(Suggestion).where(Suggestion.rfq_id == rfq.id))}
    assert rows[fits].fits
    assert not rows[lacks].fits
    assert other not in rows
    assert {"certificate"} <= {each["code"] for each in rows[lacks].reasons["against"]}
    outcome = session.get_one(MatchOutcome, rfq.id)
    assert outcome.band == "likely"
    assert outcome.confidence > Decimal("0.6")


def test_the_page_tells_what_was_read_and_why(people: Cast) -> None:
    sugar(people.seller())
    buyer = people.buyer()
    html = text_of(buyer.client, f"/requests/{drafted(buyer)}/match")
    for words in ("Understood as", "Germany", "EU organic", "2 Mar 2027", "valid until", "Ask this seller"):
        assert words in html, words
    assert "organic coconut sugar" in html


def test_every_language_is_read(people: Cast, session: Session) -> None:
    product = sugar(people.seller())
    for prefix, words in (
        ("/de", "2 t Bio-Kokosblütenzucker nach Hamburg"),
        ("/id", "butuh 2 ton gula semut kelapa ke Hamburg"),
        ("/zh-hans", "采购有机椰糖2吨，运到汉堡"),
        ("/zh-hant", "採購有機椰糖2噸，運到漢堡"),
    ):
        buyer = people.buyer()
        answer = buyer.post(f"{prefix}/requests/new", {"text": words}, page=f"{prefix}/requests/new")
        assert answer.status_code == 303, words
        rfq = the_rfq(session, str(answer.location).split("/")[-2])
        assert rfq.destination == "DE", words
        assert product in set(session.scalars(select(Suggestion.product_id).where(Suggestion.rfq_id == rfq.id))), words
        assert buyer.client.get(answer.location).status_code == 200


def test_fields_win_over_prose(people: Cast, session: Session) -> None:
    bare = people.seller()
    lacks = a_listed_product(bare, "coconut-sugar", title="Plain coconut sugar").id
    buyer = people.buyer()
    key = drafted(buyer)
    path = f"/requests/{key}/match"
    answer = buyer.post(
        path,
        {
            "text": WORDS, "commodity": "coconut-sugar", "quantity": "3", "unit": "mt", "destination": "GB",
            "currency": "USD", "price_unit": "kg", "incoterm": "", "version": str(the_rfq(session, key).version),
        },
        page=path,
    )  # fmt: skip
    assert answer.status_code == 303, answer.get_data(as_text=True)
    rfq = the_rfq(session, key)
    assert (rfq.destination, rfq.certificates, rfq.needed_by) == ("GB", [], None)
    row = session.scalars(select(Suggestion).where(Suggestion.rfq_id == rfq.id)).one()
    assert (row.product_id, row.fits) == (lacks, True)
    html = text_of(buyer.client, path)
    assert "United Kingdom" in html


def test_one_chip_is_taken_away(people: Cast, session: Session) -> None:
    lacks = a_listed_product(people.seller(), "coconut-sugar", title="Plain coconut sugar").id
    buyer = people.buyer()
    key = drafted(buyer)
    path = f"/requests/{key}/match"
    rfq = the_rfq(session, key)
    answer = buyer.post(
        path,
        {
            "text": WORDS, "commodity": "coconut-sugar", "quantity": "2000", "unit": "kg", "destination": "DE",
            "currency": "USD", "price_unit": "kg", "certificates": ["organic-eu"], "version": str(rfq.version),
            "drop": "certificate:required:organic",
        },
        page=path,
    )  # fmt: skip
    assert answer.status_code == 303, answer.get_data(as_text=True)
    rfq = the_rfq(session, key)
    assert rfq.certificates == []
    assert rfq.reading["dropped"] == ["certificate:required:organic"]
    assert session.scalars(select(Suggestion.fits).where(Suggestion.product_id == lacks)).one()


def test_a_stale_draft_is_not_overwritten(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    key = drafted(buyer)
    path = f"/requests/{key}/match"
    answer = buyer.post(path, {"text": "nutmeg", "unit": "kg", "currency": "USD", "price_unit": "kg", "version": "99"},
                        page=path)  # fmt: skip
    assert answer.status_code == 409
    assert the_rfq(session, key).text == WORDS


def test_the_request_goes_to_the_chosen_sellers(people: Cast, session: Session) -> None:
    first, second = people.seller(), people.seller()
    chosen, left = sugar(first), sugar(second)
    buyer = people.buyer()
    key = drafted(buyer)
    path = f"/requests/{key}/match"
    data = {"product": [str(chosen)], "version": str(the_rfq(session, key).version)}
    answer = buyer.post(f"/requests/{key}/send", data, page=path)
    assert (answer.status_code, answer.location) == (303, f"/requests/{key}")
    recipients = session.scalars(select(Recipient)).all()
    assert [(each.seller_id, each.product_id) for each in recipients] == [(first.seller_id, chosen)]
    assert recipients[0].score is not None
    assert recipients[0].reasons["for"]
    assert left not in {each.product_id for each in recipients}
    assert the_rfq(session, key).state == RfqState.OPEN
    again = buyer.client.get(path)
    assert (again.status_code, again.location) == (302, f"/requests/{key}/sellers"), (
        "more can be asked while it is open"
    )
    assert buyer.client.get(again.location).status_code == 200


def test_two_clicks_send_once(people: Cast, session: Session) -> None:
    product = sugar(people.seller())
    buyer = people.buyer()
    key = drafted(buyer)
    hidden = guards(buyer.client, f"/requests/{key}/match")
    data = {**hidden, "product": str(product), "version": str(the_rfq(session, key).version)}
    answers = [buyer.client.post(f"/requests/{key}/send", data=data) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert session.scalar(select(func.count(Recipient.id))) == 1


def test_an_honest_no_and_an_open_request(people: Cast, session: Session) -> None:
    sugar(people.seller())
    buyer = people.buyer()
    key = drafted(buyer, "20 reconditioned industrial sewing machines to Chicago")
    html = text_of(buyer.client, f"/requests/{key}/match")
    assert "No seller can serve this yet" in html
    assert session.scalar(select(func.count(Suggestion.id))) == 0
    data = {"version": str(the_rfq(session, key).version)}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    assert the_rfq(session, key).state == RfqState.OPEN


def test_only_suggested_products_are_asked(people: Cast, session: Session) -> None:
    sugar(people.seller())
    stranger = a_listed_product(people.seller(), "batik-fabric").id
    buyer = people.buyer()
    key = drafted(buyer)
    data = {"product": [str(stranger), "999999", "nonsense"], "version": str(the_rfq(session, key).version)}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    assert session.scalar(select(func.count(Recipient.id))) == 0


def test_others_find_nothing(people: Cast, session: Session) -> None:
    key = drafted(people.buyer())
    version = the_rfq(session, key).version
    for person in (people.buyer(), people.seller()):
        for path in (f"/requests/{key}/match", f"/requests/{key}/send"):
            assert person.post(path, {"text": "mine now", "version": str(version)}).status_code in (403, 404)
        assert person.client.get(f"/requests/{key}/match").status_code in (403, 404)
    assert the_rfq(session, key).text == WORDS


def test_a_visitor_sees_who_could_serve(people: Cast, client: FlaskClient, session: Session) -> None:
    sugar(people.seller())
    page = guards(client, "/requests/new")
    answer = client.post("/requests/new", data={**page, "text": WORDS})
    assert (answer.status_code, answer.location) == (303, "/requests/preview")
    html = text_of(client, "/requests/preview")
    for words in ("Understood as", "Coconut sugar", "Sign in and send"):
        assert words in html, words
    assert session.scalar(select(func.count(Rfq.id))) == 0
    assert WORDS in text_of(client, "/requests/new")


def test_what_a_visitor_typed_is_gone_once_it_is_a_draft(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    visitor = people.app.test_client()
    visitor.post("/requests/new", data={**guards(visitor, "/requests/new"), "text": WORDS})
    cookie = visitor.get_cookie("kept_words")
    assert cookie is not None
    buyer.client.set_cookie("kept_words", cookie.value)
    assert WORDS in text_of(buyer.client, "/requests/new")
    drafted(buyer)
    assert session.scalar(select(func.count(KeptText.id))) == 0


def test_a_preview_without_words_leads_back(client: FlaskClient) -> None:
    assert client.get("/requests/preview").location == "/requests/new"


@pytest.mark.parametrize(("words", "status"), [("", 422), ("   ", 422), ("\x00", 400), ("x" * 8001, 422)])
def test_bad_words_are_answered(people: Cast, words: str, status: int) -> None:
    answer = people.buyer().post("/requests/new", {"text": words}, page="/requests/new")
    assert answer.status_code == status


@pytest.mark.parametrize(
    "words", ["🥥" * 50, "organic, not organic", "-5 t cloves by year 9999", "10^12 t", "(((" * 99]
)
def test_odd_words_make_no_fault(people: Cast, words: str) -> None:
    buyer = people.buyer()
    assert text_of(buyer.client, f"/requests/{drafted(buyer, words)}/match")


def test_a_seller_is_told_that_buyers_ask(people: Cast) -> None:
    assert "Requests are sent by buying companies" in text_of(people.seller().client, "/requests/new")


def test_only_what_is_open_to_everyone_is_suggested(people: Cast, session: Session) -> None:
    seller = people.seller()
    draft, listed = a_draft(seller, "coconut-sugar").id, sugar(seller)
    assert {each.key for each in offer_profiles(session)} == {str(listed)}
    assert list(offer_profiles(session, [draft])) == []


def test_a_profile_counts_in_base_units(people: Cast, session: Session) -> None:
    key = a_listed_product(
        people.seller(),
        "coconut-sugar",
        unit="mt",
        moq=Decimal(2),
        capacity_per_month=Decimal("7.5"),
        destinations=["DE", "US"],
        rungs=[("FOB", "Tanjung Perak", "mt", "USD", "2", "3000"), ("CIF", "Hamburg", "kg", "EUR", "2000", "3.5")],
    ).id
    [profile] = offer_profiles(session, [key])
    assert (profile.unit, profile.minimum, profile.monthly_capacity) == ("kg", 2000, 7500)
    assert (profile.incoterms, profile.ships_to) == (("CIF", "FOB"), frozenset({"DE", "US"}))
    assert [(each.quantity, each.usd) for each in profile.prices] == [(2000, 3.0)]


def test_unverified_certificates_do_not_count(people: Cast, session: Session) -> None:
    seller = people.seller()
    held = a_certificate(seller, "organic-eu", verified_at=None)
    key = a_listed_product(seller, "coconut-sugar", certificates=[held]).id
    [profile] = offer_profiles(session, [key])
    assert profile.certificates == ()


def test_a_new_offer_counts_at_once(people: Cast, session: Session) -> None:
    fitting.refit()
    product = sugar(people.seller())
    _profile, found = matches_for_text(session, "coconut sugar", "en", today())
    assert found is not None
    assert [each.offer for each in found.matches] == [str(product)]


def test_the_job_fits_stores_and_promotes(people: Cast, session: Session) -> None:
    sugar(people.seller())
    run_due()
    done = fitting.refit()
    first = done.name
    assert (done.offers, done.is_serving) == (1, True)
    assert store.current(models_folder()) == first
    row = session.scalars(select(MatchModel).where(MatchModel.is_serving)).one()
    assert (row.name, row.offers) == (first, 1)
    _profile, found = matches_for_text(session, "coconut sugar", "en", today())
    assert found is not None
    assert found.is_served


def test_a_spoiled_model_never_takes_the_site_down(people: Cast, session: Session) -> None:
    sugar(people.seller())
    name = fitting.refit().name
    (models_folder() / name / "words.skops").write_bytes(b"spoiled")
    buyer = people.buyer()
    html = text_of(buyer.client, f"/requests/{drafted(buyer)}/match")
    assert "Ask this seller" in html
    assert session.scalars(select(MatchOutcome.model)).one() == FITTED_HERE


def test_a_matcher_that_fails_leaves_a_notice(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(matcher_of_process(), "recommend", broken)
    buyer = people.buyer()
    assert "Matching rests for a moment" in text_of(buyer.client, f"/requests/{drafted(buyer)}/match")


def test_suggestions_go_with_their_request(people: Cast, session: Session) -> None:
    sugar(people.seller())
    buyer = people.buyer()
    with transaction() as inside:
        rfq = start_request(inside, buyer.actor, WORDS, "en")
        inside.delete(rfq)
    assert session.scalar(select(func.count(Suggestion.id))) == 0


def test_reading_is_offered_to_others() -> None:
    found = read_request("500 kg cloves to Rotterdam", "en")
    assert (found.goods, found.quantity, found.destinations) == (("clove",), 500, ("NL",))


def test_files_are_ranked_by_command(tmp_path: Path) -> None:
    offers, requests, out = tmp_path / "o.jsonl", tmp_path / "r.jsonl", tmp_path / "run.jsonl"
    offers.write_text(json.dumps({"offer_id": "O1", "supplier_id": "S1", "title": "Cloves"}), "utf-8")
    requests.write_text(json.dumps({"request_id": "R1", "text": "Nelken", "lang": "de"}), "utf-8")
    arguments = ["match", "rank", "--offers", str(offers), "--requests", str(requests), "--out", str(out)]
    answer = CliRunner().invoke(souq, [*arguments, "--as-of", "2026-11-22"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(out.read_text("utf-8"))["ranking"][0]["id"] == "O1"
    judged = tmp_path / "j.jsonl"
    judged.write_text(json.dumps({"request_id": "R1", "offer_id": "O1", "supplier_id": "S1", "grade": 3}), "utf-8")
    measured = CliRunner().invoke(souq, ["match", "evaluate", "--run", str(out), "--judgements", str(judged), "--json"])
    assert json.loads(measured.output)["ndcg10"] == 1.0
    offers.write_text("{", "utf-8")
    assert CliRunner().invoke(souq, arguments).exit_code == 65


def test_settings_name_the_models_folder(settings: Settings) -> None:
    assert models_folder() == settings.home / "models"
