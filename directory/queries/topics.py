"""Topics: one, all, and how they cross with the categories."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session
from app.core.errors import NotFoundError
from directory.models.listing import Category, Listing
from directory.models.listing_topic import ListingTopic, TopicRole
from directory.models.topic import Topic
from directory.policy import visible_listings


@dataclass(frozen=True)
class Cell:
    """How many listings of a category the source lists under a topic, and how many we add."""

    main: int = 0
    candidates: int = 0


@dataclass(frozen=True)
class Crossing:
    """One topic with its count in every category."""

    topic: Topic
    cells: Mapping[Category, Cell] = field(default_factory=dict)

    @property
    def main(self) -> int:
        """How many listings the source has under the topic."""
        return sum(cell.main for cell in self.cells.values())


def list_topics() -> list[Topic]:
    """Return all topics, in the order of the source."""
    return list(session().scalars(select(Topic).order_by(Topic.position, Topic.id)))


def find_topic(slug: str) -> Topic | None:
    """Return the topic at `/onderwerp/<slug>`."""
    return session().scalar(select(Topic).where(Topic.slug == slug))


def get_topic(slug: str) -> Topic:
    """Return the topic at `/onderwerp/<slug>`; raises NotFoundError."""
    topic = find_topic(slug)
    if topic is None:
        raise NotFoundError(_("Dit onderwerp bestaat niet."))
    return topic


def list_crossings(viewer: Account | None) -> list[Crossing]:
    """Return every topic with its counts per category: the matrix, in two statements."""
    rows = session().execute(
        select(ListingTopic.topic_id, Listing.category, ListingTopic.role, func.count())
        .join(Listing, Listing.id == ListingTopic.listing_id)
        .where(visible_listings(viewer))
        .group_by(ListingTopic.topic_id, Listing.category, ListingTopic.role)
    )
    counts = {(topic, category, role): count for topic, category, role, count in rows}
    return [
        Crossing(
            topic,
            {
                category: Cell(
                    counts.get((topic.id, category.value, TopicRole.MAIN.value), 0),
                    counts.get((topic.id, category.value, TopicRole.CANDIDATE.value), 0),
                )
                for category in Category
            },
        )
        for topic in list_topics()
    ]
