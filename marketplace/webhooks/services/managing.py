"""Owners add endpoints, choose kinds of events, renew secrets, switch on and off, and have things sent again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, TooMany
from marketplace.kernel.limits import spend_try
from marketplace.kernel.outlet import NoAnswer, Unreachable
from marketplace.kernel.outside import outlet
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.webhooks.models import WebhookDelivery, WebhookEndpoint
from marketplace.webhooks.policies import may_manage_endpoints
from marketplace.webhooks.queries import count_of, delivery_of, endpoint_of
from marketplace.webhooks.rules import (
    DELIVERY_MOVES,
    MOST_AGAIN,
    MOST_ENDPOINTS,
    MOST_TESTS,
    OVERLAP,
    TEST,
    DeliveryState,
    OffWhy,
    kinds_of,
)
from marketplace.webhooks.services.queueing import queue, queue_try
from marketplace.webhooks.services.sealed import sealed
from marketplace.webhooks.signing import new_secret

_HOUR = timedelta(hours=1)
_CHANGED = _("This was changed meanwhile. Look at it as it is now and try again.")


def check_address(url: str) -> None:
    """Raise a `DomainError` that says what is wrong with an address. It asks the name's servers: outside of any
    transaction. Each delivery judges anew, since a name may lead elsewhere by then."""
    try:
        outlet().check(url)
    except NoAnswer as fault:
        if fault.why is Unreachable.UNKNOWN_NAME:
            raise DomainError(_("Nobody knows a server of this name. Check the address.")) from None
        if fault.why is Unreachable.NOT_PUBLIC:
            raise DomainError(
                _("This address leads into a private network. Use a server that is reachable from the open internet.")
            ) from None
        raise DomainError(
            _(
                "Use an address that begins with https://, without a password in it, such as https://shop.example/events."
            )
        ) from None


def add_endpoint(session: Session, actor: Actor, url: str, kinds: Sequence[str]) -> tuple[WebhookEndpoint, str]:
    """An endpoint, and its secret in plain text: the only time it is told."""
    require(may_manage_endpoints(actor))
    assert actor.organisation_id is not None
    # two owners at once would each see one place left
    session.execute(select(Organisation.id).where(Organisation.id == actor.organisation_id).with_for_update())
    if count_of(session, actor.organisation_id) >= MOST_ENDPOINTS:
        raise Conflict(_("You have %(count)s addresses already. Delete one first.", count=MOST_ENDPOINTS))
    secret = new_secret()
    endpoint = WebhookEndpoint(
        key=new_public_key(),
        organisation_id=actor.organisation_id,
        url=url,
        kinds=_chosen(actor, kinds),
        secret=sealed(secret),
        created_by_id=actor.user_id,
        created_at=now(),
    )
    session.add(endpoint)
    session.flush()  # the audit trail needs its key
    audit(session, actor, "endpoint.added", f"endpoint:{endpoint.id}")
    return endpoint, secret


def change_endpoint(session: Session, actor: Actor, key: str, version: int, url: str, kinds: Sequence[str]) -> None:
    """Send to another address, or other kinds of events, from now on."""
    endpoint = _current(session, actor, key, version)
    endpoint.url, endpoint.kinds = url, _chosen(actor, kinds)
    _fresh_start(endpoint)
    audit(session, actor, "endpoint.changed", f"endpoint:{endpoint.id}")


def new_secret_for(session: Session, actor: Actor, key: str, version: int) -> tuple[WebhookEndpoint, str]:
    """A new secret, told this once; the former one signs beside it for a day."""
    endpoint = _current(session, actor, key, version)
    secret = new_secret()
    endpoint.former_secret, endpoint.former_until = endpoint.secret, now() + OVERLAP
    endpoint.secret = sealed(secret)
    audit(session, actor, "endpoint.secret_renewed", f"endpoint:{endpoint.id}")
    session.flush()  # whoever shows it reads the new version
    return endpoint, secret


def switch_endpoint(session: Session, actor: Actor, key: str, version: int, *, is_on: bool) -> None:
    """Stop sending to an endpoint, or begin again with what happens from now on."""
    endpoint = _current(session, actor, key, version)
    if is_on:
        endpoint.off_at, endpoint.off_why = None, ""
        _fresh_start(endpoint)
    elif endpoint.off_at is None:
        endpoint.off_at, endpoint.off_why = now(), OffWhy.OWNER
    audit(session, actor, "endpoint.switched_on" if is_on else "endpoint.switched_off", f"endpoint:{endpoint.id}")


def delete_endpoint(session: Session, actor: Actor, key: str, version: int) -> None:
    """Forget an endpoint, its secret and all that was sent to it."""
    endpoint = _current(session, actor, key, version)
    audit(session, actor, "endpoint.deleted", f"endpoint:{endpoint.id}")
    session.delete(endpoint)


def send_test(session: Session, actor: Actor, key: str) -> str:
    """Queue an event that says nothing; gives its id."""
    endpoint = endpoint_of(session, actor, key, is_locked=True)
    _require_on(endpoint)
    recent = select(func.count()).where(
        WebhookDelivery.endpoint_id == endpoint.id,
        WebhookDelivery.kind == TEST,
        WebhookDelivery.created_at > now() - _HOUR,
    )
    if (session.scalar(recent) or 0) >= MOST_TESTS:
        raise TooMany(
            _("You have sent many tests. Wait an hour before the next one."), retry_after=int(_HOUR.total_seconds())
        )
    endpoint.rests_until = None  # who tests has mended something
    return queue(session, endpoint.id, TEST, {})


def send_again(session: Session, actor: Actor, key: str, delivery_key: str) -> None:
    """Deliver once more what has ended, with the same id. `Conflict` where it waits already, `TooMany` after
    `MOST_AGAIN` in an hour."""
    endpoint = endpoint_of(session, actor, key, is_locked=True)
    _require_on(endpoint)
    delivery = delivery_of(session, endpoint, delivery_key)
    if delivery.state == DeliveryState.WAITING:
        raise Conflict(_("This event waits for its next try already."))
    until = spend_try(session, "webhooks.again", str(endpoint.id), _HOUR, MOST_AGAIN)
    if until is not None:
        raise TooMany(
            _("You have had many events sent again. Wait an hour before the next one."),
            retry_after=max(1, ceil((until - now()).total_seconds())),
        )
    delivery.state = advance(DeliveryState(delivery.state), DeliveryState.WAITING, DELIVERY_MOVES)
    delivery.tries, delivery.finished_at = 0, None
    endpoint.rests_until = None
    queue_try(session, delivery.id)


def _require_on(endpoint: WebhookEndpoint) -> None:
    if endpoint.off_at is not None:
        raise Conflict(_("This address is switched off. Switch it on first."))


def _current(session: Session, actor: Actor, key: str, version: int) -> WebhookEndpoint:
    endpoint = endpoint_of(session, actor, key, is_locked=True)
    if endpoint.version != version:
        raise Conflict(_CHANGED)
    return endpoint


def _chosen(actor: Actor, kinds: Sequence[str]) -> list[str]:
    chosen = [one.value for one in kinds_of(actor.kind) if one.value in kinds]
    if not chosen:
        raise DomainError(_("Choose at least one kind of event."))
    return chosen


def _fresh_start(endpoint: WebhookEndpoint) -> None:
    endpoint.failing_since, endpoint.rests_until, endpoint.silences = None, None, 0
