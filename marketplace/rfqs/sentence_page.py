"""The page of the phrase bank for either side: takes and puts back sentences, and sends the message at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.documents import Document
from marketplace.accounts.models import StoredFile
from marketplace.accounts.services.files import store_document
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import Action, action, current_actor
from marketplace.rfqs.composer import (
    Draft,
    check_draft,
    defaults_of,
    port_names,
    preview,
    read_draft,
    reader_of,
    values_for,
)
from marketplace.rfqs.forms import MessageForm
from marketplace.rfqs.models import Message, Rfq
from marketplace.rfqs.phrases.parts import Part
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.rules import Side
from marketplace.rfqs.visits import Headers, read_papers, refused_beside

Send = Callable[[Action, list[Part], str, list[StoredFile]], Message]


class PapersForm(MessageForm):
    """The papers of a message whose words come from the phrase bank."""

    text = None


@dataclass(frozen=True)
class Place:
    """Where the page stands: the conversation's address, the way there, and what the button says and does."""

    here: str
    crumbs: Sequence[tuple[str, str]]
    send_label: str
    sent: str
    more: str = ""


def sentence_page(rfq: Rfq, side: Side, place: Place, send: Send) -> ResponseReturnValue:
    """Answer a visit of the page; ``send`` writes the message inside the action and gives it back."""
    session, locale = db.session(), current_locale()
    goods = goods_by_line(session, rfq.id, locale)
    draft = read_draft(request.form, side, defaults_of(rfq, goods))
    form = PapersForm()
    status: int = 200
    headers: Headers = {}
    verb = request.form.get("do", "")
    text = ""
    if verb in ("send", "preview"):
        if not check_draft(draft, goods):
            status = 422
        elif verb == "preview":
            text = preview(session, draft, rfq.id, goods, reader_of(rfq, side)[0])
        else:
            try:
                return _sent(place, draft, locale, read_papers(form.files.data), send)
            except DomainError as fault:
                status, headers = refused_beside(form, fault)
    return _shown(rfq, side, place, draft, goods, form, text), status, headers


def _sent(place: Place, draft: Draft, locale: str, documents: list[Document], send: Send) -> ResponseReturnValue:
    with action() as act:
        papers = [store_document(act.session, current_actor(), one) for one in documents]
        message = send(act, draft.parts, locale, papers)
        act.leads_to(f"{request.script_root}{place.here}#message-{message.id}")
    flash(place.sent, "success")
    return act.redirect()


def _shown(rfq: Rfq, side: Side, place: Place, draft: Draft, goods: dict[str, str], form: PapersForm, text: str) -> str:
    root, locale = request.script_root, current_locale()
    return render_template(
        "rfqs/sentences_page.html",
        form=form,
        here=root + place.here,
        crumbs=[(label, root + path) for label, path in place.crumbs],
        send_label=place.send_label,
        read_more=place.more,
        reader=reader_of(rfq, side),
        preview=text,
        ports=port_names(),
        **values_for(draft, side, goods, locale),
    )
