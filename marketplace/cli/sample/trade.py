"""Requests, leads and distributors of the sample marketplace, lived through the site's own services."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.cli.sample.ordinary import is_ordinary
from marketplace.cli.sample.people import PeopleMaker, SampleBuyer, SampleChapter, SampleSeller
from marketplace.i18n.formats import format_quantity
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.measures import Quantity
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.leads import services as leads
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.rules import ReportReason, ReportTarget
from marketplace.moderation.services import decide_report, make_report
from marketplace.partners import services as partners
from marketplace.partners.models import Application
from marketplace.quotes.services import relabel_expired
from marketplace.rfqs import services as rfqs
from marketplace.rfqs.drafts import ChosenRecipient, InquiryDraft, LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import CloseReason, DeclineReason

Transaction = Callable[[], AbstractContextManager[Session]]
REQUESTS = 120
PORTS = {"DE": "Hamburg", "US": "Los Angeles", "HK": "Hong Kong", "CN": "Guangzhou", "GB": "Felixstowe", "IT": "Genova",
         "NL": "Rotterdam", "AE": "Jebel Ali", "SA": "Jeddah", "MY": "Port Klang", "SG": "Singapore", "JP": "Kobe",
         "AU": "Melbourne"}  # fmt: skip
OPENINGS = {
    "en": "Good day, we are interested in {title}. Please confirm {quantity} for {port} and the earliest shipment.",
    "de": "Guten Tag, wir interessieren uns für {title}. Bitte bestätigen Sie {quantity} nach {port} und den frühesten Versand.",
    "zh_Hans": "您好，我们对{title}感兴趣。请确认 {quantity} 到{port}以及最早的装运时间。",
    "zh_Hant": "您好，我們對{title}感興趣。請確認 {quantity} 到{port}以及最早的裝運時間。",
}
ANSWERS = (
    "Terima kasih atas permintaannya. Kami sanggup memenuhi jumlah itu dan menyiapkan penawaran lengkap pekan ini.",
    "Assalamualaikum, terima kasih. Barang tersedia; contoh dapat kami kirim dalam tujuh hari.",
    "Terima kasih. Boleh kami tahu kemasan yang Anda perlukan, karung 25 kg atau 50 kg?",
)
REPLIES = {
    "en": "Thank you. Please send your offer with the specification sheet.",
    "de": "Vielen Dank. Bitte senden Sie Ihr Angebot mit dem Spezifikationsblatt.",
    "zh_Hans": "谢谢，请把报价和规格书发给我们。",
    "zh_Hant": "謝謝，請把報價和規格書發給我們。",
}


def actor_of(user_id: int, organisation_id: int, kind: OrganisationKind, locale: str) -> Actor:
    """A sample person as services want them."""
    return Actor(
        user_id=user_id,
        name="",
        organisation_id=organisation_id,
        kind=kind,
        roles=frozenset({Role.OWNER}),
        locale=locale,
        has_second_factor=True,
    )


class TradeMaker:
    """Lets the sample people act, each at a moment of the past three weeks."""

    def __init__(self, transaction: Transaction, random: Random, sellers: list[SampleSeller], curator: Actor) -> None:
        self.transaction = transaction
        self.random = random
        self.by_seller = {seller.seller_id: seller for seller in sellers}
        self.curator = curator
        self.today = now().astimezone(UTC)

    def _at(self, days: float) -> datetime:
        return self.today - timedelta(days=days)

    def requests(self, buyers: list[SampleBuyer], report: Callable[[str, int], None]) -> int:
        """Inquiries and requests in every state; gives how many were made."""
        with self.transaction() as session:
            wanted = select(Product).where(Product.state == "listed", is_ordinary())
            goods = list(session.scalars(wanted.order_by(Product.id)))
        for number in range(REQUESTS):
            buyer = buyers[number % len(buyers)]
            product = goods[(number * 37) % len(goods)]
            age = 0.4 + (number * 7 % 180) / 10
            self._one(number, buyer, product, goods, age)
            report("requests", number + 1)
        return REQUESTS

    def _one(self, number: int, buyer: SampleBuyer, product: Product, goods: list[Product], age: float) -> None:
        who = actor_of(buyer.user_id, buyer.organisation_id, OrganisationKind.BUYER, buyer.language)
        language = buyer.language if buyer.language in OPENINGS else "en"
        title = (product.card_titles or {}).get(language) or (product.card_titles or {}).get("en") or product.slug
        quantity = (product.moq or Decimal(1)) * self.random.choice((1, 2, 4))
        port = PORTS[buyer.country]
        amount = format_quantity(Quantity(quantity, product.unit), language)
        text = OPENINGS[language].format(title=title, quantity=amount, port=port)
        is_short = number % 13 == 4 and age > 5  # closed in the meantime
        closes_on = (self._at(age) + timedelta(days=3)).date() if is_short else None
        line = LineDraft(product_id=product.id, commodity=product.commodity, quantity=quantity, unit=product.unit)
        terms = TermsDraft(
            destination=buyer.country, incoterm="CIF", place=port, sample_is_wanted=number % 3 == 0, closes_on=closes_on
        )
        with frozen(self._at(age)), self.transaction() as session:
            if number % 4:
                rfq = rfqs.send_inquiry(session, who, product.id, InquiryDraft(text, language, line, terms))
            else:
                rfq = rfqs.draft_request(
                    session, who, text, language, RequestDraft(subject=title, lines=(line,), terms=terms)
                )
                if number % 16:  # every fourth request in own words stays a draft
                    session.flush()  # sending looks the draft up
                    others = [one for one in goods if one.commodity == product.commodity][:4]
                    chosen = {
                        one.seller_id: ChosenRecipient(one.seller_id, one.id, Decimal("0.8"), {}) for one in others
                    }
                    rfqs.send_request(session, who, rfq, list(chosen.values()))
            session.flush()  # its key and state are read below
            key, waits = rfq.key, rfq.state in {"submitted", "in_review"}
        if waits and number % 7 == 2:
            with frozen(self._at(age - 0.1)), self.transaction() as session:
                rfqs.reject_request(session, self.curator, key, "Bukan permintaan dagang (contoh).")
            return
        if waits and number % 3:
            with frozen(self._at(age - 0.1)), self.transaction() as session:
                rfqs.approve_request(session, self.curator, key)
        self._answers(number, key, who, language, age - 0.2)

    def _answers(self, number: int, key: str, who: Actor, language: str, age: float) -> None:
        with self.transaction() as session:
            rows = session.execute(
                select(Recipient.key, Recipient.seller_id)
                .join(Rfq, Rfq.id == Recipient.rfq_id)
                .where(Rfq.key == key, Rfq.state == "open")
                .order_by(Recipient.id)
            ).all()
        for step, (lead, seller_id) in enumerate(rows):
            self._answer(number + step, key, lead, self.by_seller[seller_id], who, language, age)
        if not rows or age < 3:
            return
        version = self._version(key)
        if number % 17 == 5:
            with frozen(self._at(1)), self.transaction() as session:
                rfqs.close_request(session, who, key, list(CloseReason)[number % len(CloseReason)], version)
        elif number % 17 == 9:
            with frozen(self._at(1)), self.transaction() as session:
                rfqs.cancel_request(session, who, key, version)

    def _version(self, key: str) -> int:
        with self.transaction() as session:
            return session.scalar(select(Rfq.version).where(Rfq.key == key)) or 0

    def reports(self, buyers: list[SampleBuyer]) -> None:
        """Reports of listings: two wait, one was dismissed."""
        with self.transaction() as session:
            wanted = select(Product.slug).where(Product.state == "listed", is_ordinary())
            slugs = list(session.scalars(wanted.order_by(Product.id)))
        texts = ("The picture looks like another product. (Example)", "The grade seems too high for this price. (Example)",
                 "This text stands elsewhere too. (Example)")  # fmt: skip
        reasons = (ReportReason.FALSE_CLAIM, ReportReason.FALSE_CLAIM, ReportReason.STOLEN_CONTENT)
        for number, (text, reason) in enumerate(zip(texts, reasons, strict=True)):
            buyer = buyers[number]
            who = actor_of(buyer.user_id, buyer.organisation_id, OrganisationKind.BUYER, buyer.language)
            with frozen(self._at(2 - number / 2)), self.transaction() as session:
                draft = ReportDraft(ReportTarget.PRODUCT, slugs[number * 11], reason, text)
                report = make_report(session, who, draft)
                session.flush()  # the decision names it
                key, version = report.key, report.version
            if number == 0:
                with frozen(self._at(1)), self.transaction() as session:
                    note = "The picture is marked as an illustration. (Example)"
                    decide_report(session, self.curator, key, is_upheld=False, note=note, version=version)

    def settle(self) -> None:
        """Let the site's own clockwork relabel what ran out, as its jobs would have."""
        with self.transaction() as session:
            rfqs.relabel_unanswered(session)
            rfqs.expire_requests(session)
            relabel_expired(session)
            rfqs.count_answers(session)

    def _answer(
        self, number: int, key: str, lead: str, one: SampleSeller, buyer: Actor, language: str, age: float
    ) -> None:
        seller = actor_of(one.user_id, one.organisation_id, OrganisationKind.SELLER, "id")
        kind = number % 6
        if kind == 0:
            return  # not opened yet
        with frozen(self._at(max(0.05, age - 0.2))), self.transaction() as session:
            leads.mark_seen(session, seller, lead)
        if kind == 1:
            return
        with frozen(self._at(max(0.04, age - 0.3))), self.transaction() as session:
            if kind == 2:
                leads.decline_lead(session, seller, lead, self.random.choice(list(DeclineReason)), "")
                return
            if number % 30 == 5:
                leads.ask_information(session, seller, lead, ANSWERS[2], language="id")
                return
            leads.answer_lead(session, seller, lead, ANSWERS[number % len(ANSWERS)], language="id")
        if kind in {3, 4}:
            with frozen(self._at(max(0.02, age - 0.5))), self.transaction() as session:
                rfqs.write_to_seller(session, buyer, key, lead, REPLIES[language], language=language)

    def distributors(
        self, chapters: list[SampleChapter], people: PeopleMaker, names: tuple[str, ...]
    ) -> list[SampleBuyer]:
        """Distributors at every stage of every chapter; gives the approved ones, who send requests like any buyer."""
        approved: list[SampleBuyer] = []
        stages = ("invited", "applied", "needs_info", "approved", "refused", "approved")
        for place, chapter in enumerate(chapters):
            with self.transaction() as session:
                home = session.get_one(Organisation, chapter.organisation_id)
                country, city = home.country, home.city
            partner = actor_of(chapter.user_id, chapter.organisation_id, OrganisationKind.CHAPTER, "en")
            for step, stage in enumerate(stages):
                account = f"distributor{place * 6 + step + 1}"
                company = self._distributor(f"{names[step]} {city}", account, stage, partner, people, country, city)
                if company is not None and stage == "approved":
                    approved.append(company)
        return approved

    def _distributor(
        self, name: str, account: str, stage: str, partner: Actor, people: PeopleMaker, country: str, city: str
    ) -> SampleBuyer | None:
        with frozen(self._at(20)), self.transaction() as session:
            application, token = partners.invite_distributor(session, partner, name, f"{account}@souq.example")
            key = application.id
            if stage == "invited":
                return None
            company = people.company(account, f"{name} ({country})", country, city)
            session.flush()  # the application names the company
            actor = actor_of(company.user_id, company.organisation_id, OrganisationKind.BUYER, "en")
            draft = partners.ApplicationDraft(
                about="We supply shops and kitchens in our region and look for goods with a story. This is an example.",
                yearly_volume="2 containers",
                channels=["wholesale", "retail"],
                territories=[country],
                interests=["coffee-arabica-green", "coconut-sugar"],
            )
            partners.apply_as_distributor(session, actor, token, draft)
        if stage == "applied":
            return company
        does = {"needs_info": partners.ask_for_more, "approved": partners.approve, "refused": partners.refuse}[stage]
        words = {
            "needs_info": "Please send a recent extract of the company register.",
            "approved": "Welcome to the chapter.",
            "refused": "Your territory is already served this year.",
        }[stage]
        with frozen(self._at(12)), self.transaction() as session:
            version = session.get_one(Application, key).version
            does(session, partner, key, version, words)
        return company
