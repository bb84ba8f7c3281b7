"""A clock that tests set."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Tells the time it was set to; starts at a fixed Monday afternoon."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def set(self, instant: datetime) -> None:
        """Jump to an instant."""
        self.instant = instant

    def advance(self, duration: timedelta) -> datetime:
        """Let time pass."""
        self.instant += duration
        return self.instant
