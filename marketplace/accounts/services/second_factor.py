"""The second factor: a code from an app (RFC 6238), each good once, and recovery codes for a lost phone."""

from __future__ import annotations

import hmac
import logging
import secrets

import pyotp
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.events import SecurityChanged
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.queries import hashed_token
from marketplace.accounts.rules import RECOVERY_CODES
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.events import record
from marketplace.kernel.outside import settings
from marketplace.kernel.sealing import Unreadable, is_sealed, seal, unseal

STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be off, each way
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
ISSUER = "Pesantren Souq"
PURPOSE = "second factor"
log = logging.getLogger(__name__)


def begin_second_factor(session: Session, user: User) -> None:
    """Give ``user`` a fresh secret to scan; it counts once a code of it was shown."""
    if user.totp_enabled_at is not None:
        raise Conflict(_("A second factor is set up already. Turn it off first to use another phone."))
    user.totp_secret = sealed_secret(pyotp.random_base32())
    user.totp_last_step = None


def sealed_secret(secret: str) -> str:
    """A secret as the account keeps it."""
    return seal(secret, settings().web.secret_key, PURPOSE)


def secret_of(user: User) -> str:
    """The secret of a person's app; empty where there is none, or where SECRET_KEY is not the one it was kept under.

    Recovery codes do not depend on the key: they let a person in who then sets up the app again.
    """
    kept = user.totp_secret or ""
    if not is_sealed(kept):
        return kept  # it comes from a backup of a release that did not seal
    try:
        return unseal(kept, settings().web.secret_key, PURPOSE)
    except Unreadable:
        log.warning("accounts.second_factor_unreadable", extra={"user_id": user.id})
        return ""


def address_of(user: User) -> str:
    """The otpauth:// address that an app scans."""
    name = user.email or user.phone or user.name
    return pyotp.TOTP(secret_of(user)).provisioning_uri(name=name, issuer_name=ISSUER)


def confirm_set_up(session: Session, user: User, code: str) -> list[str] | None:
    """Turn the second factor on if ``code`` is right; gives recovery codes to show once, None for a wrong code."""
    if user.totp_enabled_at is not None or not user.totp_secret:
        raise Conflict(_("There is no set-up to confirm. Begin again."))
    if not _accept_code(session, user, code):
        return None
    user.totp_enabled_at = now()
    record(session, SecurityChanged(user.id, "second_factor_on"))
    return renew_recovery_codes(session, user)


def renew_recovery_codes(session: Session, user: User) -> list[str]:
    """Ten fresh recovery codes; the former ones are void. Only hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=hashed_token(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes are still good."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def accept_second_factor(session: Session, user: User, typed: str) -> bool:
    """Whether ``typed`` is a good code of the app or a recovery code; it is used up by this transaction."""
    if user.totp_enabled_at is None:
        return False
    return _accept_code(session, user, typed) or _accept_recovery_code(session, user, typed)


def end_second_factor(session: Session, user: User) -> None:
    """Turn the second factor off."""
    user.totp_secret = user.totp_enabled_at = user.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    record(session, SecurityChanged(user.id, "second_factor_off"))


def _accept_code(session: Session, user: User, typed: str) -> bool:
    code = "".join(typed.split())
    if len(code) != 6 or not code.isascii() or not code.isdigit() or not (secret := secret_of(user)):
        return False
    totp = pyotp.TOTP(secret)
    current = int(now().timestamp()) // STEP_SECONDS
    good: int | None = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        is_same = hmac.compare_digest(totp.at(step * STEP_SECONDS), code)
        if is_same and (user.totp_last_step is None or step > user.totp_last_step):
            good = step
    if good is None:
        return False
    claimed = session.execute(  # of two racing uses of one code, one finds the step taken
        update(User)
        .where(User.id == user.id, func.coalesce(User.totp_last_step, -1) < good)
        .values(totp_last_step=good)
        .returning(User.id)
    ).first()
    return claimed is not None


def _accept_recovery_code(session: Session, user: User, typed: str) -> bool:
    code = "".join(char for char in typed.upper() if char in ALPHABET)
    if len(code) != 16:
        return False
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == hashed_token(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    ).first()
    return used is not None
