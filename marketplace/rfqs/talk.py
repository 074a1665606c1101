"""A conversation as its reader sees it: the phrase bank in their language, figures in their manner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from marketplace.i18n import formats
from marketplace.rfqs.figures.showing import marked
from marketplace.rfqs.phrases.parts import Said, has_sentences, read_parts
from marketplace.rfqs.queries.conversation import Heard, SaidMessage
from marketplace.rfqs.rules import HeardBy, Side
from marketplace.rfqs.showing import language_name, language_tag
from marketplace.rfqs.wording import HIDDEN_CONTACTS, SIDES, WRITERS


def bubbles(
    messages: Sequence[SaidMessage],
    own: Side,
    other: str,
    *,
    locale: str,
    zone: str,
    goods: Mapping[str, str] | None = None,
    read_at: datetime | None = None,
    closed_files: bool = False,
) -> list[dict[str, Any]]:
    """Messages for the conversation; ``other`` names the other side, ``closed_files`` hides its papers for now.

    ``goods`` names the lines of the request for the reader; ``read_at`` is when the other side read last.
    """
    shown = [_bubble(one, own, other, locale, zone, closed_files, goods or {}) for one in messages]
    read = [
        place for place, one in enumerate(messages) if one.side is own and read_at is not None and one.at <= read_at
    ]
    if read and read_at is not None:  # said once, under the last message that was read
        shown[read[-1]]["read"] = _("Read %(when)s", when=formats.format_datetime(read_at, locale, zone))
    return shown


def _bubble(
    one: SaidMessage, own: Side, other: str, locale: str, zone: str, closed_files: bool, goods: Mapping[str, str]
) -> dict[str, Any]:
    is_own = one.side is own
    are_closed = closed_files and not is_own and bool(one.files)
    said = read_parts(one.parts, locale, goods)
    is_translated = said is not None and one.language != locale and has_sentences(one.parts)
    note = ""
    if one.is_hidden:
        note = _("This message was taken away after a report.")
    elif are_closed:
        count = len(one.files)
        note = ngettext(
            "%(num)s document: it opens once you have answered.",
            "%(num)s documents: they open once you have answered.",
            count,
        )
    elif is_translated:
        note = _("From the phrase bank, in your language")
    elif not is_own and one.language != locale:
        note = _("Written in %(language)s", language=language_name(one.language))
    return {
        "id": f"message-{one.id}",
        "key": one.id,
        "author": (one.author or _("You")) if is_own else _author(one, other),
        "can_be_reported": not is_own and not one.is_hidden and one.side is not Side.PROGRAMME,
        "when": formats.format_datetime(one.at, locale, zone),
        "iso": one.at.isoformat(),
        "text": body_of(one, said, locale),
        "is_own": is_own,
        "is_hidden": one.is_hidden,
        "lang": language_tag(locale if is_translated else one.language),
        "note": note,
        "heard": heard_words(one.heard, locale) if one.heard is not None and not one.is_hidden else "",
        "written": _written(one) if is_translated else None,
        "is_from_bank": said is not None and not is_translated and has_sentences(one.parts),
        "read": "",
        "contacts": str(HIDDEN_CONTACTS[one.why_hidden, is_own]) if one.why_hidden else "",
        "files": [] if are_closed else [(name, f"/files/{key}") for name, key in one.files],
    }


def body_of(one: SaidMessage, said: Sequence[Said] | None, locale: str) -> Markup:
    """The message's text for a reader, escaped, with its figures marked."""
    if said is None:
        return marked(one.text, one.language, locale)
    lines = [
        escape(piece.text) if piece.is_sentence else _own_words(piece.text, one.language, locale) for piece in said
    ]
    return Markup("\n").join(lines)


def _own_words(text: str, language: str, locale: str) -> Markup:
    return Markup('<span lang="{}">{}</span>').format(language_tag(language), marked(text, language, locale))


def _written(one: SaidMessage) -> dict[str, str]:
    """What the writer wrote, in the writer's language."""
    return {
        "label": _("As written, in %(language)s", language=language_name(one.language)),
        "text": one.text,
        "lang": language_tag(one.language),
    }


def heard_words(heard: Heard, locale: str) -> str:
    """Where an answer came from that was not written here, and who put it down."""
    day = formats.format_date(heard.on, locale)
    if heard.channel is HeardBy.WHATSAPP:
        said = (
            _("By WhatsApp from %(who)s, %(day)s.", who=heard.by, day=day)
            if heard.by
            else _("By WhatsApp, %(day)s.", day=day)
        )
    else:
        said = (
            _("By telephone from %(who)s, %(day)s.", who=heard.by, day=day)
            if heard.by
            else _("By telephone, %(day)s.", day=day)
        )
    return " ".join(filter(None, (said, str(WRITERS.get(heard.written_by, "")))))


def _author(one: SaidMessage, other: str) -> str:
    return str(SIDES[Side.PROGRAMME]) if one.side is Side.PROGRAMME else other
