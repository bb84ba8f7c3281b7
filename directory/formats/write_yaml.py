"""Write a directory file in the shape of starter/directory-seed.yaml. Pure."""

from typing import Any, Final

import yaml

from directory.formats.document import (
    CATEGORIES,
    DirectoryDocument,
    EntryDocument,
    OrganisationDocument,
    RelationDocument,
    TopicDocument,
)

WIDTH: Final = 110
# A succession has a day, also when nobody knows it yet.
SUCCESSIONS: Final = ("intended_successor", "successor")


def write_yaml(document: DirectoryDocument) -> str:
    """Return `document` as YAML; what the starter file does not know comes only where it is set."""
    content: dict[str, Any] = {
        "meta": {**document.meta, "entries": len(document.entries)},
        "categories": [dict(category) for category in CATEGORIES],
        "topics": [_topic(topic) for topic in document.topics],
        "entries": [_entry(entry) for entry in document.entries],
        "relations": [_relation(relation) for relation in document.relations],
        "organisations_mentioned": [_organisation(item) for item in document.organisations],
        "events_mentioned": [dict(event) for event in document.events],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=WIDTH)


def _topic(topic: TopicDocument) -> dict[str, Any]:
    return {
        "slug": topic.slug,
        "label": topic.labels.get("nl"),
        "label_printed": topic.label_printed or None,
        "alt_labels": list(topic.alt_labels),
        "broader": topic.broader,
        "source_sections": list(topic.source_sections),
        "note": topic.note or None,
        **_set({"label_en": topic.labels.get("en")}),
    }


def _entry(entry: EntryDocument) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "name": entry.names.get("nl"),
        "category": entry.category,
        "kind": entry.kind or None,
        "topics": [{"term": ref.term, "slug": ref.slug} for ref in entry.topics],
        "topic_candidates": list(entry.topic_candidates),
        "terms_in_text": list(entry.terms_in_text),
        "url": entry.url,
        "url_candidate": entry.url_candidate,
        "link_text": entry.link_text or None,
        "printed_host": entry.printed_host or None,
        "linkedin": entry.linkedin or None,
        "institution": entry.institution or None,
        "people": list(entry.people),
        "description": entry.descriptions.get("nl"),
        "source_section": entry.source_section or None,
        "also_in": list(entry.also_in),
        "note": entry.note or None,
        **_set(
            {
                "name_en": entry.names.get("en"),
                "description_en": entry.descriptions.get("en"),
                "joining": entry.joining.get("nl"),
                "joining_en": entry.joining.get("en"),
                "linkedin_url": entry.linkedin_url,
                "join_url": entry.join_url,
                "newsletter_url": entry.newsletter_url,
                "feeds": list(entry.feeds),
            }
        ),
    }


def _relation(relation: RelationDocument) -> dict[str, Any]:
    return {
        "type": relation.type,
        "subject": relation.subject,
        "object": relation.object,
        "basis": relation.basis or None,
        **({"date": relation.date} if relation.date or relation.type in SUCCESSIONS else {}),
    }


def _organisation(item: OrganisationDocument) -> dict[str, Any]:
    return {
        "name": item.name,
        "role": item.role or None,
        "source_section": item.source_section or None,
        "host": item.host,
    }


def _set(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that hold something."""
    return {name: value for name, value in values.items() if value}
