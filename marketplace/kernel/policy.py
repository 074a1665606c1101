"""Who acts, and whether they may: decisions carry their reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from marketplace.kernel.errors import Forbidden, NotFound


class OrganisationKind(StrEnum):
    SELLER = "seller"
    BUYER = "buyer"
    CHAPTER = "chapter"
    PROGRAMME = "programme"


class Role(StrEnum):
    """What a member may do in their organisation; curator and operator exist in the programme only."""

    OWNER = "owner"
    MEMBER = "member"
    CURATOR = "curator"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Actor:
    """The person behind an action, as a value that services take instead of a request."""

    user_id: int
    name: str
    organisation_id: int | None = None
    organisation_name: str = ""
    kind: OrganisationKind | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    locale: str = "en"
    time_zone: str = "UTC"
    session_id: int | None = None
    has_second_factor: bool = False
    is_suspended: bool = False

    @property
    def is_seller(self) -> bool:
        return self.kind is OrganisationKind.SELLER

    @property
    def is_buyer(self) -> bool:
        return self.kind is OrganisationKind.BUYER

    @property
    def is_partner(self) -> bool:
        return self.kind is OrganisationKind.CHAPTER

    @property
    def is_curator(self) -> bool:
        return self.kind is OrganisationKind.PROGRAMME and Role.CURATOR in self.roles

    @property
    def is_operator(self) -> bool:
        return self.kind is OrganisationKind.PROGRAMME and Role.OPERATOR in self.roles

    @property
    def is_staff(self) -> bool:
        return self.is_curator or self.is_operator


@dataclass(frozen=True)
class Decision:
    """Yes, or no with a sentence; ``is_hidden`` says the person may not even know of the thing."""

    is_allowed: bool
    reason: object = ""
    is_hidden: bool = False

    def __bool__(self) -> bool:
        return self.is_allowed


ALLOWED = Decision(True)
HIDDEN = Decision(False, is_hidden=True)


def refused(reason: object) -> Decision:
    """No, for a reason the person may read."""
    return Decision(False, reason)


def require(decision: Decision) -> None:
    """Go on if allowed; otherwise 404 for hidden things and 403 for known ones."""
    if decision.is_allowed:
        return
    if decision.is_hidden:
        raise NotFound
    raise Forbidden(decision.reason)
