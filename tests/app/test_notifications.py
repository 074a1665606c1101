"""Notices: made once per person and event, delivered once, read by their person only, turned off by choice."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import LinkIssued, RegisteredAgain, SecurityChanged
from marketplace.accounts.models import Membership, User
from marketplace.accounts.rules import Purpose
from marketplace.accounts.services.links import send_link
from marketplace.i18n.locales import LOCALES
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.events import record
from marketplace.kernel.jobs import run_due
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outbox import Task
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.notifications import jobs, links
from marketplace.notifications.models import Notice, Preference
from marketplace.notifications.patterns import PATTERNS
from marketplace.notifications.rules import TOPIC_OF, Channel, Kind, Topic
from marketplace.notifications.services import SECRET
from marketplace.notifications.wording import TOPIC_NAMES, words
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app")


def mails() -> list[email.message.EmailMessage]:
    folder = Path(settings().mail.url.removeprefix("file://"))
    found = sorted(folder.glob("*.eml")) if folder.is_dir() else []
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]  # type: ignore[misc]


def plain(message: email.message.EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def tell(person: Person, kind: Kind = Kind.REPORT_DECIDED, about: str = "thing:1", href: str = "/reports/abc") -> None:
    with transaction() as session:
        record(session, NoticeWanted(kind, about, (person.user_id,), {"product": "Kopi"}, href))


def notices(session: Session, person: Person) -> list[Notice]:
    session.expire_all()
    return list(session.scalars(select(Notice).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def test_every_kind_has_a_topic_and_words() -> None:
    assert set(TOPIC_OF) == set(Kind) == set(PATTERNS)
    assert set(TOPIC_NAMES) == set(Topic)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_kind_can_be_said_in_every_language_whatever_is_known(locale: str) -> None:
    full = {
        "product": "100% kopi",
        "country": "DE",
        "deadline": "2026-11-25",
        "date": "2026-12-01",
        "level": "verified",
        "curation": "paused",
        "commodity": "coffee-arabica-green",
        **dict.fromkeys(("seller", "organisation", "certificate", "request"), "Contoh"),
    }
    with speaking(locale):
        for kind in Kind:
            for context in ({}, full):
                said = words(kind, context, locale)
                assert all((said.subject, said.line, said.action))
                assert "%(" not in f"{said}"


def test_every_token_link_leads_to_a_page(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for kind, path in links.TOKEN_PATHS.items():
        assert adapter.test(path.format(token="x" * 43), method="GET"), kind


def test_an_event_makes_one_notice_and_one_mail(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    tell(buyer)
    tell(buyer)
    assert run_due() >= 1
    run_due()
    assert len(notices(session, buyer)) == 1
    (mail,) = mails()
    assert mail["To"] == "".join(session.scalars(select(User.email).where(User.id == buyer.user_id)).all())
    assert notices(session, buyer)[0].sent_at is not None


def test_a_rolled_back_action_tells_nobody(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    with pytest.raises(ZeroDivisionError), transaction() as inside:
        record(inside, NoticeWanted(Kind.REPORT_DECIDED, "thing:1", (buyer.user_id,)))
        raise ZeroDivisionError
    run_due()
    assert notices(session, buyer) == []
    assert mails() == []


def test_a_mail_speaks_the_readers_language_and_links_from_public_url(people: Cast) -> None:
    buyer = people.buyer(locale="de")
    tell(buyer)
    run_due()
    (mail,) = mails()
    assert mail["Content-Language"] == "de"
    assert "http://127.0.0.1:8000/de/reports/abc" in plain(mail)
    html = mail.get_body(("html",))
    assert html is not None
    markup = html.get_content()
    assert 'lang="de"' in markup
    assert markup.count('class="button"') == 1
    assert "style=" not in markup


def test_a_second_delivery_is_the_same_mail(session: Session, people: Cast) -> None:
    """A worker that dies between sending and writing it down sends the same file and Message-ID again."""
    buyer = people.buyer()
    tell(buyer)
    run_due()
    first = [mail["Message-ID"] for mail in mails()]
    with transaction() as inside:
        notice = inside.scalars(select(Notice)).one()
        notice.sent_at, notice.attempted_at = None, now() - timedelta(minutes=6)
        key = notice.id
    jobs.deliver(key)
    assert [mail["Message-ID"] for mail in mails()] == first
    assert notices(session, buyer)[0].sent_at is not None


def test_a_delivery_under_way_is_not_doubled(people: Cast) -> None:
    buyer = people.buyer()
    tell(buyer)
    with transaction() as inside:
        notice = inside.scalars(select(Notice)).one()
        notice.attempted_at = now()
        key = notice.id
    with pytest.raises(jobs.DeliveryUnderWay):
        jobs.deliver(key)
    assert mails() == []


def test_a_link_leaves_by_mail_and_its_token_is_forgotten(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as inside:
        send_link(inside, Purpose.RESET_PASSWORD, buyer.user_id)
    token = notices(session, buyer)[0].context[SECRET]
    assert all(token not in str(task.arguments) for task in session.scalars(select(Task)))
    run_due()
    (mail,) = mails()
    assert f"/en/reset-password/{token}" in plain(mail)
    assert SECRET not in notices(session, buyer)[0].context
    assert "unsubscribe" not in plain(mail)


def test_a_link_for_another_address_goes_there(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as inside:
        record(inside, LinkIssued(901, buyer.user_id, Purpose.CHANGE_EMAIL, "t" * 43, "new@example.test"))
    run_due()
    (mail,) = mails()
    assert mail["To"] == "new@example.test"
    assert notices(session, buyer)[0].address == ""


def test_a_token_that_cannot_be_sent_is_forgotten_after_three_days(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as inside:
        send_link(inside, Purpose.VERIFY_EMAIL, buyer.user_id)
    with frozen(now() + timedelta(days=4)):
        jobs.tidy()
    assert SECRET not in notices(session, buyer)[0].context


def test_registering_again_is_told_each_time(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    for _ in range(2):
        with transaction() as inside:
            record(inside, RegisteredAgain(buyer.user_id))
    assert [notice.kind for notice in notices(session, buyer)] == [Kind.ACCOUNT_EXISTS] * 2


def test_a_changed_address_is_told_to_both(people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as inside:
        record(inside, SecurityChanged(buyer.user_id, "email", "former@example.test"))
    run_due()
    assert len({mail["To"] for mail in mails()}) == 2


def test_without_a_mail_address_the_notice_stands_on_the_page(session: Session, people: Cast) -> None:
    seller = people.seller(email=None, phone="+6281200009999")
    tell(seller, Kind.LEAD_NEW)
    run_due()
    assert [notice.channel for notice in notices(session, seller)] == [Channel.PAGE]
    assert mails() == []


def test_an_unconfirmed_address_gets_links_only(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as inside:
        inside.get_one(User, buyer.user_id).email_verified_at = None
    tell(buyer)
    with transaction() as inside:
        send_link(inside, Purpose.VERIFY_EMAIL, buyer.user_id)
    assert [notice.channel for notice in notices(session, buyer)] == [Channel.PAGE, Channel.MAIL]


def test_a_talk_sends_one_mail_in_a_quarter_of_an_hour(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    for number in range(3):
        tell(buyer, Kind.MESSAGE_TO_BUYER, f"message:{number}", "/requests/a/with/b")
    with frozen(now() + timedelta(minutes=20)):
        tell(buyer, Kind.MESSAGE_TO_BUYER, "message:9", "/requests/a/with/b")
    found = [notice.channel for notice in notices(session, buyer)]
    assert found == [Channel.MAIL, Channel.PAGE, Channel.PAGE, Channel.MAIL]


def test_topics_can_be_turned_off_and_security_cannot(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    page = buyer.client.get("/notices/preferences").get_data(as_text=True)
    assert 'value="reports"' in page
    assert 'value="account"' not in page
    answer = buyer.post("/notices/preferences", {"topics": ["requests"]}, page="/notices/preferences")
    assert answer.status_code == 303
    tell(buyer)
    with transaction() as inside:
        send_link(inside, Purpose.RESET_PASSWORD, buyer.user_id)
    assert [notice.channel for notice in notices(session, buyer)] == [Channel.PAGE, Channel.MAIL]
    tampered = buyer.post("/notices/preferences", {"topics": ["account"]}, page="/notices/preferences")
    assert tampered.status_code == 422
    assert session.scalar(select(Preference).where(Preference.kind == "account")) is None


def test_unsubscribing_shows_first_and_acts_by_its_form(session: Session, people: Cast, client: FlaskClient) -> None:
    buyer = people.buyer()
    tell(buyer)
    run_due()
    (mail,) = mails()
    path = re.sub(r"^<http://[^/]+|>$", "", mail["List-Unsubscribe"])
    assert client.get(path).status_code == 200
    assert session.scalar(select(Preference)) is None
    assert client.post(path).status_code == 400  # no token of a form
    assert session.scalar(select(Preference)) is None
    assert client.post(path, data=guards(client, path)).status_code == 200
    session.expire_all()
    assert session.scalars(select(Preference)).one().is_on is False
    assert client.get(path[:-2] + "xx").status_code == 404


def test_a_notice_is_read_by_its_own_person_only(session: Session, people: Cast) -> None:
    buyer, other = people.buyer(), people.buyer()
    tell(buyer)
    key = notices(session, buyer)[0].id
    assert "Your report was decided" in buyer.client.get("/notices").get_data(as_text=True)
    assert "Your report was decided" not in other.client.get("/notices").get_data(as_text=True)
    assert other.post(f"/notices/{key}/open", page="/account/sessions").status_code == 404
    assert notices(session, buyer)[0].read_at is None
    answer = buyer.post(f"/notices/{key}/open", page="/notices")
    assert answer.headers["Location"] == "/reports/abc"
    assert notices(session, buyer)[0].read_at is not None


def test_everything_is_marked_read_at_once(session: Session, people: Cast) -> None:
    buyer, other = people.buyer(), people.buyer()
    for number in range(3):
        tell(buyer, about=f"thing:{number}")
    tell(other)
    buyer.post("/notices/read", page="/notices")
    assert all(notice.read_at for notice in notices(session, buyer))
    assert notices(session, other)[0].read_at is None
    assert "Nothing new" in buyer.client.get("/notices?show=unread").get_data(as_text=True)


def test_a_visitor_is_led_to_the_sign_in(client: FlaskClient) -> None:
    assert client.get("/notices").status_code == 302


def test_the_mailbox_exists_in_the_sample_marketplace_only(app: Flask, people: Cast, client: FlaskClient) -> None:
    buyer = people.buyer()
    tell(buyer)
    run_due()
    assert client.get("/mailbox").status_code == 404
    assert buyer.client.get("/mailbox").status_code == 404
    app.extensions["souq_is_sample"] = True
    page = client.get("/mailbox").get_data(as_text=True)
    assert "Your report was decided" in page
    assert 'href="http://127.0.0.1:8000/en/reports/abc"' in page
    assert "Your report was decided" not in client.get("/mailbox?to=nobody").get_data(as_text=True)


def test_who_left_or_was_suspended_is_not_told(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as inside:
        inside.get_one(User, buyer.user_id).suspended_at = now()
    tell(buyer)
    assert notices(session, buyer) == []


def test_members_of_both_roles_are_told(session: Session, people: Cast) -> None:
    from marketplace.accounts.events import OrganisationVerified

    seller, colleague = people.seller(), people.buyer()
    with transaction() as inside:
        inside.add(
            Membership(
                user_id=colleague.user_id, organisation_id=seller.organisation_id, role="member", created_at=now()
            )
        )
        record(inside, OrganisationVerified(seller.organisation_id, "verified"))
    assert len(notices(session, seller)) == len(notices(session, colleague)) == 1
