"""What may differ between two deployments, read once from the environment.

`Settings.from_env()` collects every fault and raises one `SettingsError` that names them all,
so that an operator mends a deployment in one go.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from config.addresses import is_database, is_scanner, is_server, lacking_package

# the token takes up to 38 of the 64 letters that may stand before the @
_REPLY_ADDRESS = re.compile(r"(?:[A-Za-z0-9._-]{1,24})?@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,190}[A-Za-z0-9])?")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
# What of ranking may be switched off: the names in `search.ranking`, which stands above; a test holds them together.
RANKING_NAMES = frozenset(
    {"freshness", "completeness", "answer_rate", "verified", "exposure", "related", "title_words", "all_in_title",
     "phrase", "near", "head", "goods", "core", "written", "brevity", "kind", "category"}
)  # fmt: skip


class SettingsError(Exception):
    """The environment holds settings that cannot be used; `faults` lists all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Settings that cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Web:
    port: int = 8000
    host: str = "127.0.0.1"
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    secret_key: str = field(default="", repr=False)
    workers: int = 2
    threads: int = 8

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        return (urlsplit(self.public_url).hostname or "") in LOOPBACK_HOSTS


@dataclass(frozen=True)
class Stores:
    database_url: str
    search_url: str
    storage_url: str
    redis_url: str = field(default="", repr=False)
    search_api_key: str = field(default="", repr=False)
    search_ca_file: str = ""
    ranked_without: frozenset[str] = frozenset()

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


@dataclass(frozen=True)
class Mail:
    url: str
    sender: str = "Pesantren Souq <no-reply@souq.example>"
    inbox_url: str = ""
    reply_address: str = ""


@dataclass(frozen=True)
class Scan:
    """The virus scanner; without an address there is none."""

    url: str = ""
    refuses_when_down: bool = True


@dataclass(frozen=True)
class Payment:
    secret_key: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_base: str = ""


@dataclass(frozen=True)
class WhatsApp:
    """An account of the WhatsApp Business Platform; off where nothing is set."""

    token: str = field(default="", repr=False)
    phone_id: str = ""
    number: str = ""  # that people write to, digits alone
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    url: str = "https://graph.facebook.com/v23.0"
    template: str = "new_lead"

    @property
    def is_on(self) -> bool:
        return bool(self.token)


