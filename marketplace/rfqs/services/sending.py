"""Inquiries and requests, from the first word to the moment they leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import is_blocked
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.fairs.queries import counted_fair_id
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.inserting import made
from marketplace.kernel.measures import Quantity
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.text import cleaned
from marketplace.offers.queries import offer_to_ask
from marketplace.partners.models import Attribution
from marketplace.rfqs.drafts import ChosenRecipient, InquiryDraft, RequestDraft
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.policies import can_be_asked, is_check_valid, may_ask, owned_by
from marketplace.rfqs.queries.asking import Asked, asked_by_key
from marketplace.rfqs.queries.offers import Offer, offer_of_product
from marketplace.rfqs.rules import (
    ANSWER_TIME,
    LIVE,
    MAX_RECIPIENTS,
    RfqSource,
    RfqState,
    is_below,
)
from marketplace.rfqs.services.checking import (
    apply_terms,
    checked_lines,
    checked_text,
    checked_values,
    closing_moment,
    terms_values,
)
from marketplace.rfqs.services.limiting import spend_request
from marketplace.rfqs.services.opening import invite, submit
from marketplace.sellers.models import Seller

_COMPANY = Prepared(
    select(Organisation.verification_level, Organisation.verified_until, Attribution.chapter_id)
    .outerjoin(Attribution, Attribution.organisation_id == Organisation.id)
    .where(Organisation.id == bindparam("organisation_id"))
)


def send_inquiry(
    session: Session, actor: Actor, product_id: int, draft: InquiryDraft, *, key: str = "", asked: Asked | None = None
) -> Rfq:
    """Open a request with one recipient about a listed product and tell whoever listens.

    ``key`` names it where its address is to be known beforehand (see `kernel.public_keys`); ``asked`` is the product
    in the draft's language, as the actor's company asks about it, where this transaction has read it already.
    `NotFound` for a product that is not offered (any more), `Forbidden` between parties that blocked each other,
    `TooMany` beyond the day's requests. A quantity below the MOQ is sent and flagged on its line.
    """
    require(may_ask(actor))
    asked = asked or asked_by_key(session, product_id, _company(actor), draft.language)
    if asked is None:
        raise NotFound
    if asked.is_apart:
        raise _blocked()
    offer = asked.offer
    spend_request(session, _company(actor))
    values = _new_values(
        actor, RfqSource.INQUIRY, chapter_id=asked.chapter_id, text=draft.text, language=draft.language,
        subject=offer.title, key=key,
    )  # fmt: skip
    values["fair_id"] = counted_fair_id(session, draft.fair)
    # many people wait for this one: its rows are written as values, without the history that the unit of work keeps
    rfq = made(Rfq, **(values | terms_values(draft.terms)))
    lines = [made(RfqLine, **one) for one in inquiry_lines(session, offer, draft, actor.organisation_id)]
    recipient = made(Recipient, **_recipient_values(ChosenRecipient(offer.seller_id, offer.product_id)))
    set_committed_value(rfq, "lines", lines)
    set_committed_value(rfq, "recipients", [recipient])
    set_committed_value(recipient, "rfq", rfq)
    is_checked = is_check_valid(asked.level, asked.checked_until, today())
    submit(session, rfq, is_checked=is_checked, has_closures=asked.has_closures)
    return rfq


def inquiry_lines(
    session: Session, offer: Offer, draft: InquiryDraft, company_id: int | None = None
) -> list[dict[str, Any]]:
    """Values of the rows for all goods of an inquiry; `NotFound` for a product that this seller does not offer.

    `Conflict` where it names an offer of a lot that ``company_id`` (None: a visitor) may not know of, or that is over:
    the answer is the same.
    """
    lines = checked_values((draft.line, *draft.more))
    _be_about(lines[0], offer)
    if draft.offer:
        lot = offer_to_ask(session, company_id, draft.offer, offer.product_id)
        if lot is None:
            raise Conflict(
                _("This offer is not open any more. Send again: your message goes out as a question about the product.")
            )
        lines[0]["offer_id"] = lot.id
    for line in lines[1:]:
        if line["product_id"] is None:
            if not line["description"]:
                raise DomainError(_("Say what you want, or take the line away."))
            continue
        other = offer_of_product(session, line["product_id"], draft.language)
        if other is None or other.seller_id != offer.seller_id:
            raise NotFound
        _be_about(line, other)
    return lines


def _be_about(line: dict[str, Any], offer: Offer) -> None:
    """Let a line be about this product; a quantity below its MOQ is flagged."""
    line |= {"product_id": offer.product_id, "commodity": offer.commodity, "description": offer.title[:200]}
    if line["quantity"] is not None and offer.least is not None:
        line["is_below_moq"] = is_below(Quantity(line["quantity"], line["unit"]), offer.least, offer.contents)


def draft_request(
    session: Session, actor: Actor, text: str, language: str, fields: RequestDraft, *, fair: str = ""
) -> Rfq:
    """Keep a request in the buyer's own words with what was read from it; nobody is told yet.

    ``fair`` is the code of the fair it came from; one that counts no more is left out.
    """
    require(may_ask(actor))
    _level, _until, chapter_id = _COMPANY.raw(session, organisation_id=_company(actor))[0]
    values = _new_values(
        actor, RfqSource.REQUEST, chapter_id=chapter_id, text=text, language=language, subject=fields.subject
    )
    rfq = Rfq(**values)
    rfq.fair_id = counted_fair_id(session, fair)
    _apply_fields(rfq, fields)
    session.add(rfq)
    session.flush()  # its key is part of addresses
    return rfq


def update_draft(
    session: Session, actor: Actor, key: str, fields: RequestDraft, version: int, *, text: str | None = None
) -> Rfq:
    """Replace what the draft says; `Conflict` if it was sent or changed meanwhile."""
    rfq = own_request(session, actor, key)
    if rfq.state != RfqState.DRAFT or rfq.version != version:
        raise Conflict(_("This draft has changed meanwhile. Reload the page to see how it stands now."))
    if text is not None:
        rfq.text = checked_text(text)
    rfq.subject = subject_of(rfq.text, fields.subject)
    _apply_fields(rfq, fields)
    session.flush()
    return rfq


def send_request(session: Session, actor: Actor, rfq: Rfq, recipients: Sequence[ChosenRecipient]) -> Rfq:
    """Send a draft to the chosen sellers, at most twelve; none is allowed and leaves the request open for later.

    `NotFound` for another company's request or a seller or product that cannot be asked.
    """
    require(may_ask(actor))
    draft = own_request(session, actor, rfq.key)
    if draft.state != RfqState.DRAFT:
        raise Conflict(_("This request was already sent."))
    chosen = _checked_recipients(session, actor, recipients)
    spend_request(session, _company(actor))
    draft.recipients = [_recipient(one) for one in chosen]
    draft.closes_at = max(draft.closes_at, now() + ANSWER_TIME)
    submit(session, draft)
    return draft


def invite_more(session: Session, actor: Actor, key: str, recipients: Sequence[ChosenRecipient]) -> Rfq:
    """Ask further sellers with an open request; those already asked are left as they are."""
    rfq = own_request(session, actor, key)
    if RfqState(rfq.state) not in LIVE:
        raise Conflict(_("This request is not open any more. Start a new one to ask further sellers."))
    asked = {one.seller_id for one in rfq.recipients}
    fresh = [one for one in _checked_recipients(session, actor, recipients) if one.seller_id not in asked]
    if len(asked) + len(fresh) > MAX_RECIPIENTS:
        raise DomainError(_too_many())
    for one in fresh:
        recipient = _recipient(one)
        rfq.recipients.append(recipient)
        invite(session, rfq, recipient)
    return rfq


def own_request(session: Session, actor: Actor, key: str) -> Rfq:
    """The actor's own company's request with its lines and recipients, locked for change; `NotFound` otherwise."""
    rfq = session.scalar(
        select(Rfq)
        .where(Rfq.key == key, owned_by(actor))
        .options(selectinload(Rfq.recipients), selectinload(Rfq.lines))
        .with_for_update(of=Rfq)
        .execution_options(populate_existing=True)
    )
    if rfq is None:
        raise NotFound
    return rfq


def subject_of(text: str, wish: str = "") -> str:
    """A short heading: the wish, else the first line of the text."""
    first = cleaned(wish, 200) or cleaned(text).split("\n", 1)[0]
    return first if len(first) <= 120 else first[:119].rstrip() + "…"


def _new_values(
    actor: Actor,
    source: RfqSource,
    *,
    chapter_id: int | None,
    text: str,
    language: str,
    subject: str,
    key: str = "",
) -> dict[str, Any]:
    """Columns of a new draft without its terms."""
    words = checked_text(text)
    return {
        "key": key or new_public_key(),
        "source": source,
        "state": RfqState.DRAFT,
        "buyer_id": _company(actor),
        "created_by_id": actor.user_id,
        "chapter_id": chapter_id,
        "language": language,
        "subject": subject_of(words, subject),
        "text": words,
        "certificates": [],
        "reading": {},
        "closes_at": closing_moment(None),
        "created_at": now(),
    }


def _apply_fields(rfq: Rfq, fields: RequestDraft) -> None:
    lines = checked_lines(fields.lines)
    apply_terms(rfq, fields.terms)
    rfq.lines = lines
    rfq.reading = dict(fields.reading)


def _recipient(chosen: ChosenRecipient) -> Recipient:
    return Recipient(**_recipient_values(chosen))


def _recipient_values(chosen: ChosenRecipient) -> dict[str, Any]:
    moment = now()
    return {
        "key": new_public_key(),
        "seller_id": chosen.seller_id,
        "product_id": chosen.product_id,
        "score": chosen.score,
        "reasons": dict(chosen.reasons),
        "invited_at": moment,
        "deadline_at": moment + ANSWER_TIME,
    }


def _checked_recipients(session: Session, actor: Actor, recipients: Sequence[ChosenRecipient]) -> list[ChosenRecipient]:
    chosen = {one.seller_id: one for one in reversed(recipients)}  # the first mention of a seller wins
    if len(chosen) > MAX_RECIPIENTS:
        raise DomainError(_too_many())
    sellers = dict(
        session.execute(
            select(Seller.id, Seller.organisation_id)
            .join(Organisation, Organisation.id == Seller.organisation_id)
            .where(Seller.id.in_(chosen), can_be_asked())
        ).all()
    )
    offered = set(
        session.execute(
            select(Product.id, Product.seller_id).where(
                Product.id.in_([one.product_id for one in chosen.values() if one.product_id is not None]),
                Product.state == ListingState.LISTED,
            )
        ).all()
    )
    for one in chosen.values():
        if one.seller_id not in sellers:
            raise NotFound
        if one.product_id is not None and (one.product_id, one.seller_id) not in offered:
            raise NotFound
        _refuse_blocked(session, actor, sellers[one.seller_id])
    return list(reversed(chosen.values()))


def _refuse_blocked(session: Session, actor: Actor, organisation_id: int) -> None:
    if is_blocked(session, _company(actor), organisation_id):
        raise _blocked()


def _blocked() -> Forbidden:
    return Forbidden(
        _("You and this seller cannot write to each other, because one side has blocked the other. Ask another seller.")
    )


def _company(actor: Actor) -> int:
    assert actor.organisation_id is not None
    return actor.organisation_id


def _too_many() -> str:
    return str(_("A request goes to at most %(count)s sellers. Take some off the list.", count=MAX_RECIPIENTS))
