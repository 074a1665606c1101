"""Money as staff see it: bank details to check, events that do not match, balances, commission rules."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.console.blueprint import bp
from marketplace.console.payment_forms import BankDecisionForm, CommissionForm
from marketplace.console.seeing import note_seen
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.partners.queries import chapter_names
from marketplace.payments import queries, wording
from marketplace.payments.models import BankAccount, CommissionRule
from marketplace.payments.services import add_commission_rule, decide_bank_account, end_commission_rule
from marketplace.payments.showing import shown_amount


@bp.get("/console/payments")
def payments() -> ResponseReturnValue:
    """Everything about money that waits for staff, and how it stands."""
    note_seen("payments.seen", "payments")
    return _payments_page()


def _payments_page(
    decision: BankDecisionForm | None = None, rule: CommissionForm | None = None, status: int = 200
) -> ResponseReturnValue:
    session, locale = db.session(), current_locale()
    chapters = chapter_names(session)
    registry = load_registry()
    if rule is None:
        rule = CommissionForm(formdata=None, valid_from=today())
    rule.fill_choices(
        chapters, sorted(((c.key, c.name(locale)) for c in registry.commodities.values()), key=lambda p: p[1])
    )
    body = render_template(
        "console/payments.html",
        proposed=queries.proposed_bank_accounts(session),
        suspicious=queries.suspicious_events(session),
        balances=[(one, shown_amount(one.account, one.amount)) for one in queries.balances(session)],
        rules=queries.commission_rules(session),
        chapters=chapters,
        registry=registry,
        locale=locale,
        decision=decision or BankDecisionForm(formdata=None),
        rule=rule,
        wording=wording,
    )
    return body, status


@bp.post("/console/payments/bank/<int:key>")
def decide_bank(key: int) -> ResponseReturnValue:
    """Confirm new bank details after a call, or refuse them with a note."""
    form = BankDecisionForm()
    row = db.session.get(BankAccount, key)
    if row is None:
        raise NotFound
    if not form.validate():
        return _payments_page(decision=form, status=422)
    with action() as act:
        found = act.session.get_one(BankAccount, key, with_for_update=True, populate_existing=True)
        is_confirmed = form.decision.data == "confirm"
        decide_bank_account(act.session, current_actor(), found, is_confirmed, form.note.data or "")
        act.leads_to(url_for("console.payments"))
    flash(_("The decision is written down, and the company is told."), "success")
    return act.redirect()


@bp.post("/console/payments/commission")
def add_commission() -> ResponseReturnValue:
    """A new rule; it holds for deals that are agreed from then on."""
    form = CommissionForm()
    registry = load_registry()
    form.fill_choices(chapter_names(db.session()), [(key, key) for key in registry.commodities])
    if not form.validate():
        return _payments_page(rule=form, status=422)
    with action() as act:
        add_commission_rule(act.session, current_actor(), **form.values())
        act.leads_to(url_for("console.payments"))
    flash(_("The rule is written down. Deals that are agreed already keep theirs."), "success")
    return act.redirect()


@bp.post("/console/payments/commission/<int:key>/end")
def end_commission(key: int) -> ResponseReturnValue:
    """Let a rule end today."""
    with action() as act:
        row = act.session.get(CommissionRule, key, with_for_update=True)
        if row is None:
            raise NotFound
        end_commission_rule(act.session, current_actor(), row)
        act.leads_to(url_for("console.payments"))
    flash(_("The rule ends today."), "success")
    return act.redirect()
