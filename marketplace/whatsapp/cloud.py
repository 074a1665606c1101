"""The one door to the WhatsApp Business Platform (Cloud API): what we send, and how what comes in is proved."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from config.settings import WhatsApp

SECONDS = 10.0
_LARGEST_ANSWER = 65536
# our languages by the codes under which templates are approved
TEMPLATE_LANGUAGES = {"en": "en", "de": "de", "id": "id", "zh_Hans": "zh_CN", "zh_Hant": "zh_TW"}


class Busy(Exception):
    """It was surely not taken, and may be later."""


class Refused(Exception):
    """It will never be taken; the code is WhatsApp's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unsure(Exception):
    """It may have been taken: no answer came."""


def template_message(settings: WhatsApp, to: str, locale: str, line: str, path: str) -> dict[str, Any]:
    """A message of a new lead; ``line`` fills the template's text, ``path`` ends the address of its button."""
    return {
        "messaging_product": "whatsapp",
        "to": to.lstrip("+"),
        "type": "template",
        "template": {
            "name": settings.template,
            "language": {"code": TEMPLATE_LANGUAGES.get(locale, "en")},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": " ".join(line.split())[:900]}]},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": path}]},
            ],
        },
    }


def text_message(to: str, text: str) -> dict[str, Any]:
    """Words that answer somebody's within a day."""
    return {
        "messaging_product": "whatsapp",
        "to": to.lstrip("+"),
        "type": "text",
        "text": {"preview_url": False, "body": text},
    }


def send(settings: WhatsApp, message: dict[str, Any]) -> str:
    """Hand a message over; gives its name there. Raises `Busy`, `Refused` or `Unsure`."""
    parts = urlsplit(settings.url)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    headers = {"Authorization": f"Bearer {settings.token}", "Content-Type": "application/json"}
    try:
        try:
            connection.connect()
        except OSError:
            raise Busy from None
        try:
            connection.request("POST", f"{parts.path}/{settings.phone_id}/messages", json.dumps(message), headers)
            answer = connection.getresponse()
            status, body = answer.status, answer.read(_LARGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            raise Unsure from None
    finally:
        connection.close()
    return _name_in(status, body)


def _name_in(status: int, body: bytes) -> str:
    if status == 429 or status >= 500:
        raise Busy
    try:
        said = json.loads(body)
        if 200 <= status < 300:
            return str(said["messages"][0]["id"])[:200]
        code = str(said["error"]["code"])
    except (ValueError, LookupError, TypeError):
        if 200 <= status < 300:
            raise Unsure from None
        code = str(status)
    raise Refused(code[:40])


def is_signed(settings: WhatsApp, body: bytes, signature: str) -> bool:
    """Whether ``body``, as it arrived, carries the signature of our app's secret."""
    if not settings.app_secret:
        return False
    made = hmac.new(settings.app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={made}".encode(), signature.encode("utf-8", "replace"))
