"""Who may read and change what of accounts and organisations."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, StoredFile
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, OrganisationKind, Role, refused

PAPERS = "paper"  # the folder of trade papers that the site drew: read by their trade, not as evidence
FileRight = Callable[[Session, Actor, StoredFile], bool]
_file_rights: list[FileRight] = []


def also_reads_files(right: FileRight) -> FileRight:
    """Let a domain add who else may read a file, such as the partner who reviews an application (a decorator)."""
    if right not in _file_rights:
        _file_rights.append(right)
    return right


def may_read_file(session: Session, actor: Actor, row: StoredFile) -> Decision:
    """The organisation it belongs to, staff with a second factor what was handed in, whom a domain's right names."""
    if actor.organisation_id == row.organisation_id:
        return ALLOWED
    if actor.is_staff and actor.has_second_factor and not row.key.startswith(f"{PAPERS}/"):
        return ALLOWED
    if not actor.is_suspended and any(right(session, actor, row) for right in _file_rights):
        return ALLOWED
    return HIDDEN


def may_manage_members(actor: Actor) -> Decision:
    """Owners of an organisation that is not suspended; the programme's people are managed by operators."""
    if actor.organisation_id is None:
        return HIDDEN
    if actor.is_suspended:
        return refused(_("Your organisation is suspended. Its members cannot be changed now."))
    if actor.kind in {OrganisationKind.PROGRAMME, OrganisationKind.CHAPTER} and not actor.has_second_factor:
        return refused(_("Set up the second factor of your account first. Then you can change who belongs to you."))
    if actor.is_operator or Role.OWNER in actor.roles:
        return ALLOWED
    return refused(_("Only an owner of your organisation can do this. Ask one of them."))


def may_change_organisation(actor: Actor, organisation: Organisation) -> Decision:
    """Every member of the organisation; nobody else may even know what is not public."""
    if actor.organisation_id != organisation.id:
        return HIDDEN
    if actor.is_suspended:
        return refused(_("Your organisation is suspended. Its data cannot be changed now."))
    return ALLOWED


def may_verify(actor: Actor) -> Decision:
    """Curators and operators."""
    return ALLOWED if actor.is_staff else HIDDEN


def may_suspend(actor: Actor) -> Decision:
    """Operators and curators; partners and members never."""
    return ALLOWED if actor.is_staff else HIDDEN
