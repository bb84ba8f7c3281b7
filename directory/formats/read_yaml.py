"""Read a directory file (the shape of starter/directory-seed.yaml), naming every fault. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, Final

import yaml

from directory.formats.document import (
    ENTRY_CATEGORIES,
    RELATION_TYPES,
    DirectoryDocument,
    DirectoryFileError,
    EntryDocument,
    OrganisationDocument,
    RelationDocument,
    TopicDocument,
    TopicRef,
)
from directory.formats.fields import Fields, fields_of

MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_ENTRIES: Final = 5_000


def read_yaml(content: bytes) -> DirectoryDocument:
    """Return the directory in `content`; raises DirectoryFileError naming what is wrong where."""
    root = fields_of("file", _load(content))
    topics = tuple(_read_topic(item, n) for n, item in enumerate(root.list_of("topics"), 1))
    found = _list_entries(root)
    entries = tuple(_read_entry(item, n) for n, item in enumerate(found, 1))
    relations = tuple(
        _read_relation(item, n) for n, item in enumerate(root.list_of("relations"), 1)
    )
    document = DirectoryDocument(
        meta=dict(fields_of("meta", root.values.get("meta") or {}).values),
        topics=topics,
        entries=entries,
        relations=relations,
        organisations=tuple(map(_read_organisation, root.list_of("organisations_mentioned"))),
        events=tuple(_read_event(item) for item in root.list_of("events_mentioned")),
    )
    _check(document)
    return document


def _load(content: bytes) -> object:
    if len(content) > MAX_FILE_BYTES:
        raise DirectoryFileError("file", f"larger than {MAX_FILE_BYTES} bytes")
    try:
        return yaml.safe_load(content)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = "file" if mark is None else f"line {mark.line + 1}"
        raise DirectoryFileError(line, f"no valid YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DirectoryFileError("file", f"no valid YAML: {str(error)[:200]}") from error


def _list_entries(root: Fields) -> list[Any]:
    entries = root.values.get("entries")
    if not isinstance(entries, list) or not entries:
        raise DirectoryFileError("file", "entries is missing")
    if len(entries) > MAX_ENTRIES:
        raise DirectoryFileError("file", f"more than {MAX_ENTRIES} entries")
    return entries


def _named(kind: str, item: object, number: int) -> Fields:
    slug = item.get("slug") if isinstance(item, dict) else None
    return fields_of(f"{kind} {slug!s}" if slug else f"{kind} {number}", item)


def _read_topic(item: object, number: int) -> TopicDocument:
    fields = _named("topic", item, number)
    return TopicDocument(
        slug=fields.slug("slug"),
        labels={"nl": fields.needed("label")} | fields.texts("label"),
        label_printed=fields.text("label_printed"),
        alt_labels=fields.list_of_texts("alt_labels"),
        broader=fields.text("broader") or None,
        source_sections=fields.list_of_texts("source_sections"),
        note=fields.text("note"),
    )


def _read_entry(item: object, number: int) -> EntryDocument:
    fields = _named("entry", item, number)
    category = fields.needed("category")
    if category not in ENTRY_CATEGORIES:
        raise DirectoryFileError(
            fields.where, f"category {category!r} is none of {', '.join(ENTRY_CATEGORIES)}"
        )
    return EntryDocument(
        slug=fields.slug("slug"),
        names={"nl": fields.needed("name")} | fields.texts("name"),
        category=category,
        kind=fields.text("kind"),
        topics=tuple(_read_topic_ref(fields.where, ref) for ref in fields.list_of("topics")),
        topic_candidates=fields.list_of_texts("topic_candidates"),
        terms_in_text=fields.list_of_texts("terms_in_text"),
        url=fields.address("url"),
        url_candidate=fields.address("url_candidate"),
        link_text=fields.text("link_text"),
        printed_host=fields.text("printed_host"),
        linkedin=fields.text("linkedin"),
        linkedin_url=fields.address("linkedin_url"),
        join_url=fields.address("join_url"),
        newsletter_url=fields.address("newsletter_url"),
        institution=fields.text("institution"),
        people=fields.list_of_texts("people"),
        descriptions=fields.texts("description"),
        joining=fields.texts("joining"),
        source_section=fields.text("source_section"),
        also_in=fields.list_of_texts("also_in"),
        note=fields.text("note"),
        feeds=fields.list_of_texts("feeds"),
    )


def _read_topic_ref(where: str, item: object) -> TopicRef:
    if isinstance(item, str):
        return TopicRef(item)
    fields = fields_of(where, item)
    return TopicRef(fields.slug("slug"), fields.text("term"))


def _read_relation(item: object, number: int) -> RelationDocument:
    fields = fields_of(f"relation {number}", item)
    if (kind := fields.needed("type")) not in RELATION_TYPES:
        raise DirectoryFileError(fields.where, f"type {kind!r} is unknown")
    return RelationDocument(
        type=kind,
        subject=fields.needed("subject"),
        object=fields.needed("object"),
        basis=fields.text("basis"),
        date=fields.date("date"),
    )


def _read_organisation(item: object) -> OrganisationDocument:
    fields = fields_of("organisations_mentioned", item)
    return OrganisationDocument(
        name=fields.needed("name"),
        role=fields.text("role"),
        source_section=fields.text("source_section"),
        host=fields.text("host") or None,
    )


def _read_event(item: object) -> dict[str, Any]:
    fields = fields_of("events_mentioned", item)
    return {
        "name": fields.needed("name"),
        "date": fields.date("date"),
        "place": fields.text("place") or None,
        "source_section": fields.text("source_section") or None,
    }


def _check(document: DirectoryDocument) -> None:
    """Hold the parts against each other: nothing twice, nothing that points nowhere."""
    topics, entries = {t.slug for t in document.topics}, {e.slug for e in document.entries}
    _check_unique("topic", [topic.slug for topic in document.topics])
    _check_unique("entry", [entry.slug for entry in document.entries])
    for topic in document.topics:
        _check_known(f"topic {topic.slug}", "topic", [topic.broader or topic.slug], topics)
        _check_broader(topic, document.topics)
    for entry in document.entries:
        slugs = (*(ref.slug for ref in entry.topics), *entry.topic_candidates)
        _check_known(f"entry {entry.slug}", "topic", slugs, topics)
    for number, relation in enumerate(document.relations, 1):
        ends = (relation.subject, relation.object)
        _check_known(f"relation {number}", "entry", ends, entries)


def _check_known(where: str, kind: str, slugs: Iterable[str], known: AbstractSet[str]) -> None:
    for slug in slugs:
        if slug not in known:
            raise DirectoryFileError(where, f"{kind} {slug!r} is not in the file")


def _check_broader(topic: TopicDocument, topics: Iterable[TopicDocument]) -> None:
    """Refuse a topic that is broader than itself, however many steps away."""
    broader = {other.slug: other.broader for other in topics}
    seen, slug = set(), topic.broader
    while slug is not None and slug not in seen:
        if slug == topic.slug:
            raise DirectoryFileError(f"topic {topic.slug}", "is broader than itself")
        seen.add(slug)
        slug = broader.get(slug)


def _check_unique(kind: str, slugs: Iterable[str]) -> None:
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            raise DirectoryFileError(f"{kind} {slug}", "stands in the file twice")
        seen.add(slug)
