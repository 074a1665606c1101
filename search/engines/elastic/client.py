"""The client: addresses, keys, time-outs, and faults turned into this library's own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from elastic_transport import ConnectionTimeout, TlsError, TransportError, Urllib3HttpNode
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    UnsupportedProductError,
)

from search import patience
from search.breaker import Breaker
from search.engines.elastic.pace import Pace
from search.errors import CertificateRefused, EngineUnavailable, KeyRefused, NoTimeLeft, RightsRefused

DEFAULT_PREFIX = "souq"
_WRITE_SECONDS = 20.0
_WRITE_REST = 3.0
_BUILD_SECONDS = 60.0
READ_SECONDS = 1.0  # as long as a page waits: of a server that is slow the page gets what can be had
_FIRST_REST = 0.5
# Every fault reaches the caller as EngineUnavailable; the transport would log each try with a trace of its own.
logging.getLogger("elastic_transport").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the servers are, who asks, and the name that all indices begin with."""

    hosts: tuple[str, ...]
    prefix: str = DEFAULT_PREFIX
    user: tuple[str, str] | None = None


def read_address(url: str) -> Address:
    """``https://user:pass@one:9200,two:9200/prefix`` taken apart; ValueError when it cannot be."""
    scheme, _, rest = url.partition("://")
    # a host may repeat the scheme, as in a list of whole addresses
    places, _, path = rest.replace(f",{scheme}://", ",").partition("/")
    hosts: list[str] = []
    user: tuple[str, str] | None = None
    for place in filter(None, places.split(",")):
        parts = urlsplit(place if "://" in place else f"{scheme}://{place}")
        if not parts.hostname:
            raise ValueError("a search address names a host")
        port = parts.port or (443 if parts.scheme == "https" else 9200)
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        hosts.append(f"{parts.scheme}://{name}:{port}")
        if parts.username:
            user = (unquote(parts.username), unquote(parts.password or ""))
    if not hosts:
        raise ValueError("a search address names a host")
    prefix = path.strip("/") or DEFAULT_PREFIX
    if not prefix.replace("_", "").isalnum() or prefix != prefix.lower() or not prefix[0].isalpha():
        raise ValueError("the index name in a search address has small letters, digits and underscores")
    return Address(tuple(hosts), prefix, user)


def _node_class(pace: Pace) -> type[Urllib3HttpNode]:
    """A connection that gives no single try more time than its caller can spare (see `search.patience`)."""

    class Node(Urllib3HttpNode):
        def perform_request(self, *args: Any, **named: Any) -> Any:
            """Send one request; NoTimeLeft, without a word against this node, where it would have no fair chance."""
            left = patience.left()
            if left is None:
                return super().perform_request(*args, **named)
            if left <= 0:
                raise NoTimeLeft("the search engine took too long")
            wanted, allowed = named.get("request_timeout"), pace.allowed(left)
            named["request_timeout"] = allowed = min(wanted, allowed) if isinstance(wanted, float) else allowed
            began = monotonic()
            try:
                return super().perform_request(*args, **named)
            except ConnectionTimeout as fault:
                if allowed >= left and not pace.is_fair(allowed):
                    raise NoTimeLeft("the search engine took too long") from fault
                raise
            finally:
                pace.took(monotonic() - began)

    return Node


class Client:
    """The official client behind a breaker. Searches are short (pages wait for them), writes may take longer."""

    def __init__(
        self,
        address: Address,
        *,
        api_key: str = "",
        ca_file: str = "",
        time_out: float = READ_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        options: dict[str, Any] = {}
        if api_key:
            options["api_key"] = api_key
        elif address.user:
            options["basic_auth"] = address.user
        if ca_file:
            options["ca_certs"] = ca_file
        raw = Elasticsearch(
            list(address.hosts),
            node_class=_node_class(Pace(len(address.hosts))),
            sniff_on_start=False,
            sniff_on_node_failure=False,
            dead_node_backoff_factor=1.0,
            max_dead_node_backoff=5.0,
            **options,
        )
        retries = min(2, len(address.hosts))
        self._raw = raw
        self._reading = raw.options(request_timeout=time_out, max_retries=retries, retry_on_timeout=retries > 1)
        self._writing = raw.options(
            request_timeout=max(_WRITE_SECONDS, time_out), max_retries=max(1, retries), retry_on_timeout=False
        )
        self._building = raw.options(request_timeout=_BUILD_SECONDS, max_retries=3, retry_on_timeout=True)
        self.breaker = Breaker(first_rest=_FIRST_REST, clock=clock)
        self.write_breaker = Breaker(failures=1, rest=_WRITE_REST, clock=clock)

    @contextmanager
    def reading(self) -> Iterator[Elasticsearch]:
        """For searches: quick to give up, and at once while the server is known to be away (unless unhurried)."""
        if patience.is_unhurried():
            with self.building() as patient:
                yield patient
            return
        with self.breaker.guard(), faults():
            yield self._reading

    @contextmanager
    def writing(self) -> Iterator[Elasticsearch]:
        """For the job that brings in changes: whoever does it has other work, and the changes stay marked."""
        with self.write_breaker.guard(), faults():
            yield self._writing

    @contextmanager
    def building(self) -> Iterator[Elasticsearch]:
        """For rebuilds and everything else that somebody waits for: patient."""
        with faults():
            yield self._building

    def close(self) -> None:
        """Close all connections."""
        self._raw.close()


@contextmanager
def faults() -> Iterator[None]:
    """Turn whatever the client raises into EngineUnavailable, without addresses or keys in the message."""
    try:
        yield
    except ConnectionTimeout as fault:
        raise EngineUnavailable("the search engine took too long") from fault
    except TlsError as fault:
        raise _untrusted(fault) from fault
    except TransportError as fault:
        raise EngineUnavailable("the search engine does not answer") from fault
    except AuthenticationException as fault:
        raise KeyRefused("the search engine does not accept the key (wrong, expired or taken back)") from fault
    except AuthorizationException as fault:
        if fault.error == "security_exception" or not fault.info:  # a question by HEAD is refused without a word
            raise RightsRefused("the search engine does not allow the key what a site needs") from fault
        raise _answered(fault) from fault
    except UnsupportedProductError as fault:
        raise EngineUnavailable("what answers at the address of the search engine is something else") from fault
    except ApiError as fault:
        raise _answered(fault) from fault


def _untrusted(fault: TlsError) -> EngineUnavailable:
    text = str(fault)
    if "mismatch" in text or "doesn't match" in text:
        return CertificateRefused("the search engine's certificate is for another address")
    if "CERTIFICATE_VERIFY_FAILED" not in text:
        return EngineUnavailable("the search engine and this site find no secure way to talk")
    if "expired" in text:
        return CertificateRefused("the search engine's certificate has expired")
    return CertificateRefused("the search engine's certificate is not signed by the authority that is trusted here")


def _answered(fault: ApiError) -> EngineUnavailable:
    return EngineUnavailable(f"the search engine answered {fault.meta.status} {fault.message}")
