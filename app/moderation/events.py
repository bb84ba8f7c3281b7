"""What moderators do that is not already an event of the forum."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class ReportMade(Event):
    """Somebody asked the moderators to look at something."""

    report_id: int


@dataclass(frozen=True)
class ReportResolved(Event):
    """A moderator dealt with a report."""

    report_id: int
    by_id: int


@dataclass(frozen=True)
class HostRuled(Event):
    """A server was blocked, admitted, or set free."""

    host: str
