"""What a mail about a conversation needs to be answered as a mail: the new words, and an address to answer to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.i18n.locales import known
from marketplace.kernel.outside import settings
from marketplace.notifications.incoming.addresses import reply_address
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs.contacts import without_contacts
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.phrases.parts import read_parts
from marketplace.rfqs.queries.contacts import why_hidden
from marketplace.rfqs.queries.conversation import messages_of
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.queries.participants import Participant, participant_of
from marketplace.rfqs.rules import RecipientState, RfqState, Side, talks
from marketplace.rfqs.showing import language_tag

MOST_WORDS = 5
_HREF = re.compile(r"/(?:leads|requests/[^/]+/with)/([^/]+)")
_ASKED = frozenset({Kind.LEAD_NEW, Kind.LEAD_REMINDER, Kind.LEAD_OVERDUE})
_SAID = frozenset(
    {
        Kind.MESSAGE_TO_BUYER,
        Kind.MESSAGE_TO_SELLER,
        Kind.REQUEST_ANSWERED,
        Kind.REQUEST_QUESTION,
        Kind.REQUEST_HELPED,
        Kind.LEAD_HELPED,
    }
)
ANSWERED_BY_MAIL = _ASKED | _SAID


@dataclass(frozen=True)
class Talk:
    """How a mail is answered: the address, what was said since the reader last looked (with its language tag), and
    whether the answer commits the seller."""

    reply_to: str
    words: tuple[tuple[str, str], ...]
    commits: bool


def talk_of(session: Session, notice: Notice, user: User | None) -> Talk | None:
    """For a notice about a conversation that this person may go on with; None for any other, or if no mail comes in."""
    mail, secret = settings().mail, settings().web.secret_key
    hit = _HREF.fullmatch(notice.href)
    if not mail.reply_address or user is None or notice.address or hit is None:
        return None
    kind = Kind(notice.kind)
    if kind not in ANSWERED_BY_MAIL:
        return None
    row = session.execute(
        select(Recipient, Rfq).join(Rfq, Rfq.id == Recipient.rfq_id).where(Recipient.key == hit[1])
    ).first()
    if row is None:
        return None
    recipient, rfq = row
    person = participant_of(session, recipient.id, user.id)
    if person is None or not talks(RfqState(rfq.state), RecipientState(recipient.state)):
        return None
    if kind in _ASKED:
        asked = without_contacts(rfq.text) if why_hidden(session, recipient.id) else rfq.text
        words: tuple[tuple[str, str], ...] = ((asked, language_tag(rfq.language)),)
    else:
        words = _unread(session, recipient, person, known(user.locale))
    return Talk(
        reply_to=reply_address(session, recipient.id, user.id, mail.reply_address, secret),
        words=words,
        commits=person.side is Side.SELLER and recipient.committed_at is None,
    )


def _unread(session: Session, recipient: Recipient, person: Participant, locale: str) -> tuple[tuple[str, str], ...]:
    """What the others wrote since this side looked last, at least their last message; hidden ones are left out."""
    others = [
        one
        for one in messages_of(session, recipient.id, 50, reader=person.side)
        if one.side is not person.side and not one.is_hidden
    ]
    seen = recipient.buyer_read_at if person.side is Side.BUYER else recipient.seller_read_at
    fresh = [one for one in others if seen is None or one.at > seen][-MOST_WORDS:] or others[-1:]
    goods = goods_by_line(session, recipient.rfq_id, locale) if any(one.parts for one in fresh) else {}
    found = []
    for one in fresh:
        said = read_parts(one.parts, locale, goods)
        text = one.text if said is None else "\n".join(piece.text for piece in said)
        found.append((text, language_tag(one.language if said is None else locale)))
    return tuple(found)
