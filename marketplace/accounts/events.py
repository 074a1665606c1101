"""What happens to accounts and organisations."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class AccountOpened(Event):
    user_id: int


@dataclass(frozen=True)
class LinkIssued(Event):
    """A single-use link is to be sent; ``token`` leaves by mail only and is never logged."""

    link_id: int
    user_id: int
    purpose: str
    token: str
    address: str = ""


@dataclass(frozen=True)
class OrganisationChanged(Event):
    organisation_id: int


@dataclass(frozen=True)
class OrganisationVerified(Event):
    organisation_id: int
    level: str


@dataclass(frozen=True)
class PersonErased(Event):
    user_id: int
