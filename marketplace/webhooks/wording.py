"""What kinds of events, states and faults are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.kernel.outlet import Unreachable
from marketplace.webhooks.models import WebhookDelivery
from marketplace.webhooks.rules import TEST, DeliveryState, Happening, OffWhy
from marketplace.webhooks.services.delivering import NO_SECRET, OFF

KIND_NAMES: dict[str, object] = {
    Happening.RFQ_SENT: _("A request was opened"),
    Happening.RFQ_RECEIVED: _("A new lead arrived"),
    Happening.RFQ_ANSWERED: _("A seller answered a request"),
    Happening.RFQ_DECLINED: _("A seller declined a request"),
    Happening.RFQ_HANDED_ON: _("A lead was handed on"),
    Happening.RFQ_QUESTION: _("A seller asked for information"),
    Happening.RFQ_MESSAGE: _("A message was written"),
    Happening.RFQ_CLOSED: _("A request is over"),
    Happening.RFQ_AWARDED: _("A request led to an agreement"),
    Happening.QUOTE_SENT: _("A quote was sent"),
    Happening.QUOTE_COUNTERED: _("A counter-offer was made"),
    Happening.QUOTE_DECLINED: _("A quote was declined"),
    Happening.QUOTE_WITHDRAWN: _("A quote was withdrawn"),
    Happening.QUOTE_ENDING: _("A quote ends in three days"),
    Happening.SAMPLE_ASKED: _("A sample was asked for"),
    Happening.SAMPLE_APPROVED: _("A sample was approved"),
    Happening.SAMPLE_DECLINED: _("A sample was declined"),
    Happening.SAMPLE_PAID: _("A sample was paid"),
    Happening.SAMPLE_SHIPPED: _("A sample is on its way"),
    Happening.SAMPLE_DELIVERED: _("A sample arrived"),
    Happening.SAMPLE_JUDGED: _("A sample was judged"),
    Happening.DEAL_AGREED: _("A deal was agreed"),
    Happening.DEAL_STEP_REPORTED: _("A step of a deal was reported"),
    Happening.DEAL_STEP_COUNTERSIGNED: _("A step of a deal was confirmed"),
    Happening.DEAL_DISPUTED: _("A deal was disputed"),
    Happening.DEAL_DISPUTE_OVER: _("A dispute about a deal ended"),
    Happening.DEAL_CANCELLATION_ASKED: _("Somebody asked to cancel a deal"),
    Happening.DEAL_CANCELLATION_DROPPED: _("A deal goes on after all"),
    Happening.DEAL_CANCELLED: _("A deal was cancelled"),
    Happening.DEAL_SETTLED: _("A deal is settled"),
    TEST: _("Test event"),
}
FAULTS: dict[str, object] = {
    Unreachable.ADDRESS: _("The address cannot be used."),
    Unreachable.NOT_PUBLIC: _("The address leads into a private network."),
    Unreachable.UNKNOWN_NAME: _("The name of the server is unknown."),
    Unreachable.NO_CONNECTION: _("No connection to the server."),
    Unreachable.TLS: _("The server's certificate is not valid for its name, or it speaks no TLS."),
    Unreachable.TIME: _("No answer in ten seconds."),
    Unreachable.NO_HTTP: _("The answer was no HTTP."),
    OFF: _("The address was switched off."),
    NO_SECRET: _("The secret cannot be read any more. Make a new one."),
}
STATES = {
    DeliveryState.WAITING: _("Waits to be sent"),
    DeliveryState.DELIVERED: _("Taken by your server"),
    DeliveryState.GIVEN_UP: _("Could not be delivered"),
}
TONES = {DeliveryState.WAITING: "info", DeliveryState.DELIVERED: "positive", DeliveryState.GIVEN_UP: "critical"}
OFF_REASONS = {
    OffWhy.OWNER: _("Somebody of your organisation switched it off."),
    OffWhy.FAILED: _("It did not take events for three days. Mend your server, then switch it on again."),
    OffWhy.GONE: _("Your server said that this address is gone (410)."),
}


def state_of(delivery: WebhookDelivery) -> str:
    """How a delivery stands."""
    if delivery.state == DeliveryState.WAITING and delivery.tries:
        return str(_("Tried again later"))
    return str(STATES[DeliveryState(delivery.state)])


def outcome_of(delivery: WebhookDelivery) -> str:
    """What came back at the last try: a status with the beginning of the answer, or why there was none."""
    if delivery.fault:
        return str(FAULTS.get(delivery.fault, delivery.fault))
    if delivery.status is None:
        return "–"
    return f"{delivery.status} {delivery.answer}".strip()
