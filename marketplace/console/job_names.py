"""What each kind of queued work does, in words an operator reads; the key is the job's own name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

JOB_NAMES: Mapping[str, object] = MappingProxyType(
    {
        "accounts.erase": _("Erase a person's data"),
        "accounts.export": _("Put together a copy of a person's data"),
        "accounts.lapse": _("End verifications that are overdue"),
        "accounts.tidy": _("Clear out old sessions and links"),
        "catalogue.delete_document": _("Delete the document of a removed certificate"),
        "catalogue.delete_files": _("Delete pictures that are no longer shown"),
        "catalogue.expire_certificates": _("See which certificates begin or end"),
        "catalogue.forget_imports": _("Delete uploaded tables nobody brought in"),
        "closures.clock": _("Begin and end closed days of sellers"),
        "console.check_index": _("Compare the search index with the data"),
        "console.rebuild_index": _("Write the search index anew"),
        "discovery.ask_for_vectors": _("See whether similar goods must be learnt anew"),
        "discovery.check": _("Daily check of the search index"),
        "discovery.fill_index": _("Fill the search index"),
        "discovery.look_after_index": _("See whether the search index is complete"),
        "discovery.look_after_vectors": _("Learn which goods are similar"),
        "discovery.read_listings_anew": _("Index products anew after a change of vocabulary"),
        "discovery.refresh_index": _("Bring changes into the search index"),
        "discovery.scrub_index": _("Take erased words out of the search index"),
        "documents.forget": _("Take addresses out of old documents"),
        "documents.make_paper": _("Draw up a document as PDF"),
        "kernel.leftovers": _("Delete files that belong to nothing"),
        "kernel.upkeep": _("Upkeep of the database"),
        "matchmaking.ask_for_near": _("See whether the index of near offers must be filled"),
        "matchmaking.compare_weights": _("Compare weights of matching"),
        "matchmaking.fit_request": _("Match a request"),
        "matchmaking.fit_requests": _("Match all live requests"),
        "matchmaking.learn_weights": _("Learn weights of matching"),
        "matchmaking.look_after_model": _("See whether the matching model can be used"),
        "matchmaking.look_after_near": _("Fill the index of near offers"),
        "matchmaking.refit": _("Fit the matching model anew"),
        "matchmaking.refresh_near": _("Bring changes into the index of near offers"),
        "matchmaking.tell": _("Tell buyers and sellers of new matches"),
        "meetings.clock": _("Remind of meetings at fairs and end those nobody can hold"),
        "memberships.clock": _("Look after memberships that end"),
        "notifications.deliver": _("Send a mail"),
        "notifications.read_mail": _("Take in mails that answer a conversation"),
        "notifications.tidy": _("Forget old notices"),
        "notifications.tidy_addresses": _("Forget reply addresses that ran out"),
        "offers.clock": _("Open and end offers of a lot"),
        "orders.clock": _("Look after deadlines of deals and samples"),
        "partners.end_introductions": _("Close introductions nobody answered"),
        "payments.apply_event": _("Book what the card company reports"),
        "payments.open_card_page": _("Open a card payment page"),
        "payments.send_refund": _("Have a payment refunded"),
        "quotes.clock": _("Look after the validity of quotes"),
        "rfqs.answer_statistics": _("Count how fast sellers answer"),
        "rfqs.expire": _("Look after deadlines of requests and leads"),
        "rfqs.tidy": _("Forget drafts that visitors left"),
        "saved.alert": _("Tell people what is new for saved searches"),
        "saved.begin_day": _("Look up certificates that begin today for saved searches"),
        "saved.learn": _("Look through older products for saved searches"),
    }
)
