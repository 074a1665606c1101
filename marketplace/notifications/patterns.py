"""What each kind of notice says: the same words on the page, in the mail and in a text to pass on.

A notice says first what happened, then what to do. It carries names of goods and organisations and plain
codes, never what somebody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.introduction_patterns import INTRODUCTION_TEXTS
from marketplace.notifications.mail_patterns import MAIL_TEXTS
from marketplace.notifications.meeting_patterns import MEETING_TEXTS
from marketplace.notifications.offer_patterns import OFFER_TEXTS
from marketplace.notifications.order_patterns import ORDER_TEXTS
from marketplace.notifications.payment_patterns import PAYMENT_TEXTS
from marketplace.notifications.pool_patterns import POOL_TEXTS
from marketplace.notifications.quote_patterns import QUOTE_TEXTS
from marketplace.notifications.rescue_patterns import RESCUE_TEXTS
from marketplace.notifications.review_patterns import REVIEW_TEXTS
from marketplace.notifications.rules import Kind
from marketplace.notifications.standing_patterns import STANDING_TEXTS


@dataclass(frozen=True)
class Pattern:
    """Lazy texts with named places: the subject, the line below it, and what the one button says."""

    subject: Any
    line: Any
    action: Any


PATTERNS: dict[Kind, Pattern] = {
    Kind.VERIFY_EMAIL: Pattern(
        _("Confirm your e-mail address"),
        _(
            "An account was opened with this address. Confirm that it is yours, and you can send requests. "
            "The link is good for three days; if it was not you, do nothing."
        ),
        _("Confirm the address"),
    ),
    Kind.CHANGE_EMAIL: Pattern(
        _("Confirm your new e-mail address"),
        _("You asked to use this address from now on. Confirm it within a day; until then the old one stays."),
        _("Use this address"),
    ),
    Kind.RESET_PASSWORD: Pattern(
        _("Choose a new password"),
        _(
            "Somebody asked for a new password for this account. If it was you, choose one within two hours. "
            "If not, do nothing: your password stays as it is."
        ),
        _("Choose a new password"),
    ),
    Kind.MEMBER_INVITE: Pattern(
        _("You are invited to work for %(organisation)s"),
        _("%(organisation)s would like you to join its account. Accept within seven days."),
        _("Accept the invitation"),
    ),
    Kind.SELLER_INVITE: Pattern(
        _("Your place on Pesantren Souq is ready"),
        _(
            "A curator prepared a place for %(organisation)s. Set a password within fourteen days, "
            "then list your first product."
        ),
        _("Set a password"),
    ),
    Kind.ACCOUNT_EXISTS: Pattern(
        _("You already have an account"),
        _(
            "Somebody tried to register with this address, which has an account already. If it was you, sign in or "
            "choose a new password. If not, do nothing: nobody has seen your account."
        ),
        _("Sign in"),
    ),
    Kind.GUEST_REQUEST: Pattern(
        _("Confirm your request"),
        _(
            "A request was written with this address. Confirm that it is yours within three days, and it goes on its "
            "way. Until then nobody sees it; if it was not you, do nothing, and it is deleted."
        ),
        _("See and confirm the request"),
    ),
    Kind.GUEST_SIGN_IN: Pattern(
        _("A request waits for you"),
        _(
            "A request was written with this address, which has an account. If it was you, sign in within three days "
            "and send it. If not, do nothing: nobody sees it, and it is deleted."
        ),
        _("Sign in and see the request"),
    ),
    Kind.GUEST_SENT: Pattern(
        _("Your request is confirmed: %(request)s"),
        _(
            "Thank you for confirming. By this link you follow your request and write with the sellers, without a "
            "password. Keep this mail to yourself."
        ),
        _("See the request"),
    ),
    Kind.PASSWORD_CHANGED: Pattern(
        _("Your password was changed"),
        _(
            "The password of your account was changed and all other sessions were ended. "
            "If it was not you, choose a new password now."
        ),
        _("Open my account"),
    ),
    Kind.EMAIL_CHANGED: Pattern(
        _("Your e-mail address was changed"),
        _("Your account uses another e-mail address from now on. If it was not you, write to us at once."),
        _("Open my account"),
    ),
    Kind.DATA_READY: Pattern(
        _("The copy of your data is ready"),
        _("Everything we keep about you lies ready as one file. Sign in and fetch it."),
        _("Fetch my data"),
    ),
    Kind.SECOND_FACTOR_ON: Pattern(
        _("Your second factor is on"),
        _(
            "From now on your account asks for a code from your device as well. "
            "If you did not set this up, choose a new password now."
        ),
        _("Open my account"),
    ),
    Kind.SECOND_FACTOR_OFF: Pattern(
        _("Your second factor was turned off"),
        _("Your account no longer asks for a code from your device. If it was not you, choose a new password now."),
        _("Open my account"),
    ),
    Kind.ENDPOINT_OFF: Pattern(
        _("Events no longer reach your server"),
        _(
            "Your server did not take the events that we send to it, so we stopped. Mend it, then switch the address "
            "on again. What happened meanwhile stands on the pages of your requests and deals."
        ),
        _("See the address"),
    ),
    Kind.LEAD_NEW: Pattern(
        _("New lead: %(product)s for %(country)s"),
        _("A buyer asks you about %(product)s. Read the request and answer by %(deadline)s."),
        _("Read and answer"),
    ),
    Kind.LEAD_OVERDUE: Pattern(
        _("The time to answer is over: %(product)s"),
        _(
            "The buyer who asked about %(product)s has had no word from you. "
            "A late answer is still an answer: write now."
        ),
        _("Answer now"),
    ),
    Kind.LEAD_CLOSED: Pattern(
        _("A request is over: %(product)s"),
        _(
            "The request about %(product)s was closed by the buyer or has run out. "
            "There is nothing left to do; the talk stays readable."
        ),
        _("See the lead"),
    ),
    Kind.REQUEST_OPEN: Pattern(
        _("Your request was checked and sent: %(request)s"),
        _("A curator checked your request, and the suppliers you chose have it now. They have three days to answer."),
        _("See the request"),
    ),
    Kind.REQUEST_REJECTED: Pattern(
        _("Your request was not sent: %(request)s"),
        _("A curator checked your request and did not pass it on. The page says why, and what you can do."),
        _("See why"),
    ),
    Kind.REQUEST_ANSWERED: Pattern(
        _("%(seller)s answered your request"),
        _("%(seller)s answered about %(product)s and wants to quote. Read the answer and write back."),
        _("Read the answer"),
    ),
    Kind.REQUEST_DECLINED: Pattern(
        _("%(seller)s cannot take up your request"),
        _("%(seller)s declined your request about %(product)s and named the reason. You can ask others."),
        _("See the reason"),
    ),
    Kind.REQUEST_UNANSWERED: Pattern(
        _("%(seller)s has not answered in time"),
        _("%(seller)s has not answered about %(product)s within three days. You can wait, or ask another supplier."),
        _("See the request"),
    ),
    Kind.REQUEST_EXPIRED: Pattern(
        _("Your request has run out: %(request)s"),
        _("The closing date of your request has passed. Suppliers who wanted to quote can still write to you."),
        _("See the request"),
    ),
    Kind.REQUEST_QUESTION: Pattern(
        _("%(seller)s has a question about your request"),
        _("%(seller)s needs to know more about %(product)s before quoting. Answer, and the clock goes on."),
        _("Answer the question"),
    ),
    Kind.REQUEST_HANDED_ON: Pattern(
        _("Your request was handed on to %(seller)s"),
        _("The supplier you asked about %(product)s handed your request on to %(seller)s, who offers the same goods."),
        _("See the request"),
    ),
    Kind.MESSAGE_TO_BUYER: Pattern(
        _("New message from %(seller)s"),
        _("%(seller)s wrote to you about %(product)s. Read the message and answer."),
        _("Read the message"),
    ),
    Kind.MESSAGE_TO_SELLER: Pattern(
        _("New message from a buyer: %(product)s"),
        _("A buyer wrote to you about %(product)s. Read the message and answer."),
        _("Read the message"),
    ),
    Kind.LISTING_PUBLISHED: Pattern(
        _("Your product is listed: %(product)s"),
        _("A curator checked %(product)s, and buyers can find it now. Look at the page as they see it."),
        _("See the product"),
    ),
    Kind.LISTING_RETURNED: Pattern(
        _("Your product needs another look: %(product)s"),
        _("A curator looked at %(product)s and left notes. Mend what they name and send it in again."),
        _("Read the notes"),
    ),
    Kind.CERTIFICATE_ENDING: Pattern(
        _("A certificate ends soon: %(certificate)s"),
        _("%(certificate)s ends on %(date)s. Add the new one in time, or its badge disappears that day."),
        _("Add the new certificate"),
    ),
    Kind.CERTIFICATE_EXPIRED: Pattern(
        _("A certificate has ended: %(certificate)s"),
        _("%(certificate)s has ended, so your products no longer show it. Add the new one to bring the badge back."),
        _("Add the new certificate"),
    ),
    Kind.ORGANISATION_VERIFIED: Pattern(
        _("%(organisation)s: your verification has changed"),
        _("The programme checked %(organisation)s. Your level is now “%(level)s”, and others see it with the date."),
        _("See what others see"),
    ),
    Kind.ORGANISATION_SUSPENDED: Pattern(
        _("%(organisation)s is suspended"),
        _(
            "The programme took %(organisation)s off the market. You can still sign in, read your account "
            "and write to us; the address stands in the legal notice."
        ),
        _("Open my account"),
    ),
    Kind.ORGANISATION_BACK: Pattern(
        _("%(organisation)s is back on the market"),
        _("The programme let %(organisation)s back. Sign in and go on where you left off."),
        _("Open my account"),
    ),
    Kind.SELLER_CURATED: Pattern(
        _("%(organisation)s: your place on the market has changed"),
        _("The programme looked at your place on the market. It now says “%(curation)s”. See what comes next."),
        _("See what comes next"),
    ),
    Kind.DISTRIBUTOR_INVITED: Pattern(
        _("%(organisation)s invites you to become a distributor"),
        _(
            "%(organisation)s would like to work with your company on Pesantren Souq. "
            "Open the link and apply with your company's data."
        ),
        _("Read the invitation"),
    ),
    Kind.DISTRIBUTOR_APPLIED: Pattern(
        _("%(organisation)s applied as a distributor"),
        _("%(organisation)s sent an application to your chapter. Review it and decide, or ask for more."),
        _("Review the application"),
    ),
    Kind.APPLICATION_NEEDS_INFO: Pattern(
        _("%(organisation)s needs to know more"),
        _("%(organisation)s read your application and has a question. Answer it and send the application again."),
        _("Open the application"),
    ),
    Kind.APPLICATION_APPROVED: Pattern(
        _("You are a distributor of %(organisation)s"),
        _("%(organisation)s approved your application. You can send requests to suppliers now."),
        _("Send a first request"),
    ),
    Kind.APPLICATION_REFUSED: Pattern(
        _("%(organisation)s did not take up your application"),
        _("%(organisation)s decided against your application and wrote down why. You may apply again."),
        _("Read the reason"),
    ),
    Kind.REPORT_DECIDED: Pattern(
        _("Your report was decided"),
        _("A curator decided on your report and left a note. If you disagree, you can ask for a second look."),
        _("Read the decision"),
    ),
    Kind.REPORT_ABOUT_YOU: Pattern(
        _("A report about your organisation was decided"),
        _(
            "A curator decided on a report about something of yours and left a note. "
            "If you disagree, you can ask for a second look."
        ),
        _("Read the decision"),
    ),
    Kind.APPEAL_DECIDED: Pattern(
        _("The second look is done"),
        _("Another curator looked at the decision again and left a note. This decision is final."),
        _("Read the decision"),
    ),
    Kind.REQUEST_SUPPLIER: Pattern(
        _("A supplier for your request: %(goods)s"),
        _("Your open request for %(goods)s can be served now by %(sellers)s. Look at the offer and ask, if it suits."),
        _("See the offer"),
    ),
    Kind.REQUESTS_FOR_YOU: Pattern(
        _("New requests for you: %(goods)s"),
        _(
            "Buyers from %(countries)s look for %(goods)s and have not chosen a seller yet. "
            "Answer first, and the buyer hears from you first."
        ),
        _("See the requests"),
    ),
    Kind.SAVED_SEARCH_FOUND: Pattern(
        _("New for your saved search “%(search)s”"),
        _("Now on the market: %(products)s."),
        _("See what is new"),
    ),
    Kind.QUEUE_REQUEST: Pattern(
        _("A request waits to be checked"),
        _("A buyer who is not yet verified sent a request. Check it within a day."),
        _("Check the request"),
    ),
    Kind.QUEUE_SELLER: Pattern(
        _("A pesantren has registered: %(organisation)s"),
        _("%(organisation)s applied for a place on the market. Get in touch and look at it."),
        _("See the application"),
    ),
    Kind.QUEUE_REPORT: Pattern(
        _("Something was reported"),
        _("A report waits for a decision. Read it and answer within two working days."),
        _("Read the report"),
    ),
    Kind.QUEUE_APPEAL: Pattern(
        _("A second look is asked for"),
        _("A decision on a report was appealed. Somebody else than the first curator looks again."),
        _("Read the appeal"),
    ),
    **{kind: Pattern(*texts) for kind, texts in INTRODUCTION_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in MAIL_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in QUOTE_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in POOL_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in ORDER_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in RESCUE_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in PAYMENT_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in OFFER_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in REVIEW_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in STANDING_TEXTS.items()},
    **{kind: Pattern(*texts) for kind, texts in MEETING_TEXTS.items()},
}
