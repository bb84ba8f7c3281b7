"""What moderators do that is not already an event of the forum."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class ReportMade(Event):
    """Somebody asked the moderators to look at something.

    `tells_home`: the server where the author lives may hear of it too.
    """

    report_id: int
    tells_home: bool = True


@dataclass(frozen=True)
class ReportResolved(Event):
    """A moderator dealt with a report; `by_id` is None where a server did."""

    report_id: int
    by_id: int | None


@dataclass(frozen=True)
class PersonWarned(Event):
    """A moderator told somebody that a text of theirs goes too far; it stays where it is."""

    account_id: int
    by_id: int | None
    post_id: int | None
    comment_id: int | None
    reason: str


@dataclass(frozen=True)
class ActLogged(Event):
    """An act against or for one person stands in the log: a warning, a ban, its end."""

    entry_id: int


@dataclass(frozen=True)
class HostRuled(Event):
    """A server was blocked, admitted, or set free."""

    host: str
