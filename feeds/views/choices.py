"""What a reader of the river chose: one source, a topic, both or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from feeds.models.feed import Feed
from feeds.news_filters import NewsFilter, list_news_filters
from feeds.queries import find_shown_feed

SOURCE = "bron"


@dataclass(frozen=True)
class Chosen:
    """The choices of a request. `feed_ids` is None when nothing is chosen.

    `arguments` go back into addresses, `texts` name each choice by the name of its field.
    """

    feed_ids: tuple[int, ...] | None
    arguments: dict[str, Any]
    texts: dict[str, str]
    source: Feed | None = None


def read_choices() -> Chosen:
    """Read the choices from the address; what is unknown chooses nothing."""
    arguments: dict[str, Any] = {}
    texts: dict[str, str] = {}
    found: list[set[int]] = []
    source = find_shown_feed(request.args.get(SOURCE, "")) if SOURCE in request.args else None
    if source is not None:
        arguments[SOURCE], texts[SOURCE] = source.public_id, source.name
        found.append({source.id})
    for news_filter in list_news_filters():
        value = request.args.get(news_filter.name, "")
        feed_ids = news_filter.find_feed_ids(value) if value else None
        if feed_ids is not None:
            arguments[news_filter.name] = value
            texts[news_filter.name] = _text_of(news_filter, value)
            found.append(set(feed_ids))
    feed_ids = tuple(sorted(set.intersection(*found))) if found else None
    return Chosen(feed_ids, arguments, texts, source)


def without(chosen: Chosen, name: str) -> dict[str, Any]:
    """Return the choices but one, to take it away."""
    return {key: value for key, value in chosen.arguments.items() if key != name}


def _text_of(news_filter: NewsFilter, value: str) -> str:
    options: Sequence[tuple[str, str]] = news_filter.list_options()
    return dict(options).get(value, value)
