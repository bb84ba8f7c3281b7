"""Load a directory file. Loading it again changes nothing, and what was edited here stays."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError
from directory.fingerprint import digest_of
from directory.formats.document import DirectoryDocument, DirectoryFileError, TopicDocument
from directory.formats.read_yaml import read_yaml
from directory.models.relation import Relation
from directory.models.source import DirectorySource, Organisation
from directory.models.topic import Topic
from directory.queries.listings import list_whole_listings
from directory.services.entries import EntryImport
from directory.services.feeds import join_feed
from directory.services.findable import put_listings, put_topics
from directory.services.withholding import withhold_texts

log = logging.getLogger(__name__)
STARTER_FILE: Final = Path(__file__).resolve().parents[1] / "starter" / "directory-seed.yaml"
STARTER: Final = "starter"


@dataclass(frozen=True)
class ImportReport:
    """What loading a file did to the listings; `kept` were edited here and left alone."""

    added: int
    changed: int
    kept: int
    unchanged: int


def import_starter() -> ImportReport:
    """Load the directory that comes with the program."""
    return import_directory(STARTER_FILE.read_bytes(), STARTER)


def import_directory(content: bytes, source: str) -> ImportReport:
    """Load the directory file `content`, known as `source`.

    Raises InvalidInputError whose field names the entry, topic or line that is wrong; then nothing
    has changed.
    """
    try:
        document = read_yaml(content)
    except DirectoryFileError as error:
        raise InvalidInputError(error.where, error.why) from error
    _remember_source(document, source)
    topics, changed_topics = _import_topics(document)
    entries = EntryImport(topics, source, {entry.slug for entry in document.entries})
    for position, entry in enumerate(document.entries):
        entries.apply(entry, position)
    session().flush()
    _import_relations(document, entries)
    _import_feeds(document, entries)
    _import_organisations(document)
    _make_findable(entries, changed_topics)
    return ImportReport(
        added=len(entries.added),
        changed=len(entries.changed),
        kept=entries.kept,
        unchanged=entries.unchanged,
    )


def _remember_source(document: DirectoryDocument, name: str) -> None:
    digest = digest_of(document)
    row = session().scalar(select(DirectorySource).where(DirectorySource.name == name))
    if row is not None and row.digest == digest:
        return
    if row is None:
        row = DirectorySource(name=name)
        session().add(row)
    row.meta, row.events = document.meta, list(document.events)
    row.digest, row.loaded_at = digest, utcnow()


def _import_topics(document: DirectoryDocument) -> tuple[dict[str, Topic], list[Topic]]:
    """Return all topics by slug, and those that are new or changed."""
    known = {topic.slug: topic for topic in session().scalars(select(Topic))}
    changed: list[Topic] = []
    for position, item in enumerate(document.topics):
        row = known.get(item.slug)
        if row is not None and row.source_digest == digest_of(item):
            continue
        if row is None:
            row = known[item.slug] = Topic(slug=item.slug, position=position)
            session().add(row)
        _fill_topic(row, item)
        changed.append(row)
    session().flush()
    for item in document.topics:
        row = known[item.slug]
        if row in changed:
            row.broader_id = known[item.broader].id if item.broader else None
    session().flush()
    return known, changed


def _fill_topic(row: Topic, item: TopicDocument) -> None:
    row.labels, row.label_printed = item.labels, item.label_printed
    row.alt_labels, row.source_sections = list(item.alt_labels), list(item.source_sections)
    row.note, row.source_digest, row.changed_at = item.note, digest_of(item), utcnow()


def _import_relations(document: DirectoryDocument, entries: EntryImport) -> None:
    known = {
        (row.subject_id, row.type, row.object_id) for row in session().scalars(select(Relation))
    }
    for item in document.relations:
        subject, other = entries.listings[item.subject], entries.listings[item.object]
        if (subject.id, item.type, other.id) in known:
            continue
        session().add(
            Relation(
                subject_id=subject.id,
                object_id=other.id,
                type=item.type,
                basis=item.basis,
                on_date=item.date,
            )
        )


def _import_feeds(document: DirectoryDocument, entries: EntryImport) -> None:
    """Attach the feeds that the file names; one that its publisher withdrew stays away."""
    written = {*entries.added, *entries.changed}
    for item in document.entries:
        listing = entries.listings[item.slug]
        for url in item.feeds if listing in written else ():
            try:
                join_feed(listing, url)
            except InvalidInputError as error:
                raise InvalidInputError(f"entry {item.slug}", f"{url}: {error.text}") from error
            except ConflictError:
                log.info("the feed %s of %s was withdrawn and is not read", url, item.slug)


def _import_organisations(document: DirectoryDocument) -> None:
    known = set(session().scalars(select(Organisation.name)))
    for position, item in enumerate(document.organisations):
        if item.name not in known:
            known.add(item.name)
            session().add(
                Organisation(
                    name=item.name,
                    role=item.role,
                    source_section=item.source_section,
                    host=item.host,
                    position=position,
                )
            )


def _make_findable(entries: EntryImport, changed_topics: list[Topic]) -> None:
    """Put what changed in search; a topic that changed is in the words of all its listings."""
    session().flush()
    written = [*entries.added, *entries.changed]
    if not written and not changed_topics:
        return
    everything = list_whole_listings()
    withheld = withhold_texts(everything)
    again = everything if changed_topics else {*written, *withheld}
    put_topics(changed_topics)
    put_listings(listing for listing in everything if listing in again)
