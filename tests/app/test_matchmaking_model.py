"""The operator's page of the matcher: card, outcomes, drift, exposure, promoting and rolling back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.matchmaking import fitting, model
from marketplace.matchmaking.jobs import look_after_model, refit_model
from marketplace.matchmaking.model import matcher_of_process, models_folder
from marketplace.matchmaking.models import Impression, MatchModel, Suggestion
from marketplace.matchmaking.queries.drifting import drift_by_week
from marketplace.matchmaking.queries.exposure import exposure_of, full_sellers
from marketplace.matchmaking.queries.models import drift, unknown_words, word_kept
from marketplace.matchmaking.queries.shares import shares_of_exposure
from marketplace.rfqs.models import Recipient, Rfq
from matching import store
from tests.app.test_matchmaking import drafted, sugar, text_of, the_rfq
from tests.app.test_matchmaking_selling import posted
from tests.support.factories import a_listed_product
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
PAGE = "/console/matching"


def two_models() -> tuple[str, str]:
    """Two fitted models, the second serves."""
    first = fitting.refit().name
    with frozen(now() + timedelta(minutes=1)):
        second = fitting.refit().name
    return first, second


def test_the_page_tells_how_the_matcher_does(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    fitting.refit()
    key = posted(buyer, session, "2 t coconut sugar to Hamburg, wobblefrax grade")
    seller.post(f"/selling/requests/{key}/step-in", {}, page="/selling/requests")
    html = text_of(people.operator().client, PAGE)
    for words in ("Model card", "Lexicon", "scikit-learn", "wobblefrax", "Does confidence keep its word", "serves"):
        assert words in html, words
    session.rollback()
    assert [(each.language, each.requests, each.without_match) for each in drift(session)] == [("en", 1, 0)]
    assert ("wobblefrax", "en", 1) in unknown_words(session, 10)
    assert [(each.requests, each.with_unknown_words) for each in drift_by_week(session)] == [(1, 1)]
    shares = shares_of_exposure(session)
    for groups in (shares.sizes, shares.regencies):
        assert sum(each.share for each in groups) == sum(each.ideal for each in groups) == pytest.approx(1.0)


def test_an_even_hand_is_told_beside_what_was_shown(people: Cast, session: Session) -> None:
    for _count in range(2):
        sugar(people.seller())
    drafted(people.buyer())
    session.rollback()
    shares = shares_of_exposure(session)
    assert shares.ideal_unevenness == pytest.approx(0.0)
    assert shares.unevenness > 0.1


def test_answered_requests_count_for_their_band(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session)
    assert [(each.band, each.cases, each.came) for each in word_kept(session).bands] == [("likely", 1, 0.0)]
    lead = str(seller.post(f"/selling/requests/{key}/step-in", {}, page="/selling/requests").location)
    assert seller.post(f"{lead}/answer", {"text": "We can."}, page=lead).status_code == 303
    session.rollback()
    assert [(each.band, each.cases, each.came) for each in word_kept(session).bands] == [("likely", 1, 1.0)]


def test_card_and_page_tell_how_far_confidence_was_off(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    posted(buyer, session)
    kept = word_kept(session)
    assert (kept.cases, len(kept.tenths)) == (1, 1)
    assert kept.error == pytest.approx(kept.tenths[0].told)  # nobody has answered: off by all that was told
    assert kept.tenths[0].band == f"{int(kept.error * 10) / 10:.1f}"
    session.rollback()
    card = fitting.card_of(fitting.refit().name)
    told = card["figures"]["reliability"]
    assert told["expected_calibration_error"] == pytest.approx(kept.error, abs=1e-4)
    assert [each["cases"] for each in told["tenths"]] == [1]
    html = text_of(people.operator().client, PAGE)
    for words in ("By tenths of confidence", "Over 1 request, confidence was off by", card["data"][:16]):
        assert words in html, words


def test_offers_other_than_those_fitted_on_are_refused(people: Cast) -> None:
    sugar(people.seller())
    name = fitting.refit().name
    file = models_folder() / name / "offers.jsonl"
    file.write_text(file.read_text("utf-8").replace('"seller": "', '"seller": "9'), encoding="utf-8")
    with pytest.raises(store.UnusableModel, match="not those that it was fitted on"):
        store.load(models_folder(), name)


def test_an_empty_page_says_so(people: Cast) -> None:
    html = text_of(people.operator().client, PAGE)
    for words in ("No model is in store", "No request has gone out yet", "Every word was known"):
        assert words in html, words


def test_back_to_the_former_model_in_one_click(people: Cast, session: Session) -> None:
    sugar(people.seller())
    first, second = two_models()
    operator = people.operator()
    assert "Let it serve" in text_of(operator.client, PAGE)
    assert operator.post(f"{PAGE}/{first}/promote", {}, page=PAGE).status_code == 303
    session.rollback()
    assert store.current(models_folder()) == first
    assert dict(session.execute(select(MatchModel.name, MatchModel.is_serving)).all()) == {first: True, second: False}
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "model.promoted")) == 3


def test_a_model_that_is_gone_cannot_serve(people: Cast, session: Session) -> None:
    sugar(people.seller())
    first, second = two_models()
    shutil.rmtree(models_folder() / first)
    operator = people.operator()
    html = text_of(operator.client, PAGE)
    assert "cannot be used any more" in html
    assert operator.post(f"{PAGE}/{first}/promote", {}, page=PAGE).status_code == 409
    assert operator.post(f"{PAGE}/..%2f..%2fetc/promote", {}, page=PAGE).status_code in (404, 409)
    assert store.current(models_folder()) == second
    session.rollback()
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "model.promoted")) == 2


def test_a_model_of_another_lexicon_cannot_serve(people: Cast) -> None:
    sugar(people.seller())
    first, second = two_models()
    path = models_folder() / first / "card.json"
    path.write_text(path.read_text("utf-8").replace('"lexicon": "', '"lexicon": "older-'), "utf-8")
    operator = people.operator()
    assert "Let it serve" not in text_of(operator.client, PAGE)
    assert operator.post(f"{PAGE}/{first}/promote", {}, page=PAGE).status_code == 409
    assert store.current(models_folder()) == second


def test_a_fit_is_queued_and_serves(people: Cast, session: Session) -> None:
    sugar(people.seller())
    assert people.operator().post(f"{PAGE}/fit", {}, page=PAGE).status_code == 303
    run_due()
    session.rollback()
    row = session.scalars(select(MatchModel).where(MatchModel.is_serving)).one()
    assert row.figures["found_again"]["en"] == 1.0
    assert row.figures["without_goods"] == 0.0
    assert fitting.card_of(row.name)["figures"] == row.figures, "the first has nothing to be compared with"


def test_only_operators_may(people: Cast) -> None:
    for person in (people.seller(), people.buyer(), people.curator(), people.partner()):
        assert person.client.get(PAGE).status_code in (403, 404)
        assert person.post(f"{PAGE}/fit", {}).status_code in (403, 404)


def test_showings_are_counted_with_their_place(people: Cast, session: Session) -> None:
    first, second = people.seller(), people.seller()
    sugar(first)
    sugar(second)
    buyer = people.buyer()
    drafted(buyer)
    rows = session.scalars(select(Impression).order_by(Impression.position)).all()
    assert [(each.position, each.side, each.times) for each in rows] == [(0, "buyer", 1), (1, "buyer", 1)]
    assert all(Decimal(0) < each.propensity <= 1 for each in rows)
    assert sum(exposure_of(session, [first.seller_id, second.seller_id]).values()) == pytest.approx(1.5)
    with frozen(now() + timedelta(days=30)):
        assert exposure_of(session, [first.seller_id]) == {}


def test_equal_sellers_take_turns(people: Cast, session: Session) -> None:
    sellers = [people.seller() for _ in range(2)]
    for seller in sellers:
        sugar(seller)
    for _ in range(8):
        drafted(people.buyer())
    session.rollback()
    rows = session.execute(select(Suggestion.seller_id).where(Suggestion.position == 0)).scalars().all()
    assert min(rows.count(seller.seller_id) for seller in sellers) >= 2


def test_who_was_asked_enough_this_week_is_not_chosen_first(people: Cast, session: Session) -> None:
    busy = people.seller()
    product = a_listed_product(busy, "coconut-sugar", title="Busy sugar", moq=100, capacity_per_month=300).id
    buyer = people.buyer()
    key = drafted(buyer, "100 kg coconut sugar to Hamburg")
    path = f"/requests/{key}/match"
    assert f'value="{product}" checked' in text_of(buyer.client, path)
    others = [the_rfq(session, drafted(people.buyer(), "100 kg coconut sugar")).id for _ in range(6)]
    with transaction() as inside:
        for rfq_id in others:
            inside.add(
                Recipient(
                    key=f"busy{rfq_id}", rfq_id=rfq_id, seller_id=busy.seller_id, reasons={}, invited_at=now(),
                    deadline_at=now(),
                )
            )  # fmt: skip
    assert full_sellers(session, {busy.seller_id: product}) == {busy.seller_id}
    html = text_of(buyer.client, path)
    assert "has been asked a lot this week" in html
    assert f'value="{product}" checked' in html, "where everybody is asked a lot, the first are chosen all the same"
    rested = sugar(people.seller())
    other = people.buyer()
    key = drafted(other, "100 kg coconut sugar to Hamburg")
    html = text_of(other.client, f"/requests/{key}/match")
    assert f'value="{rested}" checked' in html
    assert f'value="{product}" checked' not in html
    with frozen(now() + timedelta(days=8)):
        assert full_sellers(session, {busy.seller_id: product}) == set()


def test_a_resting_matcher_leaves_goods_of_the_commodity(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    product = sugar(people.seller())
    batik = a_listed_product(people.seller(), "batik-fabric").id

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(matcher_of_process(), "recommend", broken)
    buyer = people.buyer()
    html = text_of(buyer.client, f"/requests/{drafted(buyer)}/match")
    assert "These sellers offer the same goods" in html
    assert f'value="{product}"' in html
    assert f'value="{batik}"' not in html


def test_a_visitor_does_not_wait_for_a_large_fit(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    product = sugar(people.seller())
    monkeypatch.setattr(model, "MOST_FITTED_HERE", 0)
    buyer = people.buyer()
    html = text_of(buyer.client, f"/requests/{drafted(buyer)}/match")
    assert "Matching rests for a moment" in html
    assert f'value="{product}"' in html
    fitting.refit()
    buyer = people.buyer()
    assert "These can serve you" in text_of(buyer.client, f"/requests/{drafted(buyer)}/match")


def test_several_sellers_together(people: Cast, session: Session) -> None:
    sellers = [people.seller() for _ in range(3)]
    for seller in sellers:
        a_listed_product(seller, "coconut-sugar", title="Sugar", capacity_per_month=10_000)
    buyer = people.buyer()
    key = drafted(buyer, "75 t coconut sugar to Hamburg")
    html = text_of(buyer.client, f"/requests/{key}/match")
    assert "3 of them can make it together" in html
    assert "makes the largest part and can coordinate" in html
    assert "Nobody makes" not in html
    assert html.count(" checked") == 3
    data = {**guards(buyer.client, f"/requests/{key}/match"), "version": str(the_rfq(session, key).version)}
    assert buyer.client.post(f"/requests/{key}/send", data=data).status_code == 303
    assert session.scalar(select(func.count(Rfq.id)).where(Rfq.state == "open")) == 1
    too_much = text_of(buyer.client, f"/requests/{drafted(buyer, '500 t coconut sugar to Hamburg')}/match")
    assert "3 of them can make a part of it together" in too_much
    assert "Nobody makes" in too_much
    assert too_much.count(" checked") == 3


def test_the_buyer_takes_a_seller_back(people: Cast, session: Session) -> None:
    product = sugar(people.seller())
    buyer, stranger = people.buyer(), people.buyer()
    key = drafted(buyer)
    path, verb = f"/requests/{key}/match", f"/requests/{key}/not-for-me"
    assert stranger.post(verb, {"aside": str(product)}).status_code == 404
    assert buyer.post(verb, {"aside": "nonsense"}, page=path).status_code == 404
    assert buyer.post(verb, {"aside": str(product + 1)}, page=path).status_code == 404
    assert buyer.post(verb, {"aside": str(product)}, page=path).status_code == 303
    assert f'name="back" value="{product}"' in text_of(buyer.client, path)
    assert buyer.post(verb, {"back": str(product)}, page=path).status_code == 303
    assert f'name="product" value="{product}"' in text_of(buyer.client, path)


def test_a_spoiled_model_is_refused_once_and_made_anew(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sugar(people.seller())
    name = fitting.refit().name
    (models_folder() / name / "words.skops").write_bytes(b"spoiled")
    tried: list[str | None] = []
    real = store.load
    monkeypatch.setattr(store, "load", lambda folder, name=None: (tried.append(name), real(folder, name))[1])
    for _ in range(3):
        drafted(people.buyer())
    assert tried == [name]
    monkeypatch.undo()
    with frozen(now() + timedelta(minutes=1)):
        mended = fitting.mend()
    assert mended not in (None, name)
    assert store.current(models_folder()) == mended
    assert fitting.mend() is None


def test_a_spoiled_model_has_one_fit_queued_which_is_no_job_of_minutes(people: Cast, session: Session) -> None:
    sugar(people.seller())
    name = fitting.refit().name
    (models_folder() / name / "words.skops").write_bytes(b"spoiled")
    queued = select(func.count()).where(Task.job == "matchmaking.refit", Task.dedupe_key.contains(name))
    with frozen(now() + timedelta(minutes=1)):
        look_after_model()
        look_after_model()
        assert session.scalar(queued) == 1
        assert store.current(models_folder()) == name
        refit_model()
    assert store.current(models_folder()) != name
    assert fitting.spoiled() is None


def test_a_model_that_an_import_outgrew_is_made_anew_soon(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "EXPECTED_AT_ONCE", 2)
    sugar(people.seller())
    name = fitting.refit().name
    queued = select(func.count()).where(Task.job == "matchmaking.refit", Task.dedupe_key.contains(name))
    for more, expected in ((2, 0), (1, 1), (0, 1)):
        for _each in range(more):
            sugar(people.seller())
        look_after_model()
        assert session.scalar(queued) == expected
    with frozen(now() + timedelta(minutes=1)):
        refit_model()
    assert fitting.outgrown() is None
