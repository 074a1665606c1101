"""What browsers post: a short form as letters and signs, one with room for files in parts between boundaries."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

# the other fields of the inquiry's page, which a browser sends empty
LEFT_EMPTY = (
    "offer", "target_price", "needed_from", "needed_by", "closes_on", "packaging", "contact_phone", "fair",
)  # fmt: skip
_NO_FILE = '; name="files"; filename=""\r\nContent-Type: application/octet-stream'


def as_letters(data: Mapping[str, str]) -> tuple[bytes, str]:
    """Body and content type of a form without files."""
    return urlencode(data).encode(), "application/x-www-form-urlencoded"


def in_parts(data: Mapping[str, str]) -> tuple[bytes, str]:
    """Body and content type of a form with room for a file that nobody has chosen; each has a boundary of its own."""
    boundary = f"----WebKitFormBoundary{secrets.token_hex(8)}"
    said = [(f'; name="{name}"', text) for name, text in data.items()]
    parts = [
        f"--{boundary}\r\nContent-Disposition: form-data{head}\r\n\r\n{text}\r\n"
        for head, text in [*said, (_NO_FILE, "")]
    ]
    return f"{''.join(parts)}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
