"""Failures that are the person's to mend: each carries a sentence fit to show and a status."""

from __future__ import annotations


class DomainError(Exception):
    """Something that was asked cannot be done; the sentence says what to do instead."""

    status = 422

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(DomainError):
    """The thing does not exist, or this person may not know that it does."""

    status = 404

    def __init__(self, sentence: object = "") -> None:
        super().__init__(sentence)


class Forbidden(DomainError):
    """The person knows the thing but may not do this with it."""

    status = 403


class Conflict(DomainError):
    """The thing has changed or is in a state that does not allow this."""

    status = 409


class TooMany(DomainError):
    """Too many tries; `retry_after` is in seconds."""

    status = 429

    def __init__(self, sentence: object, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class AlreadySubmitted(Exception):
    """The same form arrived a second time; `location` is where the first one led."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location
