"""What happens to accounts and organisations."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class AccountOpened(Event):
    """A person confirmed their address or took up an invitation; from now on they can sign in."""

    user_id: int


@dataclass(frozen=True)
class LinkIssued(Event):
    """A single-use link is to be sent; ``token`` leaves by mail only and is never logged.

    ``rules.LINK_PATHS[purpose]`` is the page it opens; ``address`` is set where it differs from the account's.
    """

    link_id: int
    user_id: int
    purpose: str
    token: str
    address: str = ""


@dataclass(frozen=True)
class GuestAsked(Event):
    """A visitor's request waits behind a link; ``token`` leaves by mail only and is never logged.

    ``user_id`` is set where the address has an account, whose owner has to sign in first.
    """

    link_id: int
    token: str
    address: str
    locale: str
    user_id: int | None = None


@dataclass(frozen=True)
class RegisteredAgain(Event):
    """Someone registered with an address that already has an account: the mail says so, the page does not."""

    user_id: int


@dataclass(frozen=True)
class RegistrationConfirmed(Event):
    """A registered organisation came into being; the domain of its ``kind`` adds its profile from the link."""

    link_id: int
    user_id: int
    organisation_id: int
    kind: str


@dataclass(frozen=True)
class SecurityChanged(Event):
    """Password, second factor or e-mail changed; ``address`` is the former one after an e-mail change."""

    user_id: int
    what: str
    address: str = ""


@dataclass(frozen=True)
class OrganisationChanged(Event):
    organisation_id: int


@dataclass(frozen=True)
class OrganisationVerified(Event):
    organisation_id: int
    level: str


@dataclass(frozen=True)
class DataExported(Event):
    """A person's data lie ready for them to fetch."""

    user_id: int
    request_id: int


@dataclass(frozen=True)
class PersonErased(Event):
    user_id: int
