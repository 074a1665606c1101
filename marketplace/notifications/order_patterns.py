"""What notices about samples and deals say: the goods and the step, never an amount or somebody's words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

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
    Kind.SAMPLE_APPROVED: (
        _("%(seller)s sends you a sample"),
        _("%(seller)s approved the sample of %(product)s. Open it to see whether something is to be paid."),
        _("See the sample"),
    ),
    Kind.SAMPLE_DECLINED: (
        _("%(seller)s sends no sample"),
        _("%(seller)s cannot send a sample of %(product)s and named the reason."),
        _("See the reason"),
    ),
    Kind.SAMPLE_SENT: (
        _("Your sample is on its way: %(product)s"),
        _("%(seller)s has sent the sample of %(product)s. Confirm when it arrives."),
        _("See the sample"),
    ),
    Kind.DEAL_STEP_SELLER: (
        _("A deal has moved: %(product)s"),
        _("The buyer reported a step of the deal about %(product)s. Look at it and countersign."),
        _("See the deal"),
    ),
    Kind.DEAL_STEP_BUYER: (
        _("A deal has moved: %(product)s"),
        _("%(seller)s reported a step of the deal about %(product)s. Look at it and countersign."),
        _("See the deal"),
    ),
    Kind.DEAL_STOPPED_SELLER: (
        _("A deal needs you: %(product)s"),
        _("The buyer disputes the deal about %(product)s or asks to cancel it. Read why and answer."),
        _("See the deal"),
    ),
    Kind.DEAL_STOPPED_BUYER: (
        _("A deal needs you: %(product)s"),
        _("%(seller)s disputes the deal about %(product)s or asks to cancel it. Read why and answer."),
        _("See the deal"),
    ),
    Kind.DEAL_CHANGED_SELLER: (
        _("News of a deal: %(product)s"),
        _("A dispute, a cancellation or the settlement of the deal about %(product)s is decided. See how it stands."),
        _("See the deal"),
    ),
    Kind.DEAL_CHANGED_BUYER: (
        _("News of a deal: %(product)s"),
        _("A dispute, a cancellation or the settlement of the deal about %(product)s is decided. See how it stands."),
        _("See the deal"),
    ),
}
