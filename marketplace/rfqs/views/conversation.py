"""The buyer's conversation with one seller."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.models import StoredFile
from marketplace.accounts.services.files import store_document
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.fullness import unless_full
from marketplace.kernel.http import Action, action, current_actor
from marketplace.kernel.uow import transaction
from marketplace.rfqs import showing, wording
from marketplace.rfqs.figures.showing import marked
from marketplace.rfqs.forms import MessageForm
from marketplace.rfqs.models import Message
from marketplace.rfqs.phrases.parts import Part
from marketplace.rfqs.queries.contacts import guard_of
from marketplace.rfqs.queries.conversation import buyer_moments, conversation_of, messages_of
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.queries.requests import unread_from_sellers
from marketplace.rfqs.rules import RecipientState, RfqState, Side, talks, written_in
from marketplace.rfqs.sentence_page import Place, sentence_page
from marketplace.rfqs.services import mark_read, write_to_seller
from marketplace.rfqs.talk import bubbles
from marketplace.rfqs.views.blueprint import bp
from marketplace.rfqs.visits import Headers, is_read_by_a_person, read_papers, refused_beside


@bp.get("/requests/<key>/with/<recipient_key>")
def conversation(key: str, recipient_key: str) -> ResponseReturnValue:
    """The messages with one seller; what is shown counts as read."""
    session = db.session()
    recipient = conversation_of(session, current_actor(), key, recipient_key)
    unread = unread_from_sellers(session, [recipient.rfq_id]).get(recipient.rfq_id, {})
    if unread.get(recipient.id) and is_read_by_a_person():
        moment = now()
        with unless_full(), transaction() as inside:  # a reading leaves its mark before the page is made, never in it
            mark_read(inside, recipient.id, Side.BUYER, moment)
    return _page(key, recipient_key, MessageForm(formdata=None))


@bp.post("/requests/<key>/with/<recipient_key>/messages")
def write(key: str, recipient_key: str) -> ResponseReturnValue:
    """Send a message to this seller."""
    actor, form = current_actor(), MessageForm()
    conversation_of(db.session(), actor, key, recipient_key)
    if not form.validate():
        return _page(key, recipient_key, form, 422)
    try:
        documents = read_papers(form.files.data)
        with action() as act:
            papers = [store_document(act.session, actor, one) for one in documents]
            language = written_in(form.text.data, current_locale())
            message = write_to_seller(
                act.session, actor, key, recipient_key, form.text.data, language=language, files=papers
            )
            here = url_for("rfqs.conversation", key=key, recipient_key=recipient_key)
            act.leads_to(f"{here}#message-{message.id}")
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _page(key, recipient_key, form, status, headers)
    flash(_("Your message is sent."), "success")
    return act.redirect()


@bp.route("/requests/<key>/with/<recipient_key>/sentences", methods=["GET", "POST"])
def sentences(key: str, recipient_key: str) -> ResponseReturnValue:
    """Write with sentences of the phrase bank; only the button that says so sends."""
    recipient = conversation_of(db.session(), current_actor(), key, recipient_key)
    found = recipient.rfq
    if found.opened_at is None or not talks(RfqState(found.state), RecipientState(recipient.state)):
        raise Conflict(_("This conversation is closed, so no message can be added."))
    here = f"/requests/{key}/with/{recipient_key}"
    place = Place(
        here=here,
        crumbs=[
            (_("My requests"), "/requests"),
            (found.subject, f"/requests/{key}"),
            (recipient.seller.organisation.name, here),
        ],
        send_label=_("Send"),
        sent=_("Your message is sent."),
    )

    def send(act: Action, parts: list[Part], language: str, papers: list[StoredFile]) -> Message:
        return write_to_seller(
            act.session, current_actor(), key, recipient_key, "", language=language, files=papers, parts=parts
        )

    return sentence_page(found, Side.BUYER, place, send)


def _page(
    key: str, recipient_key: str, form: MessageForm, status: int = 200, headers: Headers | None = None
) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    recipient = conversation_of(session, actor, key, recipient_key)
    found, zone = recipient.rfq, actor.time_zone
    name = recipient.seller.organisation.name
    titles = product_titles(session, [line.product_id or 0 for line in found.lines], locale)
    messages = messages_of(session, recipient.id, reader=Side.BUYER)
    body = render_template(
        "rfqs/conversation.html",
        rfq=found,
        recipient=recipient,
        seller=recipient.seller,
        name=name,
        titles=titles,
        showing=showing,
        decline_reasons=wording.DECLINE_REASONS,
        pill=showing.recipient_pill(recipient, found),
        clock=showing.clock_of(recipient, found, locale, zone) if found.opened_at else None,
        asked=marked(found.text, found.language, locale),
        messages=bubbles(
            messages,
            Side.BUYER,
            name,
            locale=locale,
            zone=zone,
            goods=goods_by_line(session, found.id, locale) if any(one.parts for one in messages) else None,
            read_at=recipient.seller_read_at,
        ),
        steps=showing.timeline_items(
            buyer_moments(session, found.id, recipient.id),
            found,
            locale=locale,
            zone=zone,
            sellers={recipient.id: (name, recipient.decline_reason)},
            own=Side.BUYER,
            guard=guard_of(session, recipient.id),
        ),
        can_write=found.opened_at is not None and talks(RfqState(found.state), RecipientState(recipient.state)),
        form=form,
        locale=locale,
        zone=zone,
    )
    return body, status, headers or {}
