"""The texts people agree to, in plain words, translated like every other text of the site.

A change of meaning raises the document's version in `rules.DOCUMENT_VERSIONS`; the words somebody agreed
to stay readable in the table `legal_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.accounts.rules import Document
from marketplace.i18n.translations import speaking

Text = Any  # a lazily translated string


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs."""

    title: Text
    paragraphs: tuple[Text, ...]


TERMS = (
    Section(
        _("What this marketplace is"),
        (
            _(
                "Pesantren Souq shows goods of Indonesian pesantren to companies abroad and brings both sides into "
                "conversation. It is no party to their contracts: who sells and who buys is written on every offer."
            ),
            _("It is meant for businesses. Whoever registers acts for an organisation and may speak for it."),
        ),
    ),
    Section(
        _("Your account"),
        (
            _(
                "Give true names and addresses, keep your password to yourself, and tell us when somebody else may "
                "know it. What is done with your account counts as done by you until you have told us."
            ),
            _("Curators, partners and operators use a second factor besides the password."),
        ),
    ),
    Section(
        _("What sellers promise"),
        (
            _(
                "Offers are true and kept up to date: origin, composition, capacity, prices and certificates. A claim "
                "such as organic or halal needs a valid certificate that can be shown."
            ),
            _("Goods that may not be exported from Indonesia or imported where they are sent are not offered."),
        ),
    ),
    Section(
        _("What buyers promise"),
        (
            _(
                "Requests are meant seriously and say truly who asks. What a seller writes in confidence, prices above "
                "all, is not passed on to competitors."
            ),
        ),
    ),
    Section(
        _("Checking"),
        (
            _(
                "Curators check offers before they are shown and organisations at the levels that we describe under "
                "“How checking works”. A level says what was seen, by whom and when. It is no guarantee, and it cannot "
                "be bought."
            ),
        ),
    ),
    Section(
        _("What is not allowed"),
        (
            _(
                "False claims, goods one has no right to sell, unwanted advertising, insults, collecting other "
                "people's data, and attempts to get at what is not meant for one."
            ),
            _(
                "Anybody can report a listing or message. Curators decide, tell both sides why, and another curator "
                "looks at every appeal."
            ),
        ),
    ),
    Section(
        _("Your content"),
        (
            _(
                "Texts and pictures remain yours. You allow us to show them here, in all our languages and in "
                "catalogues of the programme, as long as the offer is listed."
            ),
        ),
    ),
    Section(
        _("Liability"),
        (
            _(
                "We run the marketplace with care and answer for intent and gross neglect. We do not answer for what "
                "buyers and sellers agree, nor for goods, payment or delivery."
            ),
        ),
    ),
    Section(
        _("The end"),
        (
            _(
                "You can close your account at any time on the privacy page. We can suspend an account that breaks "
                "these terms; we say why and hear your side."
            ),
            _("When these terms change, we tell you thirty days before and ask for your agreement again."),
        ),
    ),
)
PRIVACY = (
    Section(
        _("What we keep"),
        (
            _(
                "About people: name, e-mail address or telephone number, language, time zone, the password as a "
                "fingerprint that cannot be turned back, and when and on what kind of device somebody signed in."
            ),
            _(
                "About organisations: name, place, registration number, website, documents handed in for checking, "
                "and what was checked."
            ),
            _("About trade: requests, messages, answers and their times."),
        ),
    ),
    Section(
        _("What we do not do"),
        (
            _(
                "No advertising, no tracking by third parties, no sale of data, no files from other sites. The only "
                "cookies are those for signing in, for the language and for light or dark colours."
            ),
        ),
    ),
    Section(
        _("Why we may"),
        (
            _(
                "To carry out what you asked for when you registered (contract), to keep the marketplace honest and "
                "safe (legitimate interest), where the law asks for it, and for the rest with your consent."
            ),
        ),
    ),
    Section(
        _("Who sees what"),
        (
            _(
                "Sellers see a buyer's country, trade and level of checking at first, and the name once they have "
                "committed themselves to answer. Buyers see what a seller's public page shows."
            ),
            _(
                "A chapter sees the distributors it brought and their requests. Curators see what they check and what "
                "is reported. Reading documents is written down: who, what and when."
            ),
        ),
    ),
    Section(
        _("Where it is kept"),
        (
            _(
                "On servers of the operator named in the legal notice. Pesantren, curators and partners read it where "
                "they are: in Indonesia and in the countries of the chapters. You agree to this separately."
            ),
        ),
    ),
    Section(
        _("How long"),
        (
            _(
                "As long as the account exists. Sessions end after thirty days, links after hours or days, an address "
                "that nobody confirmed is forgotten after a month."
            ),
            _(
                "When you erase your account, your name, addresses and documents go within 72 hours. Messages to "
                "others stay as messages of your organisation without your name; accounting papers stay as long as "
                "the law asks."
            ),
        ),
    ),
    Section(
        _("Your rights"),
        (
            _(
                "See and copy your data, correct them, have them erased, take them elsewhere, object, and withdraw a "
                "consent. You do all of this yourself on the privacy page of your account, and we finish within 72 "
                "hours, which is the shortest term in the laws of Indonesia, the European Union and China."
            ),
            _("You can also complain to the authority where you live."),
        ),
    ),
    Section(
        _("If something goes wrong"),
        (
            _(
                "If data reach somebody they are not meant for, we tell the people concerned and the authority within "
                "72 hours: what happened, what it means, and what we do about it."
            ),
        ),
    ),
)
TRANSFER = (
    Section(
        _("Data across borders"),
        (
            _(
                "Trade between a pesantren and a buyer abroad means that names, business addresses and messages cross "
                "borders: to Indonesia, where sellers and curators work, and to the countries of buyers and chapters."
            ),
            _(
                "The laws there may protect data less than those where you live. We pass on only what the other side "
                "needs to answer, and only after you have sent a request, an offer or a message."
            ),
            _("You can withdraw this consent. As the marketplace cannot work without it, your account is then erased."),
        ),
    ),
)
SECTIONS: dict[Document, tuple[Section, ...]] = {
    Document.TERMS: TERMS,
    Document.PRIVACY: PRIVACY,
    Document.TRANSFER: TRANSFER,
}
TITLES: dict[Document, Text] = {
    Document.TERMS: _("Terms"),
    Document.PRIVACY: _("Privacy"),
    Document.TRANSFER: _("Data across borders"),
}


def legal_text(document: Document, locale: str) -> str:
    """The whole of a document as plain text in one language, as it is kept beside a consent."""
    with speaking(locale):
        parts = [str(TITLES[document])]
        for section in SECTIONS[document]:
            parts += [str(section.title), *(str(paragraph) for paragraph in section.paragraphs)]
    return "\n\n".join(parts)
