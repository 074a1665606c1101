"""A request for several goods in own words: a line each, suppliers of all lines first, and lines put right."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import Suggestion
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.services import start_request
from marketplace.matchmaking.services.requests import revise_request
from marketplace.matchmaking.wording import obstacle_sentences, strength_sentences
from marketplace.rfqs.drafts import LineDraft, TermsDraft
from marketplace.rfqs.models import Rfq
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
BOTH = "We need 5 t coconut sugar and 2 t virgin coconut oil, to Hamburg"


def suggested(session: Session, rfq: Rfq) -> list[Suggestion]:
    rows = session.scalars(select(Suggestion).where(Suggestion.rfq_id == rfq.id, Suggestion.fits))
    return sorted(rows, key=lambda each: each.position)


def test_goods_side_by_side_become_lines_and_who_has_all_is_first(people: Cast, session: Session) -> None:
    buyer, one, all_of_it = people.buyer(), people.seller(), people.seller()
    a_listed_product(one, "coconut-sugar", title="Coconut sugar")
    for commodity in ("coconut-sugar", "coconut-oil-virgin"):
        a_listed_product(all_of_it, commodity, title=commodity)
    with transaction() as writing:
        rfq = start_request(writing, buyer.actor, BOTH, "en")
        assert [(each.commodity, each.quantity, each.unit) for each in rfq.lines] == [
            ("coconut-sugar", 5000, "kg"),
            ("coconut-oil-virgin", 2000, "kg"),
        ]
        profile = profile_of(rfq)
        assert [each.goods for each in profile.lines] == [("coconut-sugar",), ("coconut-oil-virgin",)]
        assert all(each.destinations == ("DE",) for each in profile.lines)
        rows = suggested(writing, rfq)
        assert [each.seller_id for each in rows] == [all_of_it.seller_id, one.seller_id]
        assert strength_sentences(rows[0].reasons["for"], "en")[0] == "Has everything you ask for"
        assert strength_sentences(rows[1].reasons["for"], "en")[0] == "Has 1 of the 2 goods you ask for"


def test_a_typed_line_is_served_with_what_the_words_say(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    a_listed_product(seller, "clove", title="Whole cloves")
    with transaction() as writing:
        rfq = start_request(writing, buyer.actor, "5 t coconut sugar to Hamburg", "en")
        first = LineDraft("Coconut sugar", "coconut-sugar", quantity=Decimal(5000), unit="kg")
        more = [LineDraft("Cloves, hand picked", "clove", quantity=Decimal(1000), unit="kg")]
        terms = TermsDraft(destination="DE")
        rfq = revise_request(writing, buyer.actor, rfq, rfq.version, text=rfq.text, line=first, terms=terms, more=more)
        assert [each.goods[0] for each in profile_of(rfq).lines] == ["coconut-sugar", "clove"]
        assert seller.seller_id in {each.seller_id for each in suggested(writing, rfq)}


def test_new_words_replace_what_the_old_ones_said_and_keep_what_was_typed(people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as writing:
        rfq = start_request(writing, buyer.actor, BOTH, "en")
        read = [
            LineDraft(each.description, each.commodity, quantity=each.quantity, unit=each.unit) for each in rfq.lines
        ]
        typed = LineDraft("Baskets of pandan", quantity=Decimal(300), unit="piece")
        rfq = revise_request(
            writing, buyer.actor, rfq, rfq.version, text="5 t coconut sugar to Hamburg", line=read[0],
            terms=TermsDraft(), more=[read[1], typed],
        )  # fmt: skip
        assert [each.description for each in rfq.lines] == [read[0].description, "Baskets of pandan"]


def test_a_line_goes_with_its_goods(people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as writing:
        rfq = start_request(writing, buyer.actor, BOTH, "en")
        read = [
            LineDraft(each.description, each.commodity, quantity=each.quantity, unit=each.unit) for each in rfq.lines
        ]
        rfq = revise_request(
            writing, buyer.actor, rfq, rfq.version, text=rfq.text, line=read[0], terms=TermsDraft(destination="DE"),
            more=read[1:], dropped=["goods:required:coconut-sugar"],
        )  # fmt: skip
        assert [each.commodity for each in rfq.lines] == ["coconut-oil-virgin"]


def test_an_obstacle_names_the_goods_it_is_about() -> None:
    told = [
        {"code": "incoterm", "stance": "near", "values": {"incoterm": "FOB", "of_goods": "clove"}},
        {"code": "incoterm", "stance": "near", "values": {"incoterm": "FOB"}},
    ]
    with_goods, without = obstacle_sentences(told, "en")
    assert with_goods["text"].endswith(f": {without['text']}")
    assert with_goods["remedy"] == without["remedy"]
