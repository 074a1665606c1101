"""Who may use which route: the one table, default deny.

A route that is not listed answers 404 and fails the build. This table is the first of two
checks; which object one may see is decided by the owner check of the query that loads it.
"""

from __future__ import annotations

from enum import StrEnum

from flask import Flask, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.errors import Forbidden, NotFound
from marketplace.kernel.http import actor_or_none
from marketplace.kernel.policy import Actor


class Who(StrEnum):
    """A class of visitors."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    SELLER = "seller"
    BUYER = "buyer"
    PARTNER = "partner"
    CURATOR = "curator"
    OPERATOR = "operator"
    SAMPLE = "sample"  # pages that exist in the sample marketplace only (the mailbox)


PUBLIC = frozenset({Who.PUBLIC})
SIGNED_IN = frozenset({Who.SIGNED_IN})
SELLER = frozenset({Who.SELLER})
BUYER = frozenset({Who.BUYER})
PARTNER = frozenset({Who.PARTNER})
CURATOR = frozenset({Who.CURATOR})
OPERATOR = frozenset({Who.OPERATOR})
STAFF = CURATOR | OPERATOR
TRADERS = SELLER | BUYER
SAMPLE = frozenset({Who.SAMPLE})
# staff pages are not advertised: who may not use them learns nothing
HIDDEN_FROM_OTHERS = STAFF
NEEDS_SECOND_FACTOR = frozenset({Who.CURATOR, Who.OPERATOR, Who.PARTNER})

ACCESS: dict[str, frozenset[Who]] = {
    "static": PUBLIC,
    # --- payments ---
    "payments.stripe_events": PUBLIC,
    "payments.payments": TRADERS | PARTNER,
    "payments.payment": TRADERS | PARTNER,
    "payments.pay_by_card": TRADERS | PARTNER,
    "payments.received": TRADERS | PARTNER,
    "payments.give_back": TRADERS | PARTNER,
    "payments.bank": TRADERS | PARTNER,
    "payments.statement": SELLER | PARTNER,
    "payments.paid_out": PARTNER,
    "payments.settlement": PARTNER,
    "payments.connect": PARTNER,
    # --- web ---
    "compare.compare": PUBLIC,
    "seller_page.seller": PUBLIC,
    "product_page.product": PUBLIC,
    "product_page.preview": SELLER,
    "market_page.choose": PUBLIC,
    "market_page.destination": PUBLIC,
    "market_page.own_markets": SELLER,
    "market_page.own_market": SELLER,
    "home.home": PUBLIC,
    "drawings.drawing": PUBLIC,
    "legal.terms": PUBLIC,
    "legal.privacy": PUBLIC,
    "legal.legal_notice": PUBLIC,
    "legal.how_it_works": PUBLIC,
    "health.healthz": PUBLIC,
    "styleguide.styleguide": PUBLIC,
    "health.readyz": PUBLIC,
    "health.metrics": PUBLIC,
    # --- accounts ---
    "accounts.privacy": SIGNED_IN,
    "accounts.ask_for_own_copy": SIGNED_IN,
    "accounts.copy": SIGNED_IN,
    "accounts.erase": SIGNED_IN,
    "accounts.consented_text": SIGNED_IN,
    "accounts.erasure_begun": PUBLIC,
    "accounts.register": PUBLIC,
    "accounts.registration_sent": PUBLIC,
    "accounts.registration_received": PUBLIC,
    "accounts.confirm_email": PUBLIC,
    "accounts.confirm_email_by_link": PUBLIC,
    "accounts.member_invitation_page": PUBLIC,
    "accounts.join": PUBLIC,
    "accounts.members": SIGNED_IN,
    "accounts.invite_colleague": SIGNED_IN,
    "accounts.give_role": SIGNED_IN,
    "accounts.take_out": SIGNED_IN,
    "accounts.blocks": SIGNED_IN,
    "accounts.block": SIGNED_IN,
    "accounts.lift": SIGNED_IN,
    "accounts.file": SIGNED_IN,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_in_with_password": PUBLIC,
    "accounts.sign_in_code": PUBLIC,
    "accounts.sign_in_with_code": PUBLIC,
    "accounts.sign_out": PUBLIC,
    "accounts.forgot_password": PUBLIC,
    "accounts.send_reset_link": PUBLIC,
    "accounts.reset": PUBLIC,
    "accounts.reset_with_link": PUBLIC,
    "accounts.confirm_email_change": PUBLIC,
    "accounts.change_email_by_link": PUBLIC,
    "accounts.sessions": SIGNED_IN,
    "accounts.end_one_session": SIGNED_IN,
    "accounts.end_other_sessions": SIGNED_IN,
    "accounts.second_factor": SIGNED_IN,
    "accounts.begin_set_up": SIGNED_IN,
    "accounts.second_factor_picture": SIGNED_IN,
    "accounts.confirm_second_factor_set_up": SIGNED_IN,
    "accounts.renew_codes": SIGNED_IN,
    "accounts.turn_off": SIGNED_IN,
    "accounts.password": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.account": SIGNED_IN,
    "accounts.change_own_data": SIGNED_IN,
    "accounts.change_own_phone": SIGNED_IN,
    "accounts.ask_for_email_change": SIGNED_IN,
    "accounts.act_for": SIGNED_IN,
    # --- sellers ---
    "sellers.register_page": PUBLIC,
    "sellers.register_seller": PUBLIC,
    "sellers.invitation": PUBLIC,
    "sellers.accept_invitation": PUBLIC,
    "sellers.profile": SELLER,
    "sellers.change_profile": SELLER,
    "sellers.producer": SELLER,
    "sellers.change_pesantren": SELLER,
    # --- buyers ---
    "buyers.register_page": PUBLIC,
    "buyers.register_buyer": PUBLIC,
    "buyers.company": BUYER,
    "buyers.change_own_company": BUYER,
    # --- catalogue ---
    "catalogue.media": PUBLIC,
    "catalogue.own_list": SELLER,
    "catalogue.choose_commodity": SELLER,
    "catalogue.start_form": SELLER,
    "catalogue.start": SELLER,
    "catalogue.short_address": SELLER,
    "catalogue.product": SELLER,
    "catalogue.submit": SELLER,
    "catalogue.withdraw": SELLER,
    "catalogue.reopen": SELLER,
    "catalogue.delete": SELLER,
    "catalogue.section": SELLER,
    "catalogue.save_section": SELLER,
    "catalogue.photos": SELLER,
    "catalogue.add_photos": SELLER,
    "catalogue.photo": SELLER,
    "catalogue.describe": SELLER,
    "catalogue.certificates": SELLER,
    "catalogue.certificate_form": SELLER,
    "catalogue.add_certificate": SELLER,
    "catalogue.certificate": SELLER,
    "catalogue.change_certificate": SELLER,
    "catalogue.remove_certificate": SELLER,
    "catalogue.import_form": SELLER,
    "catalogue.send_import": SELLER,
    "catalogue.import_review": SELLER,
    "catalogue.bring_in": SELLER,
    "catalogue.import_template": SELLER,
    "catalogue.export_own": SELLER,
    # --- discovery ---
    "discovery.products": PUBLIC,
    "discovery.sellers": PUBLIC,
    "discovery.commodities": PUBLIC,
    "discovery.suggest": PUBLIC,
    "discovery.sitemap_index": PUBLIC,
    "discovery.sitemap_part": PUBLIC,
    "discovery.robots": PUBLIC,
    # --- saved ---
    "saved.searches": SIGNED_IN,
    "saved.new_search": SIGNED_IN,
    "saved.save": SIGNED_IN,
    "saved.search": SIGNED_IN,
    "saved.change": SIGNED_IN,
    "saved.pause": SIGNED_IN,
    "saved.resume": SIGNED_IN,
    "saved.delete": SIGNED_IN,
    "saved.stop_page": PUBLIC,  # by the signed link of a mail
    "saved.stop": PUBLIC,
    "saved.shortlists": SIGNED_IN,
    "saved.make": SIGNED_IN,
    "saved.keep_page": SIGNED_IN,
    "saved.keep": SIGNED_IN,
    "saved.shortlist": SIGNED_IN,
    "saved.rename": SIGNED_IN,
    "saved.note": SIGNED_IN,
    "saved.drop": SIGNED_IN,
    "saved.delete_list": SIGNED_IN,
    "saved.export": SIGNED_IN,
    "saved.share": SIGNED_IN,
    "saved.unshare": SIGNED_IN,
    "saved.shared": PUBLIC,  # by the signed link that its person gave away
    # --- matchmaking ---
    "matchmaking.new_request": PUBLIC,
    "matchmaking.read_words": PUBLIC,
    "matchmaking.preview": PUBLIC,
    "matchmaking.match": BUYER,
    "matchmaking.revise": BUYER,
    "matchmaking.send": BUYER,
    "matchmaking.judge_suggestion": BUYER,
    "matchmaking.further": BUYER,
    "matchmaking.ask_further": BUYER,
    "matchmaking.open_to_all": BUYER,
    "matchmaking.choose_buyer_alerts": BUYER,
    "matchmaking.for_you": SELLER,
    "matchmaking.choose_seller_alerts": SELLER,
    "matchmaking.step_into_request": SELLER,
    "matchmaking.put_request_aside": SELLER,
    "matchmaking.take_request_back": SELLER,
    "matchmaking.model_card": OPERATOR,
    "matchmaking.fit_model": OPERATOR,
    "matchmaking.promote_model": OPERATOR,
    # --- rfqs ---
    "rfqs.inquiry": PUBLIC,
    "rfqs.send_inquiry_form": PUBLIC,
    "rfqs.requests": BUYER,
    "rfqs.rfq": BUYER,
    "rfqs.close": BUYER,
    "rfqs.cancel": BUYER,
    "rfqs.extend": BUYER,
    "rfqs.conversation": BUYER,
    "rfqs.write": BUYER,
    # --- quotes ---
    "quotes.own": SELLER,
    "quotes.own_version": SELLER,
    "quotes.editor": SELLER,
    "quotes.save": SELLER,
    "quotes.preview": SELLER,
    "quotes.send": SELLER,
    "quotes.discard": SELLER,
    "quotes.withdraw": SELLER,
    "quotes.agree": SELLER,
    "quotes.compare": BUYER,
    "quotes.table": BUYER,
    "quotes.quote": BUYER,
    "quotes.version": BUYER,
    "quotes.accept": BUYER,
    "quotes.decline": BUYER,
    "quotes.counter_form": BUYER,
    "quotes.counter": BUYER,
    "quotes.deal": TRADERS,
    # --- orders ---
    "orders.samples": TRADERS | PARTNER | STAFF,
    "orders.ask": BUYER,
    "orders.sample": TRADERS | PARTNER | STAFF,
    "orders.approve": SELLER,
    "orders.decline": SELLER,
    "orders.cancel": BUYER,
    "orders.ship": SELLER,
    "orders.arrived": BUYER,
    "orders.feedback": BUYER,
    "orders.close": SELLER,
    "orders.deals": TRADERS | PARTNER | STAFF,
    "orders.progress": TRADERS | PARTNER | STAFF,
    "orders.report": TRADERS,
    "orders.countersign": TRADERS,
    "orders.plan": SELLER,
    "orders.dispute": TRADERS,
    "orders.dispute_over": TRADERS,
    "orders.cancel_deal": TRADERS,
    "orders.answer_cancel": TRADERS,
    "orders.outcomes": SELLER | PARTNER | STAFF,
    # --- leads ---
    "leads.leads": SELLER,
    "leads.lead_page": SELLER,
    "leads.answer": SELLER,
    "leads.ask": SELLER,
    "leads.decline": SELLER,
    "leads.hand_on": SELLER,
    "leads.assign": SELLER,
    # --- partners ---
    "partner_leads.leads": PARTNER,
    "rescue.waiting": STAFF | PARTNER,
    "rescue.lead": STAFF | PARTNER,
    "rescue.write": STAFF | PARTNER,
    "rescue.release": STAFF | PARTNER,
    "rescue.whatsapp": STAFF,
    "answer_link.show": PUBLIC,
    "answer_link.answer": PUBLIC,
    "partners.distributors": PARTNER,
    "partners.invite": PARTNER,
    "partners.distributor": PARTNER,
    "partners.decide": PARTNER,
    "partners.chapter": PARTNER,
    "partners.apply": PUBLIC,  # by the token of an invitation; acting needs a buyer's account
    "partners.own": BUYER,
    "partners.withdraw": BUYER,
    # --- moderation ---
    "moderation.new_report": PUBLIC,
    "moderation.send_report": SIGNED_IN,
    "moderation.reports": SIGNED_IN,
    "moderation.report": SIGNED_IN,
    "moderation.send_appeal": SIGNED_IN,
    # --- notifications ---
    "notifications.notices": SIGNED_IN,
    "notifications.open_notice": SIGNED_IN,
    "notifications.read_all": SIGNED_IN,
    "notifications.preferences": SIGNED_IN,
    "notifications.save_preferences": SIGNED_IN,
    "notifications.unsubscribe": PUBLIC,
    "notifications.turn_off": PUBLIC,
    "notifications.mailbox": SAMPLE,
    # --- console ---
    "console.payments": STAFF,
    "console.decide_bank": STAFF,
    "console.add_commission": OPERATOR,
    "console.end_commission": OPERATOR,
    "console.curation": CURATOR,
    "console.review": CURATOR,
    "console.decide_listing": CURATOR,
    "console.verify_listed_certificate": CURATOR,
    "console.requests": CURATOR,
    "console.request_to_check": CURATOR,
    "console.decide_request": CURATOR,
    "console.quotes": CURATOR,
    "console.quote": CURATOR,
    "console.decide_quote": CURATOR,
    "console.verification": CURATOR,
    "console.verify_page": CURATOR,
    "console.verify": CURATOR,
    "console.sellers": CURATOR,
    "console.seller": CURATOR,
    "console.decide_seller": CURATOR,
    "console.assign_seller_mentor": CURATOR,
    "console.send_password_link": CURATOR,
    "console.invite_seller_form": CURATOR,
    "console.answer_application": CURATOR,
    "console.send_seller_invitation": CURATOR,
    "console.reports": CURATOR,
    "console.report": CURATOR,
    "console.decide_report": CURATOR,
    "console.decide_appeal": CURATOR,
    "console.messages": CURATOR,
    "console.passed_on": CURATOR,
    "console.dashboard": CURATOR,
    "console.demand": CURATOR,
    "console.vocabulary": OPERATOR,
    "console.name_word": OPERATOR,
    "console.keep_name": OPERATOR,
    "console.remove": OPERATOR,
    "console.people": OPERATOR,
    "console.suspend_person": OPERATOR,
    "console.organisations": OPERATOR,
    "console.suspend_one": OPERATOR,
    "console.chapters": OPERATOR,
    "console.create_chapter": OPERATOR,
    "console.chapter": OPERATOR,
    "console.change_chapter": OPERATOR,
    "console.add_manager": OPERATOR,
    "console.commodities": OPERATOR,
    "console.change_commodity": OPERATOR,
    "console.jobs": OPERATOR,
    "console.retry_job": OPERATOR,
    "console.index": OPERATOR,
    "console.work_on_index": OPERATOR,
    "console.audit": OPERATOR,
}


def classes_of(actor: Actor | None) -> frozenset[Who]:
    """Every class a visitor belongs to; a suspended organisation leaves only the account pages."""
    if actor is None:
        return PUBLIC
    classes = {Who.PUBLIC, Who.SIGNED_IN}
    if actor.is_suspended:
        return frozenset(classes)
    if actor.is_seller:
        classes.add(Who.SELLER)
    if actor.is_buyer:
        classes.add(Who.BUYER)
    if actor.is_partner:
        classes.add(Who.PARTNER)
    if actor.is_curator:
        classes.add(Who.CURATOR)
    if actor.is_operator:
        classes |= {Who.OPERATOR, Who.CURATOR}
    return frozenset(classes)


def check_access(sign_in_endpoint: str, second_factor_path: str, is_sample: bool) -> Response | None:
    """Let the request through, lead it to the sign-in, or refuse it."""
    from flask import url_for

    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself
    allowed = ACCESS.get(request.endpoint)
    if allowed is None:
        raise NotFound
    if Who.PUBLIC in allowed or (Who.SAMPLE in allowed and is_sample):
        return None
    if Who.SAMPLE in allowed:
        raise NotFound
    actor = actor_or_none()
    if actor is None:
        if allowed <= HIDDEN_FROM_OTHERS:
            raise NotFound
        if request.method in {"GET", "HEAD"}:
            wish = request.full_path.rstrip("?") if request.query_string else request.path
            return redirect(url_for(sign_in_endpoint, next=wish), 302)
        raise Forbidden(_("Please sign in first. Nothing was changed."))
    granted = classes_of(actor) & allowed
    if not granted:
        if allowed <= HIDDEN_FROM_OTHERS:
            raise NotFound
        if actor.is_suspended:
            raise Forbidden(_("Your organisation is suspended. You can still read your account and write to us."))
        raise Forbidden(_("Your account cannot do this. It is open to others, such as buyers, sellers or partners."))
    if granted & NEEDS_SECOND_FACTOR and Who.SIGNED_IN not in allowed and not actor.has_second_factor:
        return redirect(request.script_root + second_factor_path, 302)
    return None


def unlisted_endpoints(app: Flask) -> list[str]:
    """Endpoints of ``app`` without an entry, and entries without an endpoint: both must be empty."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(endpoints ^ set(ACCESS))
