"""T28: the guards of the site, each with the words that make it and the tests that must turn red without it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """``text`` of the file at ``path`` is the guard, ``instead`` what stands there without it."""

    name: str
    path: str
    text: str
    instead: str
    tests: tuple[str, ...]

    @property
    def module(self) -> str:
        """The module's name."""
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


APP = "tests/app/test_"
GUARDS: tuple[Guard, ...] = (
    Guard(
        "who may use a route",
        "marketplace/admission.py",
        "    granted = classes_of(actor) & allowed\n",
        "    granted = allowed\n",
        (f"{APP}access_matrix.py::test_whoever_may_not_changes_nothing[buyer]",),
    ),
    Guard(
        "visitors are led to the sign-in",
        "marketplace/admission.py",
        "    if actor is None:\n",
        "    if actor is None and False:\n",
        (f"{APP}access_matrix.py::test_whoever_may_not_changes_nothing[visitor]",),
    ),
    Guard(
        "a route without a class stops the start",
        "marketplace/admission.py",
        "    return sorted(endpoints ^ set(ACCESS))\n",
        "    return []\n",
        ("tests/architecture/test_access.py::test_t1_a_route_without_a_class_stops_the_start",),
    ),
    Guard(
        "a route that is not listed is refused",
        "marketplace/admission.py",
        "    if allowed is None:\n        raise NotFound\n",
        "    if allowed is None:\n        return None\n",
        ("tests/architecture/test_access.py::test_an_unlisted_route_answers_like_a_missing_one",),
    ),
    Guard(
        "decisions of policies",
        "marketplace/kernel/policy.py",
        "    if decision.is_allowed:\n        return\n",
        "    return\n",
        (f"{APP}accounts_documents.py::test_who_reads_a_document",),
    ),
    Guard(
        "owner of a document",
        "marketplace/accounts/policies.py",
        "    if actor.organisation_id == row.organisation_id:\n        return ALLOWED\n",
        "    if actor.organisation_id != 0:\n        return ALLOWED\n",
        (f"{APP}accounts_documents.py::test_who_reads_a_document",),
    ),
    Guard(
        "owner of a request",
        "marketplace/rfqs/policies.py",
        "    return false() if owner is None else Rfq.buyer_id == owner\n",
        "    return false() if owner is None else Rfq.buyer_id == Rfq.buyer_id\n",
        (
            f"{APP}rfqs_policies.py::test_nobody_else_acts_on_a_request",
            f"{APP}rfqs_policies.py::test_a_list_holds_only_the_companys_own",
        ),
    ),
    Guard(
        "owner of a lead",
        "marketplace/leads/policies.py",
        "    return (Seller.organisation_id == actor.organisation_id) & is_opened()\n",
        "    return is_opened()\n",
        (f"{APP}rfqs_policies.py::test_both_forms_of_each_rule_agree",),
    ),
    Guard(
        "secrecy of quotes",
        "marketplace/quotes/policies.py",
        "    return (Seller.organisation_id == actor.organisation_id) & is_opened()\n",
        "    return is_opened()\n",
        (f"{APP}quotes_secrecy.py::test_t3_no_rival_ever_sees_a_quote",),
    ),
    Guard(
        "token of every form",
        "marketplace/kernel/csrf.py",
        "            super().protect(apply_exemptions)\n",
        "            return\n",
        (
            f"{APP}accounts_csrf.py::test_t6_a_visitor_needs_the_token_as_well",
            f"{APP}accounts_csrf.py::test_the_token_of_before_signing_in_is_void_afterwards",
        ),
    ),
    Guard(
        "a form acts once",
        "marketplace/kernel/submits.py",
        "        raise AlreadySubmitted(earlier or fallback)\n",
        "        return Claim(session, key, earlier or fallback)\n",
        (f"{APP}rfqs_pages.py::test_two_clicks_send_one_inquiry",),
    ),
    Guard(
        "an amount is paid once",
        "marketplace/payments/services/events.py",
        "    if is_paid and payment.paid_at is not None and payment.intent_id != row.intent_id:\n",
        "    if False:\n",
        (f"{APP}payments_stripe.py::test_a_second_payment_of_the_same_amount_is_told_not_booked",),
    ),
    Guard(
        "signature of webhooks",
        "marketplace/payments/stripe_gateway.py",
        "stripe.Webhook.construct_event(body, signature, self._webhook_secret, tolerance=TOLERANCE)",
        "stripe.Event.construct_from(__import__('json').loads(body), '')",
        (f"{APP}payments_stripe.py::test_t11_sixty_odd_deliveries_are_refused",),
    ),
    Guard(
        "what was paid is what was asked",
        "marketplace/payments/services/events.py",
        '    if not _is_ours(session, payment, row) or content.get("amount_total") != payment.minor:\n',
        "    if False:\n",
        (
            f"{APP}payments_stripe.py::test_what_disagrees_with_our_row_marks_nothing",
            f"{APP}payments_stripe.py::test_another_account_marks_nothing",
        ),
    ),
    Guard(
        "what an uploaded document is",
        "marketplace/accounts/documents.py",
        "    if any(mark in upload for mark in _ACTIVE):\n",
        "    if False:\n",
        (f"{APP}accounts_documents.py::test_everything_else_is_refused_with_a_remedy",),
    ),
    Guard(
        "what an uploaded picture is",
        "marketplace/catalogue/imaging.py",
        "Image.open(io.BytesIO(data), formats=_READABLE)",
        "Image.open(io.BytesIO(data))",
        (f"{APP}catalogue_uploads.py::test_hostile_files_are_refused_with_a_sentence[gif]",),
    ),
    Guard(
        "virus scanner",
        "marketplace/kernel/scanning.py",
        '    if answer.endswith("FOUND"):\n',
        "    if False:\n",
        (f"{APP}uploads_scanned.py::test_an_infected_file_is_refused_at_every_door_and_nothing_is_kept",),
    ),
    Guard(
        "names of files in headers",
        "marketplace/accounts/documents.py",
        '    stem = re.sub(r"[^\\w .,()+-]+", "_", last',
        '    stem = re.sub(r"[^\\w\\W]+", "_", last',
        (f"{APP}accounts_documents.py::test_names_are_harmless",),
    ),
    Guard(
        "tries at the sign-in",
        "marketplace/accounts/services/throttle.py",
        "    if count_try(session, limit.kind, who, limit.window) <= limit.tries:\n",
        "    if count_try(session, limit.kind, who, limit.window):\n",
        (
            f"{APP}accounts_sign_in.py::test_the_eleventh_try_waits_whoever_asks",
            f"{APP}accounts_sign_in.py::test_five_wrong_codes_then_wait",
        ),
    ),
    Guard(
        "password",
        "marketplace/accounts/passwords.py",
        "        return _hasher.verify(stored or _dummy(), password[:PASSWORD_LIMIT]) and stored is not None and is_whole\n",
        "        return stored is not None\n",
        (f"{APP}accounts_sign_in.py::test_every_failure_reads_the_same",),
    ),
    Guard(
        "commonest passwords",
        "marketplace/accounts/passwords.py",
        "    if _is_common(folded):\n",
        "    if False:\n",
        (f"{APP}accounts_sessions_end.py::test_the_commonest_passwords_are_refused",),
    ),
    Guard(
        "second factor is asked for",
        "marketplace/accounts/queries.py",
        "    if totp_enabled and second is None:\n",
        "    if False:\n",
        (f"{APP}accounts_sign_in.py::test_the_password_alone_opens_nothing_where_a_code_is_due",),
    ),
    Guard(
        "a code is good once",
        "marketplace/accounts/services/second_factor.py",
        "        if is_same and (user.totp_last_step is None or step > user.totp_last_step):\n"
        "            good = step\n"
        "    if good is None:\n"
        "        return False\n"
        "    claimed = session.execute(  # of two racing uses of one code, one finds the step taken\n"
        "        update(User)\n"
        "        .where(User.id == user.id, func.coalesce(User.totp_last_step, -1) < good)\n",
        "        if is_same:\n"
        "            good = step\n"
        "    if good is None:\n"
        "        return False\n"
        "    claimed = session.execute(  # of two racing uses of one code, one finds the step taken\n"
        "        update(User)\n"
        "        .where(User.id == user.id)\n",
        (f"{APP}accounts_sign_in.py::test_a_code_is_good_once",),
    ),
    Guard(
        "sessions run out",
        "marketplace/accounts/queries.py",
        "    if suspended or erased or expires <= moment or seen + SESSION_IDLE <= moment:\n",
        "    if suspended or erased:\n",
        (f"{APP}accounts_sessions_end.py::test_a_session_ends_by_itself",),
    ),
    Guard(
        "sessions are ended",
        "marketplace/accounts/services/sessions.py",
        "    session.execute(query if but is None else query.where(SessionRow.id != but))\n",
        "",
        (f"{APP}accounts_sessions_end.py::test_a_copied_cookie_is_dead",),
    ),
    Guard(
        "the way back stays on the site",
        "marketplace/accounts/views/visit.py",
        '    if not wish or len(wish) > 1000 or not _LOCAL.fullmatch(wish):\n        return ""\n',
        '    if not wish:\n        return ""\n    if not wish.startswith("/") or wish.startswith("//"):\n        return wish\n',
        (f"{APP}accounts_sign_in.py::test_the_way_back_stays_on_the_site",),
    ),
    Guard(
        "formulas in tables",
        "marketplace/kernel/sheets.py",
        '    if text and (_LIVE.match(text) or text[0] in "\\t\\r\\n\\x00"):\n',
        "    if False:\n",
        (f"{APP}attacks_cells.py::test_t10_no_cell_of_any_table_is_live",),
    ),
    Guard(
        "markup in words",
        "marketplace/app.py",
        "    app.jinja_env.trim_blocks = True\n",
        "    app.jinja_env.trim_blocks = True\n    app.jinja_env.autoescape = False\n",
        (f"{APP}rfqs_pages.py::test_markup_in_words_stays_words",),
    ),
    Guard(
        "headers of every answer",
        "marketplace/kernel/http.py",
        "            headers += [pair for pair in self.pairs if pair[0].lower() not in given] if given else self.pairs\n",
        "",
        (f"{APP}access_matrix.py::test_failures_carry_the_headers[404]",),
    ),
    Guard(
        "no NUL",
        "marketplace/kernel/http.py",
        "        _refuse_nul()\n",
        "",
        (f"{APP}attacks_input.py::test_a_nul_in_a_field_or_file_name_is_refused",),
    ),
    Guard(
        "stale deals",
        "marketplace/orders/services/deals.py",
        "    if order_held(session, actor, key).version != version:\n",
        "    if order_held(session, actor, key) is None:\n",
        (f"{APP}stale_steps.py::test_a_deal_goes_on_only_from_where_it_was_seen",),
    ),
    Guard(
        "stale samples",
        "marketplace/orders/services/samples.py",
        "    if row.version != version:\n",
        "    if False:\n",
        (f"{APP}stale_steps.py::test_a_sample_is_cancelled_only_as_it_was_seen",),
    ),
    Guard(
        "listed moves only",
        "marketplace/kernel/states.py",
        "    if target not in moves.get(current, frozenset()):\n",
        "    if False:\n",
        (f"{APP}orders_samples.py::test_steps_that_are_not_listed_are_refused",),
    ),
    Guard(
        "answers by mail come from their person",
        "marketplace/notifications/incoming/receiving.py",
        "    if not letter.sender or letter.sender != normal_email(found.person.email):\n",
        "    if not letter.sender:\n",
        (f"{APP}mail_in.py::test_strangers_mails_are_kept_for_nobody",),
    ),
    Guard(
        "who looked is written down",
        "marketplace/kernel/audit.py",
        "    if not session.scalar(select(known)):\n",
        "    if False:\n",
        (f"{APP}audit_looks.py::test_a_partner_who_reloads_an_application_has_seen_it_once",),
    ),
    Guard(
        "handlers run before a commit",
        "marketplace/kernel/uow.py",
        '        raise RuntimeError("a commit with unhandled events; commit through transaction()")\n',
        "        return\n",
        (f"{APP}kernel.py::test_a_commit_with_unhandled_events_is_refused",),
    ),
    Guard(
        "private offers",
        "marketplace/offers/policies.py",
        "    return is_of_listed_goods() & or_(SpotOffer.visibility == Visibility.PUBLIC, named_to(organisation_id))\n",
        "    return is_of_listed_goods()\n",
        (f"{APP}offers.py::test_nobody_but_its_buyers_and_its_seller_knows_of_a_private_offer",),
    ),
    Guard(
        "erasure reaches the bytes",
        "marketplace/kernel/scrubbing.py",
        "    db.session.remove()\n    engine = db.engine\n",
        "    return\n    engine = db.engine\n",
        (f"{APP}privacy.py::test_after_erasure_no_byte_names_the_person",),
    ),
    Guard(
        "a database that is away costs no try",
        "marketplace/kernel/jobs.py",
        "        if is_away(failure):  # nor is this\n",
        "        if False:\n",
        (f"{APP}database_locked.py::test_a_job_that_finds_it_locked_waits_and_no_try_is_counted",),
    ),
    Guard(
        "what cannot be given back is given back later",
        "marketplace/kernel/beside.py",
        "            if self._stop.is_set() or code == DATABASE_AWAY:\n",
        "            if self._stop.is_set():\n",
        (f"{APP}database_locked.py::test_its_parent_gives_it_back_and_counts_no_try",),
    ),
    Guard(
        "silence is not waited for twice",
        "marketplace/kernel/patience.py",
        "    if _rests.get(place, 0.0) > monotonic():\n        return False\n",
        "",
        ("tests/unit/kernel/test_patience.py::test_silence_is_waited_for_once_and_not_again_for_a_while",),
    ),
    Guard(
        "only PostgreSQL is believed",
        "marketplace/kernel/patience.py",
        "line.recv(1) in _ANSWERS",
        "bool(line.recv(1))",
        ("tests/unit/kernel/test_patience.py::test_only_what_postgresql_says_is_an_answer",),
    ),
    Guard(
        "refusals are written down",
        "marketplace/problems.py",
        "        if failure.status in _REFUSALS:\n",
        "        if False:\n",
        (f"{APP}asvs_evidence.py::test_who_is_refused_is_written_down",),
    ),
    Guard(
        "figures stay inside",
        "marketplace/web/health.py",
        "    if _is_from_outside(request.remote_addr):\n",
        "    if False:\n",
        (f"{APP}asvs_evidence.py::test_figures_are_for_the_operators_own_networks",),
    ),
)
