"""What we ask of a card company, in a few verbs, and what may go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from marketplace.kernel.money import Money


class GatewayError(Exception):
    """The card company could not be asked or did not agree."""


class Uncertain(GatewayError):
    """No answer, or one that does not say whether it was done: ask again with the same key."""


class Refused(GatewayError):
    """A clear no; asking again changes nothing."""


class BadSignature(GatewayError):
    """An event that the card company did not sign, or not now."""


@dataclass(frozen=True, slots=True)
class CheckoutWish:
    """A card page for exactly this amount on this connected account."""

    idempotency_key: str
    account: str  # acct_…
    reference: str  # our payment's public key
    amount: Money
    description: str
    success_url: str
    cancel_url: str
    language: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CardPage:
    """An open card page: the session's id (cs_…) and its address."""

    session_id: str
    url: str | None
    status: str = "open"  # open | complete | expired


@dataclass(frozen=True, slots=True)
class RefundWish:
    idempotency_key: str
    account: str
    intent_id: str
    amount: Money
    reference: str  # our refund's idempotency key, to be found again


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    refund_id: str  # re_…
    status: str  # Stripe's word


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """An event whose signature holds; ``content`` is the object it tells of."""

    event_id: str
    kind: str
    account: str | None
    made_at: datetime
    is_live: bool
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    account: str
    country: str
    takes_charges: bool
    disabled_reason: str = ""


class Gateway(Protocol):
    """`open_checkout`, `refund` and `open_account`, each with its way to find what was made before; `read_event`; two
    more to connect an account."""

    is_live: bool

    def open_checkout(self, wish: CheckoutWish) -> CardPage:
        """Open a card page, once per idempotency key. `Uncertain` or `Refused`."""
        ...

    def find(self, account: str, reference: str, since: datetime, until: datetime) -> CardPage | None:
        """The card page that was opened for ``reference`` between two moments, if any. `Uncertain`."""
        ...

    def refund(self, wish: RefundWish) -> RefundAnswer:
        """Give money back, once per idempotency key. `Uncertain` or `Refused`."""
        ...

    def find_refund(self, wish: RefundWish) -> RefundAnswer | None:
        """The refund that was made for this wish, if any. `Uncertain`."""
        ...

    def read_event(self, body: bytes, signature: str) -> SignedEvent:
        """The event, if it is signed and fresh; `BadSignature` otherwise, whatever is wrong with it."""
        ...

    def open_account(self, idempotency_key: str, country: str, email: str) -> AccountAnswer:
        """A new connected account, once per idempotency key. `Uncertain` or `Refused`."""
        ...

    def find_account(self, idempotency_key: str, since: datetime) -> AccountAnswer | None:
        """The account that was opened under this key since a moment, if any. `Uncertain` or `Refused`."""
        ...

    def onboarding_link(self, account: str, return_url: str, refresh_url: str) -> str:
        """A page of the card company on which the owner proves who they are."""
        ...

    def read_account(self, account: str) -> AccountAnswer:
        """The account as it stands now."""
        ...
