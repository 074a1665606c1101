"""A small Stripe on loopback that remembers: sessions, refunds, accounts, idempotency keys; with faults on demand."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import urllib.parse
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WEBHOOK_SECRET = "whsec_" + "t" * 32
SECRET_KEY = "sk_test_" + "k" * 24


class StripeDouble:
    """Its state. ``faults`` are used up one a request: cut (nothing done), lost (done, no answer), 409, 429, 500."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.answered: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        self.faults: deque[str] = deque()
        self.calls: list[str] = []
        self.clock = lambda: datetime.now().timestamp()
        self.lock = threading.Lock()
        self.url = ""

    def post(self, path: str, fields: dict[str, str], account: str, key: str) -> tuple[int, dict[str, Any]]:
        content = json.dumps([path, sorted(fields.items())])
        with self.lock:
            self.calls.append(f"POST {path}")
            if key and (account, key) in self.answered:
                before, answer = self.answered[account, key]
                if before != content:
                    return 400, {"error": {"type": "idempotency_error", "message": "other content"}}
                return 200, answer
            made = self._make(path, fields, account)
            if key and made[0] == 200:
                self.answered[account, key] = (content, made[1])
            return made

    def get(self, path: str, query: dict[str, str], account: str) -> tuple[int, dict[str, Any]]:
        with self.lock:
            self.calls.append(f"GET {path}")
            if path == "/v1/checkout/sessions":
                low, high = float(query.get("created[gte]", 0)), float(query.get("created[lte]", 1e12))
                found = [s for s in self.sessions.values() if s["account"] == account and low <= s["created"] <= high]
                return 200, {"object": "list", "data": found, "has_more": False, "url": path}
            if path == "/v1/refunds":
                found = [r for r in self.refunds.values() if r["account"] == account]
                found = [r for r in found if r["payment_intent"] == query["payment_intent"]]
                return 200, {"object": "list", "data": found, "has_more": False, "url": path}
            if path == "/v1/accounts":
                made = [a for a in self.accounts.values() if float(query.get("created[gte]", 0)) <= a["created"]]
                return 200, {"object": "list", "data": made, "has_more": False, "url": path}
            if path.startswith("/v1/accounts/"):
                return 200, self.accounts[path.rsplit("/", 1)[1]]
        return 404, {"error": {"type": "invalid_request_error", "message": "no such thing"}}

    def _make(self, path: str, fields: dict[str, str], account: str) -> tuple[int, dict[str, Any]]:
        number = next(self.numbers)
        if path == "/v1/checkout/sessions":
            made = {
                "id": f"cs_test_{number}", "object": "checkout.session", "url": f"https://cards.example/{number}",
                "status": "open", "payment_status": "unpaid", "created": int(self.clock()), "account": account,
                "client_reference_id": fields["client_reference_id"],
                "amount_total": int(fields["line_items[0][price_data][unit_amount]"]),
                "currency": fields["line_items[0][price_data][currency]"],
                "payment_intent": f"pi_{number}", "metadata": {"payment": fields["metadata[payment]"]},
            }  # fmt: skip
            self.sessions[made["id"]] = made
            return 200, made
        if path == "/v1/refunds":
            made = {
                "id": f"re_{number}", "object": "refund", "amount": int(fields["amount"]), "currency": "usd",
                "status": "pending", "payment_intent": fields["payment_intent"],
                "metadata": {"refund": fields["metadata[refund]"]}, "account": account,
            }  # fmt: skip
            self.refunds[made["id"]] = made
            return 200, made
        if path == "/v1/accounts":
            made = {
                "id": f"acct_{number}", "object": "account", "country": fields["country"], "charges_enabled": False,
                "requirements": {"disabled_reason": "requirements.past_due"}, "created": int(self.clock()),
                "metadata": {"settlement_account": fields["metadata[settlement_account]"]},
            }  # fmt: skip
            self.accounts[made["id"]] = made
            return 200, made
        if path == "/v1/account_links":
            return 200, {"object": "account_link", "url": f"https://cards.example/join/{fields['account']}"}
        return 404, {"error": {"type": "invalid_request_error", "message": "no such thing"}}

    def signed(
        self,
        kind: str,
        content: dict[str, Any],
        account: str,
        *,
        at: datetime,
        event_id: str = "",
        secret: str = WEBHOOK_SECRET,
    ) -> tuple[bytes, str]:
        """The body of an event and its signature header."""
        event = {
            "id": event_id or f"evt_{next(self.numbers)}", "object": "event", "type": kind, "account": account,
            "created": int(at.timestamp()), "livemode": False, "api_version": "2026-10-28.endive",
            "data": {"object": content},
        }  # fmt: skip
        body = json.dumps(event).encode()
        return body, signature_of(body, at, secret)


def signature_of(body: bytes, at: datetime, secret: str = WEBHOOK_SECRET) -> str:
    """Stripe's scheme: HMAC-SHA256 over time and body."""
    stamp = int(at.timestamp())
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mac}"


@contextmanager
def stripe_double() -> Iterator[StripeDouble]:
    """The double behind a loopback port."""
    double = StripeDouble()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            fields = dict(urllib.parse.parse_qsl(body))
            account = self.headers.get("Stripe-Account", "")
            self._serve(lambda: double.post(self.path, fields, account, self.headers.get("Idempotency-Key", "")))

        def do_GET(self) -> None:
            path, _mark, query = self.path.partition("?")
            self._serve(
                lambda: double.get(path, dict(urllib.parse.parse_qsl(query)), self.headers.get("Stripe-Account", ""))
            )

        def _serve(self, work: Any) -> None:
            fault = double.faults.popleft() if double.faults else ""
            if fault == "cut":
                self.close_connection = True
                self.connection.close()
                return
            if fault.isdigit():
                status, answer = int(fault), {"error": {"type": "api_error", "message": "not now"}}
            else:
                status, answer = work()
            if fault == "lost":
                self.close_connection = True
                self.connection.close()
                return
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
