"""A notice as a mail: in the reader's language, text and HTML, one button."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from config.settings import Settings
from marketplace.accounts.models import User
from marketplace.i18n.locales import BY_LOCALE, known
from marketplace.i18n.translations import speaking
from marketplace.notifications import links
from marketplace.notifications.incoming.inviting import Talk
from marketplace.notifications.mailer import Mail
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import ALWAYS_ON, TOPIC_OF, Kind
from marketplace.notifications.services import SECRET, STOP, mail_key
from marketplace.notifications.wording import TOPIC_NAMES, words


@dataclass(frozen=True)
class Spoken:
    """A notice as it is shown on a page."""

    subject: str
    line: str
    action: str
    href: str


def spoken(notice: Notice, locale: str) -> Spoken:
    """The notice's words in the language that is spoken now, and the local path it leads to."""
    kind = Kind(notice.kind)
    said = words(kind, notice.context, locale)
    return Spoken(said.subject, said.line, said.action, links.target(kind, notice.href, ""))


def as_text(notice: Notice, user: User, public_url: str) -> str:
    """A short text with a link, to pass on by telephone in the person's language."""
    locale = known(user.locale)
    with speaking(locale):
        said = spoken(notice, locale)
    return f"{said.subject}\n{said.line}\n{links.absolute(public_url, locale, said.href)}"


def compose(
    notice: Notice, user: User | None, settings: Settings, access: str = "", talk: Talk | None = None
) -> Mail | None:
    """The mail of a notice; None when there is nobody to send it to.

    ``access`` is the signed name by which a guest, who has no password, comes to the page; ``talk`` is how the mail is
    answered.
    """
    to = notice.address or (user.email if user else "") or ""
    if not to:
        return None
    kind = Kind(notice.kind)
    topic = TOPIC_OF[kind]
    locale = known(notice.locale)
    public_url = settings.web.public_url
    path = links.target(kind, notice.href, str(notice.context.get(SECRET, "")))
    if access and kind not in links.TOKEN_PATHS:
        path = links.for_guest(access, path)
    unsubscribe = preferences = ""
    if user is not None and topic not in ALWAYS_ON:
        token = links.unsubscribe_token(settings.web.secret_key, user.id, topic)
        stop = str(notice.context.get(STOP, "")) or f"/notices/unsubscribe/{token}"
        unsubscribe = links.absolute(public_url, locale, stop)
        preferences = links.absolute(public_url, locale, "/notices/preferences")
    with speaking(locale):
        said = words(kind, notice.context, locale)
        values = {
            "said": said,
            "talk": talk,
            "href": links.absolute(public_url, locale, path),
            "lang": BY_LOCALE[locale].tag,
            "unsubscribe": unsubscribe,
            "preferences": preferences,
            "topic": str(TOPIC_NAMES[topic][0]),
            "home": links.absolute(public_url, locale, "/"),
        }
        text = current_app.jinja_env.get_template("mail/notice.txt").render(values)
        html = current_app.jinja_env.get_template("mail/notice.html").render(values)
    return Mail(
        key=mail_key(notice),
        to=to,
        subject=said.subject,
        text=text,
        html=html,
        at=notice.created_at,
        locale_tag=BY_LOCALE[locale].tag,
        unsubscribe=unsubscribe,
        reply_to=talk.reply_to if talk else "",
    )