@dataclass(frozen=True)
class Settings:
    """Everything a deployment sets. `home` holds the embedded default's files (database, photos, mails, models)."""

    home: Path
    web: Web
    stores: Stores
    mail: Mail
    payment: Payment
    scan: Scan = Scan()
    whatsapp: WhatsApp = field(default_factory=WhatsApp)
    log_format: str = "plain"
    rescues_answers: bool = True
    environment: str = "development"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings of this process. Raises `SettingsError` with every fault at once."""
        env = os.environ if environ is None else environ
        faults: list[str] = []
        home = Path(env.get("SOUQ_HOME") or "var").resolve()
        port = _whole_number(env, "PORT", 8000, 1, 65535, faults)
        public_url = (env.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/")
        _check_url(public_url, "PUBLIC_URL", {"http", "https"}, faults)
        database_url = env.get("DATABASE_URL") or f"sqlite:///{home / 'souq.sqlite3'}"
        if database_url.startswith("postgres://"):
            database_url = "postgresql://" + database_url.removeprefix("postgres://")
        if database_url.startswith("postgresql://"):
            database_url = "postgresql+psycopg://" + database_url.removeprefix("postgresql://")
        if not database_url.startswith(("sqlite:", "postgresql+psycopg:")) or (
            database_url.startswith("postgresql") and not is_database(database_url)
        ):
            faults.append("DATABASE_URL: use sqlite:///FILE or postgresql://USER@HOST/NAME.")
        search_url = env.get("SEARCH_URL") or (
            "sqlite:" if database_url.startswith("sqlite") else f"sqlite:///{home / 'search.sqlite3'}"
        )
        if not search_url.startswith(("sqlite:", "http://", "https://")) or (
            search_url.startswith("http") and not is_server(search_url)
        ):
            faults.append("SEARCH_URL: use sqlite: or the http(s):// addresses of Elasticsearch, with commas between.")
        storage_url = env.get("STORAGE_URL") or f"file://{home / 'files'}"
        if not storage_url.startswith(("file://", "s3://")) or storage_url == "s3://":
            faults.append("STORAGE_URL: use file:///FOLDER or s3://BUCKET/PREFIX.")
        redis_url = env.get("REDIS_URL", "")
        if redis_url and (
            not redis_url.startswith(("redis://", "rediss://", "unix://")) or not is_server(redis_url, names_host=False)
        ):
            faults.append("REDIS_URL: use redis://HOST:PORT/NUMBER.")
        mail_url = env.get("MAIL_URL") or f"file://{home / 'mail'}"
        if not mail_url.startswith(("file://", "smtp://", "smtps://")) or (
            mail_url.startswith("smtp") and not is_server(mail_url)
        ):
            faults.append("MAIL_URL: use smtp://USER:PASSWORD@HOST:PORT, smtps://… or file:///FOLDER.")
        mail_in_url = env.get("MAIL_IN_URL", "")
        if mail_in_url and not mail_in_url.startswith("maildir://"):
            faults.append("MAIL_IN_URL: use maildir:///FOLDER.")
        reply_address = env.get("MAIL_IN_ADDRESS", "").strip()
        if reply_address and not _REPLY_ADDRESS.fullmatch(reply_address):
            faults.append("MAIL_IN_ADDRESS: use reply@DOMAIN, or @DOMAIN where every address of the domain comes in.")
        ca_file = env.get("SEARCH_CA_FILE", "")
        if ca_file and not Path(ca_file).is_file():
            faults.append("SEARCH_CA_FILE: there is no such file.")
        without = frozenset(filter(None, (each.strip() for each in env.get("SEARCH_WITHOUT", "").split(","))))
        if without - RANKING_NAMES:
            faults.append(
                f"SEARCH_WITHOUT: use names with commas between, of these: {', '.join(sorted(RANKING_NAMES))}."
            )
        scan_url, when_down = env.get("SCAN_URL", "").strip(), env.get("SCAN_WHEN_DOWN") or "refuse"
        if scan_url and not is_scanner(scan_url):
            faults.append("SCAN_URL: use clamd://HOST:PORT or unix:/SOCKET.")
        if when_down not in {"refuse", "keep"}:
            faults.append("SCAN_WHEN_DOWN: use refuse or keep.")
        webhook_secret = env.get("STRIPE_WEBHOOK_SECRET", "")
        stripe_key = env.get("STRIPE_SECRET_KEY", "")
        if stripe_key and not webhook_secret.startswith("whsec_"):
            faults.append("STRIPE_WEBHOOK_SECRET: Stripe is on, so the whsec_… secret of its webhook is needed.")
        api_base = env.get("STRIPE_API_BASE", "")
        if api_base:
            _check_url(api_base, "STRIPE_API_BASE", {"http", "https"}, faults)
        whatsapp = _whatsapp(env, faults)
        log_format = env.get("LOG_FORMAT") or "plain"
        if log_format not in {"plain", "json"}:
            faults.append("LOG_FORMAT: use plain or json.")
        rescue = env.get("ANSWER_RESCUE") or "on"
        if rescue not in {"on", "off"}:
            faults.append("ANSWER_RESCUE: use on or off.")
        proxies = _whole_number(env, "TRUSTED_PROXIES", 0, 0, 10, faults)
        workers = _whole_number(env, "WEB_WORKERS", 2, 1, 64, faults)
        threads = _whole_number(env, "WEB_THREADS", 8, 1, 64, faults)
        for name, url in (("DATABASE_URL", database_url), ("STORAGE_URL", storage_url), ("REDIS_URL", redis_url)):
            if lack := lacking_package(url):
                faults.append(f"{name}: {lack}")
        secret_key = env.get("SECRET_KEY", "").strip()
        if secret_key and len(secret_key) < 32:
            faults.append("SECRET_KEY: use at least 32 characters, or leave it out to have a key file written.")
        if faults:
            raise SettingsError(faults)
        return cls(
            home=home,
            web=Web(
                port, env.get("HOST") or Web.host, public_url, proxies, secret_key or _key_file(home), workers, threads
            ),
            stores=Stores(
                database_url,
                search_url,
                storage_url,
                redis_url,
                env.get("SEARCH_API_KEY", ""),
                ca_file,
                without,
            ),
            mail=Mail(mail_url, env.get("MAIL_FROM") or Mail.sender, mail_in_url, reply_address),
            payment=Payment(stripe_key, webhook_secret, api_base),
            scan=Scan(scan_url, when_down == "refuse"),
            whatsapp=whatsapp,
            log_format=log_format,
            rescues_answers=rescue == "on",
            environment=env.get("SOUQ_ENVIRONMENT") or "development",
        )


def _whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int, faults: list[str]) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        faults.append(f"{name}: use a whole number from {low} to {high}.")
        return default
    return int(text)


def _whatsapp(env: Mapping[str, str], faults: list[str]) -> WhatsApp:
    """All five, or none: without the way back nobody could agree or say stop."""
    names = ("TOKEN", "PHONE_ID", "NUMBER", "APP_SECRET", "VERIFY_TOKEN")
    given = {name: env.get(f"WHATSAPP_{name}", "").strip() for name in names}
    if any(given.values()):
        faults += [
            f"WHATSAPP_{name}: is needed too, or leave out all of WHATSAPP_…" for name in names if not given[name]
        ]
    number = given["NUMBER"].lstrip("+")
    for name, text in (("PHONE_ID", given["PHONE_ID"]), ("NUMBER", number)):
        if text and not (text.isascii() and text.isdigit()):
            faults.append(f"WHATSAPP_{name}: use digits alone.")
    url = (env.get("WHATSAPP_URL") or WhatsApp.url).rstrip("/")
    _check_url(url, "WHATSAPP_URL", {"http", "https"}, faults)
    if url.startswith("http:") and (urlsplit(url).hostname or "") not in LOOPBACK_HOSTS:
        faults.append("WHATSAPP_URL: use https; the token travels along.")
    template = env.get("WHATSAPP_TEMPLATE") or WhatsApp.template
    return WhatsApp(
        given["TOKEN"], given["PHONE_ID"], number, given["APP_SECRET"], given["VERIFY_TOKEN"], url, template
    )


def _check_url(text: str, name: str, schemes: set[str], faults: list[str]) -> None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        faults.append(f"{name}: use an address such as https://souq.example.")


def _key_file(home: Path) -> str:
    """The secret key of this home, written on the first start with mode 0600."""
    path = home / "secret_key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key + "\n")
    return key
