"""Answer rescue: who is told at each step about a seller who gives no word."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import LinkToken
from marketplace.accounts.queries import hashed_token, member_ids
from marketplace.kernel.events import on
from marketplace.kernel.inserting import hold
from marketplace.leads.linking import make_answer_link
from marketplace.notifications.handlers.rfqs import Lead, lead_of, seller_people, tell_buyer
from marketplace.notifications.queries import curators
from marketplace.notifications.rules import Channel, Kind
from marketplace.notifications.services import SECRET, in_language, notify
from marketplace.partners.models import Chapter
from marketplace.rfqs.events import BuyerReleased, LeadReminded, LeadUnanswered, MentorCalled
from marketplace.sellers.models import Seller


@on(LeadReminded)
def remind_seller(session: Session, event: LeadReminded) -> None:
    """Each of the seller's people gets a link of their own; where no mail goes out, none is kept."""
    lead = lead_of(session, event.recipient_id)
    context = {name: value for name, value in lead.context.items() if name != "seller"}
    for user_id in seller_people(session, lead):
        token = make_answer_link(session, lead.recipient, user_id)
        given = {**context, SECRET: token}
        made = notify(session, Kind.LEAD_REMINDER, _about(lead), [user_id], given, lead.seller_path)
        if all(one.channel == Channel.MAIL for one in made) and made:
            continue
        session.execute(delete(LinkToken).where(LinkToken.token_hash == hashed_token(token)))
        hold(session, *made)  # which notices the change
        for one in made:
            one.context = in_language(context, one.locale)


@on(MentorCalled)
def call_mentor(session: Session, event: MentorCalled) -> None:
    """The seller's mentor, or the whole desk where there is none."""
    lead = lead_of(session, event.recipient_id)
    desk = curators(session)
    mentor_id = session.scalar(select(Seller.mentor_id).where(Seller.id == lead.recipient.seller_id))
    people = (mentor_id,) if mentor_id in desk and mentor_id is not None else desk
    notify(session, Kind.RESCUE_MENTOR, _about(lead), people, lead.context, _path(lead, "console"))


@on(LeadUnanswered)
def call_partner(session: Session, event: LeadUnanswered) -> None:
    """The chapter whose distributor asked, or the programme."""
    lead = lead_of(session, event.recipient_id)
    people, place = tuple(_chapter_people(session, lead)), "partner"
    if not people:
        people, place = curators(session), "console"
    notify(session, Kind.RESCUE_PARTNER, _about(lead), people, lead.context, _path(lead, place))


@on(BuyerReleased)
def release_buyer(session: Session, event: BuyerReleased) -> None:
    """The buyer learns that this seller gives no answer, and where others are."""
    lead = lead_of(session, event.recipient_id)
    tell_buyer(session, lead, Kind.REQUEST_RELEASED, _about(lead), f"/requests/{lead.rfq.key}")


def _chapter_people(session: Session, lead: Lead) -> list[int]:
    if lead.rfq.chapter_id is None:
        return []
    chapter = session.get_one(Chapter, lead.rfq.chapter_id)
    return member_ids(session, chapter.organisation_id)


def _about(lead: Lead) -> str:
    return f"recipient:{lead.recipient.id}"


def _path(lead: Lead, place: str) -> str:
    return f"/{place}/waiting-leads/{lead.recipient.key}"
