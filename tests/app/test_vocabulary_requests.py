"""What a further name would change on saved requests, shown before it is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.discovery.models import LexiconChange
from marketplace.discovery.naming import lexicon_with
from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import Suggestion
from marketplace.matchmaking.rereading import MOST_REREAD, reread
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import RfqState
from search.analysis import lexicon
from tests.app.test_matchmaking import drafted, text_of
from tests.app.test_vocabulary import WORD, _shipped_lexicon
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
GOODS = "coffee-arabica-green"
PAGE = f"/console/vocabulary/name?name={WORD}&language=en&concept={GOODS}"
__all__ = ["_shipped_lexicon"]


def requested(people: Cast, *texts: str) -> list[str]:
    buyer = people.buyer()
    return [drafted(buyer, text) for text in texts]


def test_requests_that_would_be_read_differently_are_shown_with_their_suppliers(people: Cast, session: Session) -> None:
    arabica = a_listed_product(people.seller(), title="Arabica Gayo")
    requested(people, f"2 t {WORD} to Hamburg", "2 t coconut sugar to Hamburg")
    version, offered = lexicon().version, session.scalar(select(func.count()).select_from(Suggestion))
    html = text_of(people.operator().client, PAGE)
    assert "1 saved request has the word." in html
    assert "Requests that would be read differently" in html
    label = lexicon().concepts[GOODS].label("en")
    assert label in html.partition("read differently")[2]
    assert f"“{WORD}”" in html.partition("read differently")[2], "with the words it would be read from"
    assert "Arabica Gayo" in html.partition("First suppliers then")[2]
    assert "Time was left" not in html
    session.rollback()
    assert lexicon().version == version, "looking changes nothing"
    assert session.scalar(select(func.count()).select_from(LexiconChange)) == 0
    assert session.scalar(select(func.count()).select_from(Suggestion)) == offered
    found = reread(session, WORD, lexicon_with(session, GOODS, "en", WORD))
    (one,) = found.changed
    assert [(each.kind, each.value, each.source.text) for each in one.come] == [("goods", GOODS, WORD)]
    assert one.suppliers == ((), (arabica.id,))


def test_a_word_that_changes_no_reading_is_said_to_change_none(people: Cast, session: Session) -> None:
    requested(people, f"2 t Arabica green coffee like {WORD} to Hamburg")
    html = text_of(people.operator().client, PAGE)
    assert "1 saved request has the word." in html
    assert "Requests that would be read differently" not in html
    assert "None of them would be read differently." in html


def test_only_the_newest_are_read_and_none_once_the_time_is_up(people: Cast, session: Session) -> None:
    keys = requested(people, *(f"{number} t {WORD} to Hamburg" for number in range(2, 5)))
    session.rollback()
    then = lexicon_with(session, GOODS, "en", WORD)
    found = reread(session, WORD, then, seconds=0)
    assert (found.found, found.looked_at) == (3, 1), "one is always looked at"
    assert [each.rfq.key for each in found.changed] == keys[-1:]
    assert found.changed[0].suppliers is None, "no time is left to rank"
    found = reread(session, WORD, then, seconds=600)
    assert [each.rfq.key for each in found.changed] == keys[::-1]
    assert found.looked_at <= MOST_REREAD


@pytest.mark.parametrize("state", [RfqState.REJECTED_SPAM, RfqState.CANCELLED, RfqState.EXPIRED])
def test_requests_that_are_over_are_left_out(people: Cast, session: Session, state: RfqState) -> None:
    (key,) = requested(people, f"2 t {WORD} to Hamburg")
    with transaction() as writing:
        writing.scalars(select(Rfq).where(Rfq.key == key)).one().state = state
    session.rollback()
    assert reread(session, WORD, lexicon_with(session, GOODS, "en", WORD)).found == 0


def test_operators_alone_see_them(people: Cast) -> None:
    requested(people, f"2 t {WORD} to Hamburg")
    for person in (people.curator(), people.buyer(), people.seller()):
        assert person.client.get(PAGE).status_code == 404


def test_a_name_that_holds_already_is_refused_before_requests_are_read(people: Cast, session: Session) -> None:
    operator = people.operator()
    data = {"name": WORD, "language": "en", "concept": GOODS}
    assert operator.post("/console/vocabulary/name", data, page=PAGE).status_code == 303
    with pytest.raises(Conflict):
        lexicon_with(session, GOODS, "en", WORD)
    assert operator.client.get(PAGE).status_code == 422
