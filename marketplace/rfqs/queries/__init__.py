"""Reads of requests, conversations and what can be asked about."""

from marketplace.rfqs.queries.conversation import (
    attachment_for,
    buyer_moments,
    conversation_of,
    evidence_of,
    message_owner,
    messages_of,
    readable_message,
    seller_moments,
)
from marketplace.rfqs.queries.offers import offer_of_product, offer_of_slug, product_titles
from marketplace.rfqs.queries.requests import (
    readable_request,
    request_of,
    requests_of_chapter,
    requests_page,
    requests_to_check,
    unread_from_sellers,
)

__all__ = [
    "attachment_for",
    "buyer_moments",
    "conversation_of",
    "evidence_of",
    "message_owner",
    "messages_of",
    "offer_of_product",
    "offer_of_slug",
    "product_titles",
    "readable_message",
    "readable_request",
    "request_of",
    "requests_of_chapter",
    "requests_page",
    "requests_to_check",
    "seller_moments",
    "unread_from_sellers",
]
