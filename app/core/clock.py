"""The one clock: every instant in the program is asked here, so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime

_source: list[Callable[[], datetime]] = []


def utcnow() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _source[-1]() if _source else datetime.now(UTC)


def push_clock(source: Callable[[], datetime]) -> Callable[[], None]:
    """Let `source` tell the time until the returned function is called (tests only)."""
    _source.append(source)
    return lambda: _source.remove(source)
