"""The one door to Stripe: direct charges on connected accounts, through its own client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import stripe

from marketplace.kernel.clock import now
from marketplace.payments.gateway import (
    AccountAnswer,
    BadSignature,
    CardPage,
    CheckoutWish,
    RefundAnswer,
    RefundWish,
    Refused,
    SignedEvent,
    Uncertain,
)
from marketplace.payments.stripe_limits import LARGEST_EVENT, TOLERANCE

WITHIN = 15  # seconds for one call; a person waits
_LANGUAGES = {"en": "en", "id": "id", "de": "de", "zh_Hans": "zh", "zh_Hant": "zh-HK"}
_OURS = "settlement_account"  # the metadata of an account that carry our key
T = TypeVar("T")


class StripeGateway:
    """``api_base`` is for a test double; in production it stays empty."""

    def __init__(self, secret_key: str, webhook_secret: str, api_base: str = "") -> None:
        if not webhook_secret.startswith("whsec_"):
            raise ValueError("a webhook secret is needed: without it anybody could sign events")
        addresses: Any = {"api": api_base} if api_base else {}
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses=addresses,
            max_network_retries=0,  # our jobs repeat, with the key they keep
            http_client=stripe.RequestsClient(timeout=WITHIN),
        )
        self._webhook_secret = webhook_secret
        self.is_live = "_live_" in secret_key[:12]

    def open_checkout(self, wish: CheckoutWish) -> CardPage:
        """A Checkout Session as a direct charge; the reference travels in three places that events bring back."""
        params: Any = {
            "mode": "payment",
            "client_reference_id": wish.reference,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": wish.amount.currency.lower(),
                        "unit_amount": wish.amount.minor,
                        "product_data": {"name": wish.description},
                    },
                }
            ],
            "metadata": {"payment": wish.reference},
            "payment_intent_data": {"metadata": {"payment": wish.reference}},
            "success_url": wish.success_url,
            "cancel_url": wish.cancel_url,
            "locale": _LANGUAGES.get(wish.language, "auto"),
            "expires_at": int(wish.expires_at.timestamp()),
        }
        options: Any = {"idempotency_key": wish.idempotency_key, "stripe_account": wish.account}
        return _page(_asked(lambda: self._client.v1.checkout.sessions.create(params, options)))

    def find(self, account: str, reference: str, since: datetime, until: datetime) -> CardPage | None:
        """Stripe cannot look for our reference, so the sessions of the time in question are gone through."""
        params: Any = {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}, "limit": 100}
        options: Any = {"stripe_account": account}

        def look() -> CardPage | None:
            for session in self._client.v1.checkout.sessions.list(params, options).auto_paging_iter():
                if session.client_reference_id == reference:
                    return _page(session)
            return None

        return _asked(look)

    def refund(self, wish: RefundWish) -> RefundAnswer:
        """A refund of a part or all of a payment."""
        params: Any = {
            "payment_intent": wish.intent_id,
            "amount": wish.amount.minor,
            "metadata": {"refund": wish.reference},
        }
        options: Any = {"idempotency_key": wish.idempotency_key, "stripe_account": wish.account}
        made = _asked(lambda: self._client.v1.refunds.create(params, options))
        return RefundAnswer(made.id, made.status or "pending")

    def find_refund(self, wish: RefundWish) -> RefundAnswer | None:
        """The refunds of the same payment are gone through: ours carries its reference."""
        params: Any = {"payment_intent": wish.intent_id, "limit": 100}
        options: Any = {"stripe_account": wish.account}

        def look() -> RefundAnswer | None:
            for made in self._client.v1.refunds.list(params, options).auto_paging_iter():
                if (made.to_dict().get("metadata") or {}).get("refund") == wish.reference:
                    return RefundAnswer(made.id, made.status or "pending")
            return None

        return _asked(look)

    def read_event(self, body: bytes, signature: str) -> SignedEvent:
        """Everything that is wrong with an event is `BadSignature`: who sends rubbish learns nothing."""
        if len(body) > LARGEST_EVENT or not signature.isascii():
            raise BadSignature("too large, or no signature")
        try:
            event: Any = stripe.Webhook.construct_event(body, signature, self._webhook_secret, tolerance=TOLERANCE)
            signed_at = int(dict(part.split("=", 1) for part in signature.split(","))["t"])
            if abs(signed_at - now().timestamp()) > TOLERANCE:
                raise BadSignature("not of this time")
            found = SignedEvent(
                event_id=_text(event.id),
                kind=_text(event.type),
                account=_text(event.account) if getattr(event, "account", None) else None,
                made_at=datetime.fromtimestamp(int(event.created), UTC),
                is_live=bool(event.livemode),
                content=dict(event.data.object.to_dict()),
            )
        except BadSignature:
            raise
        except Exception as fault:  # the library lets TypeError, RecursionError and others through
            raise BadSignature(type(fault).__name__) from fault
        return found

    def open_account(self, idempotency_key: str, country: str, email: str) -> AccountAnswer:
        """A Standard account: its owner deals with Stripe directly."""
        params: Any = {"type": "standard", "country": country, "email": email, "metadata": {_OURS: idempotency_key}}
        options: Any = {"idempotency_key": idempotency_key}
        return _account(_asked(lambda: self._client.v1.accounts.create(params, options)))

    def find_account(self, idempotency_key: str, since: datetime) -> AccountAnswer | None:
        """The accounts opened since then are gone through, a few a year: ours carries its key."""
        params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}

        def look() -> AccountAnswer | None:
            for account in self._client.v1.accounts.list(params).auto_paging_iter():
                if (account.to_dict().get("metadata") or {}).get(_OURS) == idempotency_key:
                    return _account(account)
            return None

        return _asked(look)

    def onboarding_link(self, account: str, return_url: str, refresh_url: str) -> str:
        """A link that works once and for minutes."""
        params: Any = {
            "account": account,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        }
        return str(_asked(lambda: self._client.v1.account_links.create(params)).url)

    def read_account(self, account: str) -> AccountAnswer:
        """The account as Stripe sees it now."""
        return _account(_asked(lambda: self._client.v1.accounts.retrieve(account)))


def _asked(call: Callable[[], T]) -> T:
    """The answer; Stripe's errors as ours: what may have happened is uncertain, what surely did not is refused."""
    try:
        return call()
    except (stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError, stripe.CardError) as fault:
        raise Refused(fault.code or type(fault).__name__) from fault
    except stripe.IdempotencyError as fault:  # the same key with another content: our own fault, nothing was done
        raise Refused("idempotency") from fault
    except stripe.StripeError as fault:  # connection, 409, 429, 500
        raise Uncertain(type(fault).__name__) from fault


def _page(session: Any) -> CardPage:
    return CardPage(str(session.id), session.url, str(session.status or "open"))


def _account(account: Any) -> AccountAnswer:
    needs = getattr(account, "requirements", None)
    reason = getattr(needs, "disabled_reason", None) if needs else None
    return AccountAnswer(account.id, str(account.country or ""), bool(account.charges_enabled), str(reason or ""))


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise BadSignature("not an event")
    return value
