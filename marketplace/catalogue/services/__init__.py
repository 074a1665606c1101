"""Writes of the catalogue, verb first; each takes the session of a transaction and an actor."""

from marketplace.catalogue.services.certificates import (
    add_certificate,
    doubt_certificate,
    edit_certificate,
    expire_certificates,
    remove_certificate,
    verify_certificate,
)
from marketplace.catalogue.services.curation import hide_listing, publish_listing, return_listing, unhide_listing
from marketplace.catalogue.services.drafts import (
    CertificateDraft,
    MarketsDraft,
    MonthDraft,
    OriginDraft,
    PricesDraft,
    ProductStart,
    RegistrationDraft,
    TextDraft,
    TradeDraft,
)
from marketplace.catalogue.services.listing import reopen_listing, submit_listing, withdraw_listing
from marketplace.catalogue.services.photos import add_photo, describe_photo, make_cover, remove_photo
from marketplace.catalogue.services.problems import ListingIncomplete, Unfit
from marketplace.catalogue.services.products import (
    assign_market_partner,
    create_product,
    delete_draft,
    edit_origin,
    edit_specs,
    edit_texts,
    link_certificates,
)
from marketplace.catalogue.services.tariffs import correct_tariff_codes
from marketplace.catalogue.services.trade import edit_calendar, edit_markets, edit_prices, edit_trade

__all__ = [
    "CertificateDraft",
    "ListingIncomplete",
    "MarketsDraft",
    "MonthDraft",
    "OriginDraft",
    "PricesDraft",
    "ProductStart",
    "RegistrationDraft",
    "TextDraft",
    "TradeDraft",
    "Unfit",
    "add_certificate",
    "add_photo",
    "assign_market_partner",
    "correct_tariff_codes",
    "create_product",
    "delete_draft",
    "describe_photo",
    "doubt_certificate",
    "edit_calendar",
    "edit_certificate",
    "edit_markets",
    "edit_origin",
    "edit_prices",
    "edit_specs",
    "edit_texts",
    "edit_trade",
    "expire_certificates",
    "hide_listing",
    "link_certificates",
    "make_cover",
    "publish_listing",
    "remove_certificate",
    "remove_photo",
    "reopen_listing",
    "return_listing",
    "submit_listing",
    "unhide_listing",
    "verify_certificate",
    "withdraw_listing",
]
