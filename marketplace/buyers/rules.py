"""Trades of buying companies."""

from __future__ import annotations

from enum import StrEnum


class Trade(StrEnum):
    IMPORTER = "importer"
    WHOLESALER = "wholesaler"
    ROASTER = "roaster"
    MANUFACTURER = "manufacturer"
    RETAILER = "retailer"
    HOSPITALITY = "hospitality"
    DISTRIBUTOR = "distributor"
    OTHER = "other"
