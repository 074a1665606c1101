"""What notices about samples and deals say: the goods and what is to be done, never an amount or somebody's words.

Of what a seller types only the carrier's name and the shipment number go along, where they are written plainly.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# what happened to a sample or a deal, as a whole sentence
NEWS: dict[str, Any] = {
    "sample_free": _("%(seller)s sends you a sample of %(product)s. There is nothing to pay."),
    "sample_due": _(
        "%(seller)s agrees to send you a sample of %(product)s. Pay the amount that the page names, and it is sent."
    ),
    "step_by_buyer": _("The buyer says of the deal about %(product)s: “%(step)s”. Look at it and countersign."),
    "step_by_seller": _("%(seller)s says of the deal about %(product)s: “%(step)s”. Look at it and countersign."),
    "step_and_balance": _(
        "%(seller)s says of the deal about %(product)s: “%(step)s”. Look at it and countersign. With this step the "
        "balance is to be paid; the deal's page leads to it."
    ),
    "deposit": _("The deposit for %(product)s is paid. Begin with production, and report each further step."),
    "dispute_by_buyer": _("The buyer disputes the deal about %(product)s. Read why and answer."),
    "dispute_by_seller": _("%(seller)s disputes the deal about %(product)s. Read why and answer."),
    "cancel_by_buyer": _("The buyer asks to cancel the deal about %(product)s. Read why, then agree or say no."),
    "cancel_by_seller": _("%(seller)s asks to cancel the deal about %(product)s. Read why, then agree or say no."),
    "goes_on": _("The dispute about %(product)s is withdrawn, and the deal goes on where it stood."),
    "cancelled": _("The deal about %(product)s is cancelled, as you asked."),
    "kept": _("The other side does not want to cancel the deal about %(product)s (any more). It goes on."),
    "freight_rest_buyer": _(
        "For your score sheet the freight of the sample goes back: %(freight)s. You had %(earlier)s back before, so "
        "%(amount)s goes back now. If the earlier amount was for something else, write to the other side."
    ),
    "freight_done_buyer": _(
        "The freight of the sample, %(freight)s, was promised back for your score sheet. You had %(earlier)s back "
        "before, so nothing more goes back by itself. If that was for something else, write to the other side."
    ),
    "freight_held_buyer": _(
        "The freight of the sample, %(freight)s, was promised back for your score sheet. It does not go back by "
        "itself, because your bank has the payment. Write to the other side about it."
    ),
    "freight_by_bank_buyer": _(
        "The freight of the sample, %(freight)s, was promised back for your score sheet. The seller sends you "
        "%(amount)s by bank transfer and has been told so."
    ),
    "freight_rest_seller": _(
        "The score sheet is there, for which the freight of the sample was promised back: %(freight)s. %(earlier)s had "
        "gone back before, so %(amount)s goes back now. If the earlier amount was for something else, the payment's "
        "page is where more can be given back."
    ),
    "freight_done_seller": _(
        "The score sheet is there, for which the freight of the sample was promised back: %(freight)s. %(earlier)s had "
        "gone back before, so nothing more goes back by itself. If that was for something else, the payment's page is "
        "where more can be given back."
    ),
    "freight_held_seller": _(
        "The score sheet is there, for which the freight of the sample was promised back: %(freight)s. It does not go "
        "back by itself, because the payer's bank has the payment. Write to the buyer about it."
    ),
    "freight_by_bank_seller": _(
        "The score sheet is there, for which the freight of the sample was promised back: %(freight)s. Send %(amount)s "
        "by bank transfer, then note it on the payment's page."
    ),
    "settled": _("The deal about %(product)s is settled: the time to object is over."),
}
CARRIED = _("It goes with %(carrier)s, shipment number %(tracking)s.")
CARRIED_WITHOUT_NUMBER = _("It goes with %(carrier)s.")

# kind -> subject, line, what the one button says
ORDER_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.SAMPLE_ASKED: (
        _("A buyer asks for a sample: %(product)s"),
        _("A buyer asks for a sample of %(product)s. Say whether you send it and at whose cost."),
        _("See the sample"),
    ),
    Kind.SAMPLE_PAID: (
        _("The sample is paid: %(product)s"),
        _("The amount for the sample of %(product)s has arrived. Send it now and note the shipment number."),
        _("See the sample"),
    ),
    Kind.SAMPLE_ARRIVED: (
        _("Your sample has arrived: %(product)s"),
        _("The buyer has the sample of %(product)s in hand. Their feedback comes next."),
        _("See the sample"),
    ),
    Kind.SAMPLE_JUDGED: (
        _("Feedback on your sample: %(product)s"),
        _("The buyer wrote what they think of the sample of %(product)s."),
        _("Read the feedback"),
    ),
    Kind.FREIGHT_BUYER: (_("Freight of your sample: %(product)s"), "%(news)s", _("See the payment")),
    Kind.FREIGHT_SELLER: (_("Freight of a sample: %(product)s"), "%(news)s", _("See the payment")),
    Kind.BALANCE_DUE: (
        _("The balance is due: %(product)s"),
        _("You said of the deal about %(product)s: “%(step)s”. With this step the balance is to be paid."),
        _("See the payment"),
    ),
    Kind.SAMPLE_APPROVED: (
        _("%(seller)s sends you a sample"),
        "%(news)s",
        _("See the sample"),
    ),
    Kind.SAMPLE_DECLINED: (
        _("%(seller)s sends no sample"),
        _("%(seller)s cannot send a sample of %(product)s and named the reason."),
        _("See the reason"),
    ),
    Kind.SAMPLE_SENT: (
        _("Your sample is on its way: %(product)s"),
        _("%(seller)s has sent the sample of %(product)s. %(carriage)s Confirm when it arrives."),
        _("See the sample"),
    ),
    Kind.DEAL_STEP_SELLER: (_("A deal has moved: %(product)s"), "%(news)s", _("See the deal")),
    Kind.DEAL_STEP_BUYER: (_("A deal has moved: %(product)s"), "%(news)s", _("See the deal")),
    Kind.DEAL_STOPPED_SELLER: (_("A deal needs you: %(product)s"), "%(news)s", _("See the deal")),
    Kind.DEAL_STOPPED_BUYER: (_("A deal needs you: %(product)s"), "%(news)s", _("See the deal")),
    Kind.DEAL_CHANGED_SELLER: (_("News of a deal: %(product)s"), "%(news)s", _("See the deal")),
    Kind.DEAL_CHANGED_BUYER: (_("News of a deal: %(product)s"), "%(news)s", _("See the deal")),
}
