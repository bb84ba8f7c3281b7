"""Topics: the list, one topic in all categories, and the crossing of both."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts.current import current_account
from app.search.documents import Kind
from app.search.queries import search
from app.search.readers import current_reader
from directory.models.listing import Listing
from directory.models.topic import Topic
from directory.queries.listings import list_listings_of_topic
from directory.queries.shown import ShownListing, describe_topic, present_listing, show_text
from directory.queries.topics import Crossing, get_topic, list_crossings, list_topics
from directory.views.blueprint import blueprint
from directory.views.doors import DoorText, count_text, door_texts

SHOWN_THREADS = 5


@dataclass(frozen=True)
class TopicBlock:
    """What stands under one topic behind one door."""

    door: DoorText
    href: str
    count: str
    listings: tuple[ShownListing, ...]
    candidates: tuple[ShownListing, ...]


@blueprint.get("/onderwerpen")
def show_topics() -> str:
    """Show all topics, the narrower ones under the broader, with how much there is."""
    language = str(get_locale())
    crossings = list_crossings(current_account())
    return render_template(
        "directory/show_topics.html",
        rows_of_topics=[
            {"crossing": row, "topic": _described(row.topic, language), "narrower": narrower}
            for row in crossings
            if row.topic.broader_id is None
            for narrower in [_narrower(row, crossings, language)]
        ],
    )


@blueprint.get("/onderwerp/<slug>")
def show_topic(slug: str) -> str:
    """Show a topic: its words, its neighbours, and what stands under it behind every door."""
    language = str(get_locale())
    topics = list_topics()
    topic = next((row for row in topics if row.slug == slug), None) or get_topic(slug)
    listings = list_listings_of_topic(topic, current_account())
    label = show_text(topic.labels, language)
    found = search(topic.label, current_reader(), kinds=[Kind.POST])
    return render_template(
        "directory/show_topic.html",
        topic=topic,
        label=label,
        synonyms=topic.synonyms,
        broader=[describe_topic(t, language) for t in topics if t.id == topic.broader_id],
        narrower=[describe_topic(t, language) for t in topics if t.broader_id == topic.id],
        blocks=_blocks(topic, listings, language),
        threads=() if found.is_partial else found.items[:SHOWN_THREADS],
        search_url=url_for("search.show_search", q=topic.label, soort=Kind.POST.value),
    )


@blueprint.get("/matrix")
def show_matrix() -> str:
    """Show every topic against every category; each cell leads to the door and to the topic."""
    language, doors = str(get_locale()), door_texts()
    return render_template(
        "directory/show_matrix.html",
        doors=list(doors.values()),
        rows=[
            {
                "topic": describe_topic(crossing.topic, language),
                "cells": [_cell(crossing, door, language) for door in doors.values()],
            }
            for crossing in list_crossings(current_account())
        ],
    )


def _described(topic: Topic, language: str) -> dict[str, object]:
    return {
        "label": show_text(topic.labels, language).body,
        "slug": topic.slug,
        "synonyms": topic.synonyms,
    }


def _narrower(row: Crossing, crossings: list[Crossing], language: str) -> list[dict[str, object]]:
    return [
        {**_described(other.topic, language), "count": other.main}
        for other in crossings
        if other.topic.broader_id == row.topic.id
    ]


def _blocks(topic: Topic, listings: list[Listing], language: str) -> list[TopicBlock]:
    """Return one block per door, also the empty ones: what is missing is worth seeing."""
    blocks = []
    for category, door in door_texts().items():
        here = [row for row in listings if row.category == category.value]
        ours = {
            row.id
            for row in here
            if any(t.is_candidate and t.topic_id == topic.id for t in row.topics)
        }
        main = tuple(present_listing(row, language) for row in here if row.id not in ours)
        blocks.append(
            TopicBlock(
                door=door,
                href=url_for(door.endpoint, onderwerp=topic.slug),
                count=count_text(category, len(main)),
                listings=main,
                candidates=tuple(present_listing(row, language) for row in here if row.id in ours),
            )
        )
    return blocks


def _cell(crossing: Crossing, door: DoorText, language: str) -> dict[str, object]:
    cell, topic = crossing.cells[door.category], crossing.topic
    label = show_text(topic.labels, language).body
    topic_url = url_for("directory.show_topic", slug=topic.slug)
    return {
        "main": cell.main,
        "candidates": cell.candidates,
        "door_href": url_for(door.endpoint, onderwerp=topic.slug),
        "topic_href": f"{topic_url}#{door.anchor}",
        "door_label": _(
            "%(count)s over %(topic)s", count=count_text(door.category, cell.main), topic=label
        ),
        "topic_label": _("Onderwerp %(topic)s: %(door)s", topic=label, door=door.short_title),
    }
