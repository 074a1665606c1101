"""Notices, what comes by mail, the link that turns mails off, and the sample marketplace's mailbox."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.paging import page_number
from marketplace.notifications import links
from marketplace.notifications.composing import spoken
from marketplace.notifications.forms import PreferencesForm
from marketplace.notifications.incoming.addresses import revoke
from marketplace.notifications.mailbox import read_mails
from marketplace.notifications.mailer import FolderMailer, open_mailer
from marketplace.notifications.queries import choices, notices_of, unread_count
from marketplace.notifications.rules import CHOICES, is_on
from marketplace.notifications.services import choose, mark_all_read, mark_read, set_preferences
from marketplace.notifications.wording import TOPIC_NAMES

bp = Blueprint("notifications", __name__)


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    """What happened that concerns one."""
    actor = current_actor()
    session = db.session()
    only_unread = request.args.get("show") == "unread"
    page = notices_of(session, actor, page_number(request.args.get("page")), only_unread=only_unread)
    rows = [(notice, spoken(notice, current_locale())) for notice in page.items]
    unread = unread_count(session, actor)
    return render_template(
        "notifications/notices.html", page=page, rows=rows, unread=unread, only_unread=only_unread, until=now()
    )


@bp.post("/notices/<int:notice_id>/open")
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Go where a notice leads, and have it read."""
    with action() as act:
        notice = mark_read(act.session, current_actor(), notice_id)
        act.leads_to(request.script_root + spoken(notice, current_locale()).href)
    return act.redirect()


@bp.post("/notices/read")
def read_all() -> ResponseReturnValue:
    """Have everything read."""
    with action() as act:
        mark_all_read(act.session, current_actor(), now())
        act.leads_to(url_for("notifications.notices"))
    return act.redirect()


def _offered(form: PreferencesForm) -> PreferencesForm:
    actor = current_actor()
    return form.offer([(topic.value, TOPIC_NAMES[topic][0]) for topic in CHOICES.get(actor.kind, CHOICES[None])])


def _preferences_page(form: PreferencesForm) -> str:
    has_replies = bool(settings().mail.reply_address)
    has_chat = settings().whatsapp.is_on and current_actor().is_seller
    return render_template(
        "notifications/preferences.html", form=form, names=TOPIC_NAMES, has_replies=has_replies, has_chat=has_chat
    )


@bp.get("/notices/preferences")
def preferences() -> ResponseReturnValue:
    """What comes by mail."""
    actor = current_actor()
    made = choices(db.session(), actor.user_id)
    chosen = [topic.value for topic in CHOICES.get(actor.kind, CHOICES[None]) if is_on(topic, made.get(topic))]
    form = _offered(PreferencesForm(formdata=None, topics=chosen))
    return _preferences_page(form)


@bp.post("/notices/preferences")
def save_preferences() -> ResponseReturnValue:
    """Keep what comes by mail."""
    form = _offered(PreferencesForm())
    if not form.validate():
        return _preferences_page(form), 422
    with action() as act:
        set_preferences(act.session, current_actor(), form.topics.data or [])
        act.leads_to(url_for("notifications.preferences"))
    flash(_("Your choice is kept."), "success")
    return act.redirect()


@bp.post("/notices/reply-addresses")
def renew_addresses() -> ResponseReturnValue:
    """Make one's reply addresses worthless; the next mails bring new ones."""
    with action() as act:
        revoke(act.session, current_actor().user_id)
        act.leads_to(url_for("notifications.preferences"))
    flash(_("Your reply addresses are worthless now. The next mails bring new ones."), "success")
    return act.redirect()


@bp.get("/notices/unsubscribe/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show which mails a link turns off; nothing happens yet."""
    found = links.read_unsubscribe(settings().web.secret_key, token)
    if found is None:
        raise NotFound
    return render_template("notifications/unsubscribe.html", topic=TOPIC_NAMES[found[1]], token=token, is_done=False)


@bp.post("/notices/unsubscribe/<token>")
def turn_off(token: str) -> ResponseReturnValue:
    """Turn the link's mails off."""
    found = links.read_unsubscribe(settings().web.secret_key, token)
    if found is None:
        raise NotFound
    user_id, topic = found
    with action() as act:
        choose(act.session, user_id, topic, False)
    return render_template("notifications/unsubscribe.html", topic=TOPIC_NAMES[topic], token=token, is_done=True)


@bp.get("/mailbox")
def mailbox() -> ResponseReturnValue:
    """The mails of the sample marketplace, which never leave the machine."""
    mail = settings().mail
    mailer = open_mailer(mail.url, mail.sender)
    if not isinstance(mailer, FolderMailer):
        raise NotFound
    to = request.args.get("to", "")[:200]
    return render_template("notifications/mailbox.html", mails=read_mails(mailer.folder, to), to=to)
