"""What an upheld report does to the thing, and what a reversal gives back, by the owning domain's services."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.services import hide_listing, unhide_listing
from marketplace.kernel.policy import Actor
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportTarget
from marketplace.reviews.services import hide_review, restore_review, set_answer_hidden
from marketplace.rfqs.models import Message, Rfq
from marketplace.rfqs.rules import RFQ_MOVES, RfqState
from marketplace.rfqs.services import hide_message, reinstate_request, reject_request, show_message
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState
from marketplace.sellers.services import curate_seller


def take_away(session: Session, actor: Actor, report: Report) -> None:
    """Hide listing, message, review or answer, pause the seller, refuse the request; nothing where that is so."""
    target = ReportTarget(report.target)
    if target is ReportTarget.PRODUCT:
        product = session.get_one(Product, report.target_id)
        if product.state == ListingState.LISTED:
            hide_listing(session, actor, product.id, report.reason)
    elif target is ReportTarget.SELLER:
        seller = session.get_one(Seller, report.target_id)
        if seller.curation != CurationState.PAUSED:
            note = _("Paused after a report. The decision and the way to a second look stand under Reports.")
            curate_seller(session, actor, seller.id, CurationState.PAUSED, note)
    elif target is ReportTarget.MESSAGE:
        if not session.get_one(Message, report.target_id).is_hidden:
            hide_message(session, actor, report.target_id)
    elif target is ReportTarget.REVIEW:
        hide_review(session, actor, report.target_id)
    elif target is ReportTarget.ANSWER:
        set_answer_hidden(session, actor, report.target_id, True)
    else:
        rfq = session.get_one(Rfq, report.target_id)
        if RfqState.REJECTED_SPAM in RFQ_MOVES[RfqState(rfq.state)]:
            note = _("Closed after a report. The decision and the way to a second look stand under Reports.")
            reject_request(session, actor, rfq.key, note)


def give_back(session: Session, actor: Actor, report: Report) -> None:
    """Undo what `take_away` did; nothing where it is undone already."""
    target = ReportTarget(report.target)
    if target is ReportTarget.PRODUCT:
        product = session.get_one(Product, report.target_id)
        if product.state == ListingState.HIDDEN:
            unhide_listing(session, actor, product.id)
    elif target is ReportTarget.SELLER:
        seller = session.get_one(Seller, report.target_id)
        if seller.curation == CurationState.PAUSED:
            curate_seller(session, actor, seller.id, CurationState.APPROVED, _("The second look found for you."))
    elif target is ReportTarget.MESSAGE:
        if session.get_one(Message, report.target_id).is_hidden:
            show_message(session, actor, report.target_id)
    elif target is ReportTarget.REVIEW:
        restore_review(session, actor, report.target_id)
    elif target is ReportTarget.ANSWER:
        set_answer_hidden(session, actor, report.target_id, False)
    else:
        rfq = session.get_one(Rfq, report.target_id)
        if rfq.state == RfqState.REJECTED_SPAM:
            reinstate_request(session, actor, rfq.key)
