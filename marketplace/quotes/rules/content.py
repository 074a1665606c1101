"""What was sent, as one value with one fingerprint: the same terms give the same fingerprint on every database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def plain(value: object) -> Any:
    """A value as JSON keeps it: decimals with six places, days and moments in ISO form."""
    if isinstance(value, Decimal):
        return f"{value:.6f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in its one written form, in hexadecimal."""
    text = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def words_digest(text: str) -> str:
    """SHA-256 of somebody's own words, which may be erased while the terms of trade stay provable."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
