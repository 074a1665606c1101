"""Public registers belong to kinds of certificates that there are, and are reached safely."""

from __future__ import annotations

from marketplace.catalogue.labels import certificate_codes
from marketplace.catalogue.rules.registers import REGISTERS, register_of


def test_each_register_belongs_to_a_known_certificate() -> None:
    assert set(REGISTERS) <= set(certificate_codes())
    assert all(address.startswith("https://") for address in REGISTERS.values())
    assert register_of("haccp") == register_of("") == ""
