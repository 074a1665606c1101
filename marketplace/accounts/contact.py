"""Ways to reach a person, as they are kept and compared: e-mail addresses and telephone numbers."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from marketplace.kernel.text import cleaned, normal_email

# countries with more than one zone; people change it in their account
_BUSINESS_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
}
HOME_REGION = "ID"  # 0812… is an Indonesian number


def email_or_none(text: str) -> str | None:
    """The address in its compared form; None if it is none. No name server is asked."""
    typed = normal_email(cleaned(text, 254))
    try:
        parts = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return typed if "." in parts.domain else None


def phone_or_none(text: str, region: str = HOME_REGION) -> str | None:
    """The number as E.164 ("+6281234567890"); None if no such number can exist."""
    import phonenumbers

    try:
        number = phonenumbers.parse(cleaned(text, 40), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def readable_phone(number: str) -> str:
    """An E.164 number in groups, as people read it."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def zone_of(country: str) -> str:
    """The time zone in which a country's business is mostly done; UTC where that cannot be told."""
    from babel.core import get_global

    if country in _BUSINESS_ZONES:
        return _BUSINESS_ZONES[country]
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return zones[0] if len(zones) == 1 and "/" in zones[0] else "UTC"


def identifier(text: str) -> str:
    """What a person typed to sign in, in the form in which accounts are found and tries are counted."""
    if "@" in text:
        return normal_email(cleaned(text, 254))
    return phone_or_none(text) or normal_email(cleaned(text, 254))


def whatsapp_address(number: str, text: str) -> str:
    """A wa.me address that opens a chat with a prepared text; the person sends it by hand."""
    from urllib.parse import quote

    return f"https://wa.me/{number.lstrip('+')}?text={quote(text)}"
