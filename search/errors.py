"""What a search may raise; every error carries a stable ``code`` that a page can turn into a sentence."""


class SearchError(Exception):
    """Base of all errors of this library."""

    code = "search_error"


class QueryRefused(SearchError):
    """A query asks for more than a search allows; ``code`` says what, ``limit`` how much is allowed."""

    def __init__(self, code: str, *, limit: int) -> None:
        super().__init__(f"{code} (limit {limit})")
        self.code = code
        self.limit = limit


class DocumentRefused(SearchError):
    """A document does not fit the schema; the message names the field."""

    code = "document_refused"


class EngineUnavailable(SearchError):
    """The engine does not answer, or answers with a fault of its own; try again later."""

    code = "engine_unavailable"


class CertificateRefused(EngineUnavailable):
    """The engine shows a certificate that the authority set for it did not sign."""

    code = "engine_certificate"


class NoTimeLeft(EngineUnavailable):
    """Who asked had too little time left for any answer; says nothing of the engine."""


class KeyRefused(EngineUnavailable):
    """The engine does not know who asks: the key is wrong, has expired or was taken back."""

    code = "engine_key"


class RightsRefused(EngineUnavailable):
    """The engine knows who asks, and does not allow it."""

    code = "engine_rights"
