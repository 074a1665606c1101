"""Where a notice leads, and the signed link that turns a topic off."""

from __future__ import annotations

from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.accounts.rules import LINK_PATHS, Purpose
from marketplace.i18n.addresses import localised
from marketplace.notifications.rules import ALWAYS_ON, Kind, Topic

# kinds whose button carries a single-use token
TOKEN_PATHS: dict[Kind, str] = {
    **{Kind(purpose): path for purpose, path in LINK_PATHS.items()},
    Kind.DISTRIBUTOR_INVITED: "/distributors/apply/{token}",
    Kind.GUEST_SIGN_IN: LINK_PATHS[Purpose.GUEST_REQUEST],
}
# kinds whose button works without its token as well: then it leads where a sign-in is asked
_SIGN_IN_INSTEAD = frozenset({Kind.LEAD_REMINDER})
_SALT = "souq.unsubscribe"


def target(kind: Kind, href: str, token: str) -> str:
    """The local path a notice's button opens; the account where the link was used up."""
    if kind in TOKEN_PATHS and (token or kind not in _SIGN_IN_INSTEAD):
        return TOKEN_PATHS[kind].format(token=token) if token else "/account"
    return href or "/notices"


def for_guest(access: str, path: str) -> str:
    """The local path by which a guest comes to ``path`` without a password."""
    return f"/guest/{access}?{urlencode({'to': path})}"


def absolute(public_url: str, locale: str, path: str) -> str:
    """``path`` as a full address in the reader's language, from PUBLIC_URL only."""
    return localised(public_url, locale, path)


def unsubscribe_token(secret_key: str, user_id: int, topic: Topic) -> str:
    """A signed name of a person and a topic: good for turning that topic off, for nothing else."""
    return str(URLSafeSerializer(secret_key, salt=_SALT).dumps([user_id, topic.value]))


def read_unsubscribe(secret_key: str, token: str) -> tuple[int, Topic] | None:
    """Whose topic a token turns off; None when it was not signed here."""
    try:
        user_id, topic = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
        found = (int(user_id), Topic(topic))
    except (BadSignature, ValueError, TypeError):
        return None
    return None if found[1] in ALWAYS_ON else found
