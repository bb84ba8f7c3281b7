"""Ways to choose news that higher floors add, such as the topics of the directory.

The river knows feeds and no topics; whoever does registers here how a choice becomes feeds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class NewsFilter:
    """A choice above the river.

    `name` is its field in the address (`onderwerp`), `get_label` words it in the reader's language.
    `list_options` gives (value, text) of what can be chosen, `find_feed_ids` the feeds of a value,
    None when the value is unknown. Both are asked per rendering: one statement each.
    """

    name: str
    get_label: Callable[[], str]
    list_options: Callable[[], Sequence[tuple[str, str]]]
    find_feed_ids: Callable[[str], Sequence[int] | None]


_filters: dict[str, NewsFilter] = {}


def add_news_filter(news_filter: NewsFilter) -> None:
    """Offer a choice above the river; the same name again replaces it."""
    _filters[news_filter.name] = news_filter


def list_news_filters() -> list[NewsFilter]:
    """Return all choices, in the order in which they were added."""
    return list(_filters.values())
