"""Meetings of the sample marketplace: a fair ahead with two sessions; meetings that wait, are set and declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from sqlalchemy import select

from marketplace.cli.sample.people import SampleBuyer, SampleChapter, SampleSeller
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.fairs.models import Fair
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.meetings import services
from marketplace.meetings.drafts import GuestDraft, PlanDraft, SessionDraft
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState

FAIR, CHAPTER = "DEMXD5", "de"
SELLERS, BUYERS = 4, 3
ASKED = "We would like to talk about a yearly contract. (Example)"
ABOUT = "Organic goods for our own shops. (Example)"
SHOWN = "Contoh barang dari pesantren kami. (Contoh)"
DECLINED = "We are fully booked this year. (Example)"


class MeetingMaker:
    """Lets a chapter open meetings at its fair, and sellers and buyers ask for them."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def meetings(
        self, chapters: Sequence[SampleChapter], sellers: Sequence[SampleSeller], buyers: Sequence[SampleBuyer]
    ) -> None:
        """All of them."""
        chapter = next(one for one in chapters if one.slug == CHAPTER)
        host = actor_of(chapter.user_id, chapter.organisation_id, OrganisationKind.CHAPTER, "de")
        with self.transaction() as session:
            fair = session.scalars(select(Fair).where(Fair.code == FAIR)).one()
            approved = set(session.scalars(select(Seller.id).where(Seller.curation == CurationState.APPROVED)))
            services.save_plan(session, host, fair.id, 0, PlanDraft("Europe/Berlin", 4, 8, 10, 12))
            at = [
                services.add_session(
                    session,
                    host,
                    fair.id,
                    SessionDraft(fair.first_day + timedelta(days=day), time(10), time(13), 20, 6, "Halle 2 (Example)"),
                ).id
                for day in range(2)
            ]
        selling = [
            actor_of(one.user_id, one.organisation_id, OrganisationKind.SELLER, "id")
            for one in sellers
            if one.seller_id in approved
        ][:SELLERS]
        buying = [
            actor_of(one.user_id, one.organisation_id, OrganisationKind.BUYER, one.language) for one in buyers[:BUYERS]
        ]
        guests = {actor.user_id: self._joined(fair, actor) for actor in (*selling, *buying)}
        for number, seller in enumerate(selling):
            buyer = buying[number % len(buying)]
            asker, asked = (seller, buyer) if number % 2 else (buyer, seller)
            with self.transaction() as session:
                meeting = services.ask(session, asker, fair.id, guests[asked.user_id], ASKED)
                session.flush()  # its version is read below
                key, version = meeting.key, meeting.version
            with self.transaction() as session:
                if number < 2:
                    services.accept(session, asked, key, version, f"{at[0]}-{number}")
                elif number == 2:
                    services.decline(session, asked, key, version, DECLINED)

    def _joined(self, fair: Fair, actor: Actor) -> int:
        goods = tuple(fair.commodities)
        person, about = ("Siti (Contoh)", SHOWN) if actor.is_seller else ("Anna (Example)", ABOUT)
        draft = GuestDraft(person, about, goods)
        with self.transaction() as session:
            guest = services.take_part(session, actor, fair.id, draft)
            session.flush()  # its key is kept
            return guest.id
