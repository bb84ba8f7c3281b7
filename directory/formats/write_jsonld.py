"""Write listings as schema.org in JSON-LD 1.1. Pure."""

import json
from typing import Any, Final

from directory.formats.document import (
    DirectoryDocument,
    EntryDocument,
    RelationDocument,
    TopicDocument,
)

CONTEXT: Final = "https://schema.org"
TYPES: Final = {
    "netwerk": "Organization",
    "samenwerkingsverband": "Organization",
    "onderzoeksgroep": "ResearchOrganization",
    "bron(info)": "CreativeWork",
    "scholing": "Course",
}
# Signs that could end a script element or start markup; the JSON means the same with escapes.
_UNSAFE_IN_HTML: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028"}
_ORGANISATIONS: Final = ("Organization", "ResearchOrganization")


def write_jsonld(document: DirectoryDocument) -> str:
    """Return the whole directory as one schema.org Dataset with its listings."""
    pages = {entry.slug: entry.page for entry in document.entries}
    topics = {topic.slug: topic for topic in document.topics}
    listings = [
        describe_entry(entry, topics, _about(entry, document.relations), pages)
        for entry in document.entries
    ]
    content = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": document.meta.get("title", "Gids"),
        "hasPart": listings,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_for_page(described: dict[str, Any]) -> str:
    """Return one described listing as JSON that can stand inside a script element of a page."""
    content = json.dumps({"@context": CONTEXT, **described}, ensure_ascii=False)
    for sign, escaped in _UNSAFE_IN_HTML.items():
        content = content.replace(sign, escaped)
    return content


def describe_entry(
    entry: EntryDocument,
    topics: dict[str, TopicDocument],
    relations: list[RelationDocument],
    pages: dict[str, str],
) -> dict[str, Any]:
    """Return `entry` in schema.org's words; only topics of the source, not our reading."""
    kind = TYPES[entry.category]
    about = [_topic(topics[ref.slug]) for ref in entry.topics if ref.slug in topics]
    links = [entry.linkedin_url] + [
        pages[relation.object]
        for relation in relations
        if relation.type == "same_as" and relation.object in pages
    ]
    described: dict[str, Any] = {
        "@type": kind,
        "@id": entry.uri,
        "name": _text(entry.names),
        "description": _text(entry.descriptions),
        "url": entry.url if entry.url_candidate is None else None,
        "mainEntityOfPage": entry.page,
        "sameAs": [link for link in links if link],
        "knowsAbout" if kind in _ORGANISATIONS else "about": about,
        _owner_property(kind): {"@type": "Organization", "name": entry.institution}
        if entry.institution
        else None,
    }
    return {name: value for name, value in described.items() if value}


def _owner_property(kind: str) -> str:
    return "parentOrganization" if kind in _ORGANISATIONS else "publisher"


def _about(entry: EntryDocument, relations: tuple[RelationDocument, ...]) -> list[RelationDocument]:
    return [relation for relation in relations if relation.subject == entry.slug]


def _topic(topic: TopicDocument) -> dict[str, Any]:
    return {"@type": "DefinedTerm", "@id": topic.uri, "name": _text(topic.labels)}


def _text(texts: dict[str, str]) -> str | list[dict[str, str]] | None:
    """Return a plain text when it is Dutch only, else one value object per language."""
    if set(texts) <= {"nl"}:
        return texts.get("nl")
    return [{"@language": language, "@value": text} for language, text in texts.items()]
