"""Who runs this deployment, for the legal notice: a data file, so that no code has to be touched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Operator:
    """The operator's own statements; ``is_sample`` says that they are placeholders."""

    is_sample: bool
    name: str
    form: str
    street: str
    place: str
    country: str
    represented_by: str
    email: str
    phone: str
    register: str
    data_protection: str


@cache
def operator() -> Operator:
    """The operator of this deployment. A missing or unknown line is a TypeError at the first request."""
    text = (files("marketplace.web") / "data" / "operator.yaml").read_text(encoding="utf-8")
    return Operator(**yaml.safe_load(text))
