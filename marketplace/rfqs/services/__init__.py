"""Writes on requests, their recipients and conversations."""

from marketplace.rfqs.services.closing import (
    award_request,
    cancel_request,
    close_left_over,
    close_request,
    expire_requests,
    extend_request,
    relabel_unanswered,
)
from marketplace.rfqs.services.conversation import hide_message, mark_read, show_message, write_to_seller
from marketplace.rfqs.services.files import attach_files, detach_file
from marketplace.rfqs.services.kept import drop_old_texts, drop_text, keep_text, kept_text
from marketplace.rfqs.services.opening import approve_request, reinstate_request, reject_request
from marketplace.rfqs.services.rescuing import call_mentors, release_buyer, remind_silent, write_for_programme
from marketplace.rfqs.services.sending import (
    draft_request,
    invite_more,
    send_inquiry,
    send_request,
    update_draft,
)
from marketplace.rfqs.services.statistics import count_answers

__all__ = [
    "approve_request",
    "attach_files",
    "award_request",
    "call_mentors",
    "cancel_request",
    "close_left_over",
    "close_request",
    "count_answers",
    "detach_file",
    "draft_request",
    "drop_old_texts",
    "drop_text",
    "expire_requests",
    "extend_request",
    "hide_message",
    "invite_more",
    "keep_text",
    "kept_text",
    "mark_read",
    "reinstate_request",
    "reject_request",
    "relabel_unanswered",
    "release_buyer",
    "remind_silent",
    "send_inquiry",
    "send_request",
    "show_message",
    "update_draft",
    "write_for_programme",
    "write_to_seller",
]
