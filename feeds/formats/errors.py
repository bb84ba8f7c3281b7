"""What the feed formats refuse.

Tree: `ValueError` > `NotAFeedError`, `InvalidOpmlError`.
"""

from enum import StrEnum


class NotAFeedReason(StrEnum):
    """Why a body is not a feed; the caller chooses the sentence a person reads."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    HTML = "html"
    JSON = "json"
    XML = "xml"
    TEXT = "text"
    UNREADABLE = "unreadable"


class NotAFeedError(ValueError):
    """The bytes are not a feed of any kind we read; `reason` says what they are instead."""

    def __init__(self, reason: NotAFeedReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class InvalidOpmlError(ValueError):
    """The bytes are not OPML we accept: too large, with a DOCTYPE, not well-formed, no body.

    `is_too_large` is for who says it in another language.
    """

    def __init__(self, message: str, *, is_too_large: bool = False) -> None:
        super().__init__(message)
        self.is_too_large = is_too_large
