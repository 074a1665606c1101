"""Samples and deals in the browser: the forms that pages really show, each side its own, strangers nothing."""

from __future__ import annotations

import html
import re

import pytest
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.i18n.translations import speaking
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.orders.models import Sample
from marketplace.orders.rules import MILESTONES, OrderState, SampleState
from marketplace.orders.services import report_step
from marketplace.orders.wording import goods_of_deal
from marketplace.payments.models import Payment
from marketplace.quotes.models import Deal
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.ordering import (
    ADDRESS,
    a_deal,
    a_sample,
    a_trade,
    an_approved_sample,
    order_now,
    paid_by_bank,
    sample_now,
)
from tests.support.people import Cast
from tests.support.quoting import a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_a_sample_from_the_form_to_the_score_sheet(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    page = f"/samples/new/{trade.lead}"
    shown = trade.buyer.client.get(page).get_data(as_text=True)
    line = shown.split('name="line"')[1].split('value="')[1].split('"')[0]
    assert trade.buyer.post(page, {"line": line, "kind": "offer"}, page=page).status_code == 422
    wanted = {"line": line, "kind": "offer", "address": ADDRESS, "quantity": "250", "unit": "g"}
    answer = trade.buyer.post(page, wanted, page=page)
    assert answer.status_code == 303
    key = session.scalars(select(Sample.key)).one()
    here = f"/samples/{key}"
    assert answer.headers["Location"].endswith(here)
    assert "250\u00a0g" in trade.seller.client.get(here).text
    terms = {"price": "", "freight": "40", "currency": "USD", "refunds_freight": "y"}
    assert trade.seller.post(f"{here}/approve", terms | {"freight": "40.001"}, page=here).status_code == 422
    assert trade.seller.post(f"{here}/approve", terms, page=here).status_code == 303
    row = sample_now(key)
    assert (row.state, row.freight_minor, row.refunds_freight) == (SampleState.PAYMENT_DUE, 4_000, True)
    assert "/payments/" in trade.buyer.client.get(here).get_data(as_text=True)
    paid_by_bank(trade, f"sample:{key}")
    assert trade.seller.post(f"{here}/ship", {"carrier": "DHL", "tracking": "EX-1"}, page=here).status_code == 303
    assert trade.buyer.post(f"{here}/arrived", page=here).status_code == 303
    sheet = f"{here}/feedback"
    half = {"verdict": "suits", "aroma": "8.00"}
    assert trade.buyer.post(sheet, half, page=sheet).status_code == 422
    names = "aroma flavour aftertaste acidity body balance uniformity clean_cup sweetness overall".split()
    points = dict.fromkeys(names, "8.50")
    assert trade.buyer.post(sheet, points | {"verdict": "suits", "words": "Bright."}, page=sheet).status_code == 303
    told = trade.seller.client.get(here).get_data(as_text=True)
    assert "85" in told
    assert "Bright." in told
    assert trade.seller.post(f"{here}/close", page=here).status_code == 303
    assert sample_now(key).state == SampleState.CLOSED
    for person in (trade.buyer, trade.seller):
        assert here in person.client.get("/samples").get_data(as_text=True)


def test_a_seller_declines_for_a_reason_that_they_chose(people: Cast) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    here = f"/samples/{key}"
    assert re.search(r'name="reason"[^>]*checked', trade.seller.client.get(here).text) is None
    idle = trade.seller.post(f"{here}/decline", {"note": "Nothing left until May."}, page=here)
    assert idle.status_code == 422
    assert "Choose a reason." in idle.text
    assert 'value="Nothing left until May."' in idle.text
    assert sample_now(key).state == SampleState.REQUESTED
    assert trade.seller.post(f"{here}/decline", {"reason": "other"}, page=here).status_code == 303
    assert sample_now(key).state == SampleState.DECLINED
    assert "The seller pays the freight" not in trade.buyer.client.get(here).text, "nothing was agreed"


def test_strangers_see_no_sample_and_change_none(people: Cast) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    missing = people.buyer().client.get("/samples/aaaaaaaaaa").get_data(as_text=True)
    strangers = [(person, "") for person in (people.buyer(), people.seller(), people.partner())]
    for stranger, root in [*strangers, (people.curator(), "/console")]:
        assert stranger.client.get(f"{root}/samples/{key}").status_code == 404
        mine = stranger.client.get(f"{root}/samples")
        assert (mine.status_code, key in mine.get_data(as_text=True)) == (200, False)
        for step in ("approve", "decline", "cancel", "ship", "arrived", "feedback", "close"):
            data = {"currency": "USD", "reason": "other", "carrier": "X", "verdict": "suits"}
            assert stranger.post(f"/samples/{key}/{step}", data).status_code in {403, 404}
    other = people.buyer().client.get(f"/samples/{key}").get_data(as_text=True)
    assert other.count("<p") == missing.count("<p"), "hidden and missing look the same"
    assert sample_now(key).state == SampleState.REQUESTED


def test_the_mentor_reads_and_does_nothing(people: Cast) -> None:
    trade = a_trade(people)
    key, curator = an_approved_sample(trade), people.curator()
    deal = a_deal(trade)
    with transaction() as session:
        session.get_one(Seller, trade.seller.seller_id).mentor_id = curator.user_id
    for listed, path in (("samples", f"samples/{key}"), ("deals", f"deals/{deal.key}/progress")):
        assert f'href="/console/{path}"' in curator.client.get(f"/console/{listed}").get_data(as_text=True)
        shown = curator.client.get(f"/console/{path}")
        assert shown.status_code == 200
        assert re.search(r'action="[^"]*/(samples|deals)', shown.get_data(as_text=True)) is None
        assert trade.buyer.client.get(f"/console/{path}").status_code == 404


def seen(deal: Deal) -> dict[str, str]:
    """What the forms of a deal's page name now."""
    return {"version": str(order_now(deal).version)}


def test_a_deal_on_its_page(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    here = f"/deals/{deal.key}"
    shown = f"{here}/progress"
    assert f'href="{shown}"' in trade.buyer.client.get(here).get_data(as_text=True)
    paid_by_bank(trade, f"deposit:{deal.key}")
    seller, buyer = trade.seller, trade.buyer
    step = {"milestone": "papers_ready", "note": "Phytosanitary certificate is there."}
    assert seller.post(f"{here}/report", step | seen(deal), page=shown).status_code == 303
    assert "one side only" in buyer.client.get(shown).get_data(as_text=True)
    assert buyer.post(f"{here}/countersign", {"milestone": "papers_ready"} | seen(deal), page=shown).status_code == 303
    assert "one side only" not in buyer.client.get(shown).get_data(as_text=True)
    assert buyer.post(f"{here}/report", {"milestone": "arrived"} | seen(deal), page=shown).status_code == 409
    assert buyer.post(f"{here}/report", {"milestone": "nonsense"}, page=shown).status_code == 422
    plan = {"milestone": "arrived", "days": "60"}
    assert seller.post(f"{here}/plan", plan | seen(deal) | {"day": "2027-01-01"}, page=shown).status_code == 422
    assert seller.post(f"{here}/plan", plan | seen(deal), page=shown).status_code == 303
    assert buyer.post(f"{here}/dispute", {"dispute-why": ""}, page=shown).status_code == 422
    assert buyer.post(f"{here}/dispute", {"dispute-why": "Wet bags."}, page=shown).status_code == 303
    assert "Wet bags." in seller.client.get(shown).get_data(as_text=True)
    assert buyer.post(f"{here}/dispute-over", seen(deal), page=shown).status_code == 303
    assert seller.post(f"{here}/cancel", {"cancel-why": "No harvest."}, page=shown).status_code == 303
    assert buyer.post(f"{here}/cancel-answer", {"answer": "yes"} | seen(deal), page=shown).status_code == 303
    assert order_now(deal).state == OrderState.CANCELLED
    for person in (buyer, seller):
        assert shown in person.client.get("/deals").get_data(as_text=True)


def test_a_sample_from_the_goods_is_asked_from_the_deal(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    paid_by_bank(trade, f"deposit:{deal.key}")
    shown, page = f"/deals/{deal.key}/progress", f"/samples/new/{trade.lead}?kind=pre_shipment"
    assert page in html.unescape(trade.buyer.client.get(shown).text)
    assert page not in html.unescape(trade.seller.client.get(shown).text)
    form = trade.buyer.client.get(page).text
    (chosen,) = re.findall(r'<input[^>]*name="kind"[^>]*checked[^>]*>|<input[^>]*checked[^>]*name="kind"[^>]*>', form)
    assert 'value="pre_shipment"' in chosen
    assert trade.buyer.client.get(page + "x").status_code == 200, "an odd kind chooses nothing"
    line = form.split('name="line"')[1].split('value="')[1].split('"')[0]
    wanted = {"line": line, "kind": "pre_shipment", "address": ADDRESS, "quantity": "1", "unit": "kg"}
    assert trade.buyer.post(page, wanted, page=page).status_code == 303
    row = session.scalars(select(Sample)).one()
    assert (row.kind, row.state) == ("pre_shipment", SampleState.REQUESTED)
    for milestone in MILESTONES[1:3]:
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone)
    assert page not in html.unescape(trade.buyer.client.get(shown).text), "what is shipped is sampled no more"


def test_one_click_twice_is_one_step(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    here = f"/deals/{deal.key}"
    from tests.support.people import guards

    hidden = guards(trade.seller.client, f"{here}/progress")
    data = {**hidden, **seen(deal), "milestone": "in_production"}
    assert trade.seller.client.post(f"{here}/report", data=data).status_code == 303
    assert trade.seller.client.post(f"{here}/report", data=data).status_code == 303
    assert order_now(deal).state == OrderState.IN_PRODUCTION


def test_outcomes_are_counted_for_those_they_belong_to(people: Cast) -> None:
    trade = a_trade(people)
    a_deal(trade)
    own = trade.seller.client.get("/outcomes").get_data(as_text=True)
    assert "10,000 to 50,000 USD" in own
    assert trade.seller.actor.organisation_name in own
    assert trade.seller.actor.organisation_name in people.curator().client.get("/console/outcomes").get_data(
        as_text=True
    )
    for other in (people.seller(), people.partner()):
        assert trade.seller.actor.organisation_name not in other.client.get("/outcomes").get_data(as_text=True)
    assert trade.buyer.client.get("/outcomes").status_code in {403, 404}


def test_a_payment_is_called_in_the_reader_s_language(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    an_approved_sample(trade)
    with speaking("de"):
        deposit = gettext("Deposit of agreement %(key)s", key=deal.key.upper())
        sample = gettext("Sample: %(goods)s", goods="")
    page = html.unescape(trade.buyer.client.get("/de/payments").text)
    assert deposit in page
    assert sample in page
    kept = session.scalars(select(Payment.description).order_by(Payment.id)).all()
    assert kept[0] == deal.key.upper()
    assert not kept[1].startswith("Sample")


def test_a_deal_is_called_by_what_was_agreed(people: Cast, session: Session) -> None:
    """The request names one product; another was offered and accepted."""
    trade = a_trade(people)
    asked = trade.product.card_titles["en"]
    other = a_listed_product(trade.seller, "coconut-sugar", title="Agreed coconut sugar", capacity_per_month=None)
    row = a_sent_quote(
        trade.seller, trade.rfq, other.id, answer="alternative", reason="The coffee is sold out this season."
    )
    assert row.lines[0].description == "Agreed coconut sugar"
    deal = an_acceptance(trade.buyer, trade.seller, trade.rfq, 1)
    for person in (trade.buyer, trade.seller):
        for path in ("/deals", f"/deals/{deal.key}/progress"):
            page = person.client.get(path).get_data(as_text=True)
            main = page[page.index("<main") : page.index("</main>")]
            assert "Agreed coconut sugar" in main, path
            assert asked not in main, path
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, MILESTONES[0])
    told = session.scalars(select(Notice).where(Notice.kind.in_(["quote_accepted", "deal_step_buyer"]))).all()
    assert {one.kind for one in told} == {"quote_accepted", "deal_step_buyer"}
    assert all("Agreed coconut sugar" in str(one.context) and asked not in str(one.context) for one in told)


def test_a_deal_of_several_goods_says_how_many_more(people: Cast) -> None:
    with people.app.test_request_context():
        assert goods_of_deal("Coffee", 0) == "Coffee"
        assert goods_of_deal("Coffee", 1) == "Coffee and 1 more"
        assert goods_of_deal("Coffee", 2) == "Coffee and 2 more"


def test_who_reports_the_settlement_is_told_of_a_balance_that_is_due(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    page, words = f"/deals/{deal.key}/progress", "of this deal is not noted as paid yet."
    paid_by_bank(trade, f"deposit:{deal.key}")
    for milestone in MILESTONES[1:-1]:
        assert words not in trade.seller.client.get("/en" + page).text
        with transaction() as session:
            report_step(session, trade.seller.actor, deal.key, milestone)
    assert words in trade.seller.client.get("/en" + page).text
    paid_by_bank(trade, f"balance:{deal.key}")
    assert words not in trade.seller.client.get("/en" + page).text
