"""Stripe: the settings refuse half a configuration. The gateway itself comes with payments."""

from __future__ import annotations

import pytest

from config.settings import Settings, SettingsError

KEY = {"STRIPE_SECRET_KEY": "sk_test_123", "SECRET_KEY": "k" * 40}


@pytest.mark.parametrize("secret", ["", "secret", "whsec", "WHSEC_1"])
def test_a_key_without_a_webhook_secret_is_refused(secret: str, tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="STRIPE_WEBHOOK_SECRET"):
        Settings.from_env({**KEY, "STRIPE_WEBHOOK_SECRET": secret, "SOUQ_HOME": str(tmp_path)})


def test_both_are_taken_and_never_shown(tmp_path: object) -> None:
    made = Settings.from_env({**KEY, "STRIPE_WEBHOOK_SECRET": "whsec_456", "SOUQ_HOME": str(tmp_path)})
    assert (made.payment.secret_key, made.payment.webhook_secret) == ("sk_test_123", "whsec_456")
    assert "sk_test_123" not in repr(made)
    assert "whsec_456" not in repr(made)


def test_without_a_key_stripe_is_off(tmp_path: object) -> None:
    assert not Settings.from_env({"SECRET_KEY": "k" * 40, "SOUQ_HOME": str(tmp_path)}).payment.secret_key
