"""A wish that people be told something: recorded by domains that do not know the one that tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class NoticeWanted(Event):
    """Tell ``user_ids`` about ``about`` (unique per thing that happened, such as "report:7:upheld").

    ``kind`` is a value of `notifications.rules.Kind`; ``context`` holds the codes and names its wording needs,
    never a person's words; ``href`` is a local path.
    """

    kind: str
    about: str
    user_ids: tuple[int, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    href: str = ""
