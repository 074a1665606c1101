"""Sealed secrets: read with the same key and purpose alone, never twice the same, never changed unnoticed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.sealing import Unreadable, is_sealed, seal, unseal

KEY = "k" * 40


@given(st.text(max_size=120), st.text(min_size=1, max_size=80))
def test_what_was_sealed_is_read_again(text: str, key: str) -> None:
    sealed = seal(text, key, "test")
    assert is_sealed(sealed)
    assert unseal(sealed, key, "test") == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({seal("JBSWY3DPEHPK3PXP", KEY, "test") for _ in range(50)}) == 50


def test_a_secret_of_an_app_fits_its_column() -> None:
    assert len(seal("A" * 32, KEY, "test")) <= 200


@pytest.mark.parametrize(("key", "purpose"), [("x" * 40, "test"), (KEY, "other"), ("", "test"), (KEY + " ", "test")])
def test_another_key_or_purpose_reads_nothing(key: str, purpose: str) -> None:
    with pytest.raises(Unreadable):
        unseal(seal("JBSWY3DPEHPK3PXP", KEY, "test"), key, purpose)


def test_every_changed_byte_is_noticed() -> None:
    packed = bytearray(base64.urlsafe_b64decode(seal("JBSWY3DPEHPK3PXP", KEY, "test").removeprefix("v1.")))
    for place in range(len(packed)):
        changed = packed.copy()
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            unseal("v1." + base64.urlsafe_b64encode(changed).decode(), KEY, "test")


@pytest.mark.parametrize("text", ["", "v1.", "v1.AAAA", "v1.%%%", "JBSWY3DPEHPK3PXP", "v1." + "A" * 64])
def test_what_was_never_sealed_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        unseal(text, KEY, "test")
