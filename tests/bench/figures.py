"""What is measured, what it should reach, and the median of several rounds."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Goal:
    """One line of the table; without a `target` it is shown for comparison only.

    `is_ceiling`: the figure should stay below the target instead of reaching it.
    """

    key: str
    title: str
    unit: str
    target: float | None = None
    is_ceiling: bool = False


GOALS = (
    Goal("home", "home page", "/s", 200),
    Goal("home_new", "- rendered anew each time", "/s"),
    Goal("community", "community page", "/s", 200),
    Goal("community_new", "- rendered anew each time", "/s"),
    Goal("thread", "thread of 500 comments", "/s", 60),
    Goal("thread_p95", "- 95th percentile", "ms", 300, is_ceiling=True),
    Goal("thread_new", "- rendered anew each time", "/s"),
    Goal("thread_new_p95", "- rendered anew, 95th percentile", "ms"),
    Goal("group", "Group as ActivityPub", "/s", 800),
    Goal("group_new", "- made anew each time", "/s"),
    Goal("post", "post as ActivityPub", "/s", 800),
    Goal("post_new", "- made anew each time", "/s"),
    Goal("webfinger", "WebFinger", "/s", 1000),
    Goal("webfinger_new", "- made anew each time", "/s"),
    Goal("context", "thread of 500 as context collection", "/s"),
    Goal("context_p95", "- 95th percentile", "ms"),
    Goal("context_new", "- made anew each time", "/s"),
    Goal("context_new_p95", "- made anew, 95th percentile of 16 at once", "ms"),
    Goal("context_alone", "- made anew for one reader", "ms", 50, is_ceiling=True),
    Goal("accepted", "inbox: verified, stored, 202", "/s", 600),
    Goal("applied", "activities applied", "/s", 300),
    Goal("applied_followed", "- in a community that 20 servers follow", "/s"),
    Goal("accepted_postgres", "- with the data in PostgreSQL: accepted", "/s", 600),
    Goal("applied_postgres", "- with the data in PostgreSQL: applied", "/s", 300),
    Goal("fanout", "fan-out of one post to 200 hosts", "/s", 250),
    Goal("fanout_cold", "- to hosts never met before", "/s"),
    Goal("wide", "one post to 1,000 hosts, two workers that only send", "/s", 600),
    Goal("wide_cpu", "- processor time per delivery", "ms"),
    Goal("far", "one peer that takes 200 ms to answer", "/s", 35),
    Goal("dead", "10,000 to 1,000 hosts of which 100 are dead", "/s"),
    Goal("memory", "all processes together (PSS)", "MB", 260, is_ceiling=True),
    Goal("ready", "ready on a second start", "s", 3, is_ceiling=True),
    Goal("idle", "processor while nothing happens", "%"),
)


@dataclass
class Figures:
    """Every round's value of every goal."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def note(self, key: str, value: float) -> None:
        """Keep the value of one round."""
        self.values.setdefault(key, []).append(value)

    def rows(self) -> list["Row"]:
        """Return the measured goals in the order of the table."""
        return [
            Row(goal, tuple(self.values[goal.key])) for goal in GOALS if goal.key in self.values
        ]


@dataclass(frozen=True)
class Row:
    """A goal with what was measured."""

    goal: Goal
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one of the rounds."""
        return median(self.values)

    @property
    def is_reached(self) -> bool | None:
        """Whether the median is on the right side of the target; None without one."""
        if self.goal.target is None:
            return None
        if self.goal.is_ceiling:
            return self.median <= self.goal.target
        return self.median >= self.goal.target


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
