"""Where each kind of person can go from the side of their pages."""

from __future__ import annotations

from flask_babel import lazy_gettext

from marketplace.kernel.policy import Actor

Place = tuple[str, str]
SELLER: tuple[Place, ...] = (
    (lazy_gettext("Leads"), "/leads"),
    (lazy_gettext("Requests for you"), "/selling/requests"),
    (lazy_gettext("Shares in pools"), "/pools"),
    (lazy_gettext("Samples"), "/samples"),
    (lazy_gettext("Deals"), "/deals"),
    (lazy_gettext("Our products"), "/selling/products"),
    (lazy_gettext("Offers"), "/selling/offers"),
    (lazy_gettext("Certificates"), "/selling/certificates"),
    (lazy_gettext("Reviews of buyers"), "/selling/reviews"),
    (lazy_gettext("Our standing"), "/selling/standing"),
    (lazy_gettext("Payments"), "/payments"),
    (lazy_gettext("Meetings at fairs"), "/meetings"),
    (lazy_gettext("Memberships"), "/memberships"),
    (lazy_gettext("Closed days"), "/selling/closures"),
    (lazy_gettext("Our profile"), "/selling/profile"),
    (lazy_gettext("Notices"), "/notices"),
    (lazy_gettext("Account"), "/account"),
)
BUYER: tuple[Place, ...] = (
    (lazy_gettext("My requests"), "/requests"),
    (lazy_gettext("New request"), "/requests/new"),
    (lazy_gettext("Offers for you"), "/offers"),
    (lazy_gettext("Samples"), "/samples"),
    (lazy_gettext("Deals"), "/deals"),
    (lazy_gettext("Our reviews"), "/reviews"),
    (lazy_gettext("Payments"), "/payments"),
    (lazy_gettext("Meetings at fairs"), "/meetings"),
    (lazy_gettext("Memberships"), "/memberships"),
    (lazy_gettext("Saved searches"), "/saved-searches"),
    (lazy_gettext("Shortlists"), "/shortlists"),
    (lazy_gettext("Company"), "/buying/company"),
    (lazy_gettext("Notices"), "/notices"),
    (lazy_gettext("Account"), "/account"),
)
PARTNER: tuple[Place, ...] = (
    (lazy_gettext("Distributors"), "/partner/distributors"),
    (lazy_gettext("Introductions"), "/partner/introductions"),
    (lazy_gettext("Territories"), "/partner/territories"),
    (lazy_gettext("Opportunities"), "/partner/opportunities"),
    (lazy_gettext("Leads of our distributors"), "/partner/leads"),
    (lazy_gettext("Pools we coordinate"), "/partner/pools"),
    (lazy_gettext("Fairs"), "/partner/fairs"),
    (lazy_gettext("Samples"), "/samples"),
    (lazy_gettext("Deals"), "/deals"),
    (lazy_gettext("Outcomes"), "/outcomes"),
    (lazy_gettext("Payments"), "/payments"),
    (lazy_gettext("Memberships"), "/partner/memberships"),
    (lazy_gettext("Leads without an answer"), "/partner/waiting-leads"),
    (lazy_gettext("Our chapter"), "/partner/chapter"),
    (lazy_gettext("Saved searches"), "/saved-searches"),
    (lazy_gettext("Shortlists"), "/shortlists"),
    (lazy_gettext("Notices"), "/notices"),
    (lazy_gettext("Account"), "/account"),
)
CURATOR: tuple[Place, ...] = (
    (lazy_gettext("Overview"), "/console"),
    (lazy_gettext("Curation"), "/console/curation"),
    (lazy_gettext("Requests to check"), "/console/requests"),
    (lazy_gettext("Quotes to read"), "/console/quotes"),
    (lazy_gettext("Samples"), "/console/samples"),
    (lazy_gettext("Deals"), "/console/deals"),
    (lazy_gettext("Outcomes"), "/console/outcomes"),
    (lazy_gettext("Fairs"), "/console/fairs"),
    (lazy_gettext("Leads without an answer"), "/console/waiting-leads"),
    (lazy_gettext("Verification"), "/console/verification"),
    (lazy_gettext("Sellers"), "/console/sellers"),
    (lazy_gettext("Standing of sellers"), "/console/standing"),
    (lazy_gettext("Reports"), "/console/reports"),
    (lazy_gettext("Reviews of buyers"), "/console/reviews"),
    (lazy_gettext("Payments"), "/console/payments"),
    (lazy_gettext("Unmet demand"), "/console/demand"),
    (lazy_gettext("Messages to pass on"), "/console/messages"),
    (lazy_gettext("Notices"), "/notices"),
    (lazy_gettext("Account"), "/account"),
)
OPERATOR: tuple[Place, ...] = (
    (lazy_gettext("People"), "/console/people"),
    (lazy_gettext("Organisations"), "/console/organisations"),
    (lazy_gettext("Chapters"), "/console/chapters"),
    (lazy_gettext("Commodities"), "/console/commodities"),
    (lazy_gettext("Jobs"), "/console/jobs"),
    (lazy_gettext("Search index"), "/console/index"),
    (lazy_gettext("Lexicon"), "/console/vocabulary"),
    (lazy_gettext("Matching"), "/console/matching"),
    (lazy_gettext("Audit trail"), "/console/audit"),
)
PERSON: tuple[Place, ...] = (
    (lazy_gettext("Notices"), "/notices"),
    (lazy_gettext("Account"), "/account"),
)


def places_for(actor: Actor | None) -> tuple[Place, ...]:
    """Label and local path of each place ``actor`` can go to."""
    if actor is None:
        return ()
    if actor.is_operator:
        return CURATOR[:-2] + OPERATOR + CURATOR[-2:]
    if actor.is_curator:
        return CURATOR
    if actor.is_seller:
        return SELLER
    if actor.is_buyer:
        return BUYER
    if actor.is_partner:
        return PARTNER
    return PERSON
