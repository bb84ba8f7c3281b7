"""A raw post, comment or tombstone into its document."""

from dataclasses import replace

from federation.errors import MalformedError
from federation.vocab.objects import ObjectDocument, TombstoneDocument
from federation.vocab.parse_carried import read_duration, read_meeting, read_poll
from federation.vocab.parse_fields import (
    Raw,
    as_list,
    is_address,
    read_endpoint,
    read_flag,
    read_language,
    read_line,
    read_recipients,
    read_reference,
    read_text,
    read_time,
    read_uri,
)
from federation.vocab.parse_media import (
    read_attachments,
    read_location,
    read_own_file,
    read_page_url,
    read_picture,
    read_tags,
)
from federation.vocab.parse_source import read_markdown, read_media_type
from federation.vocab.terms import ACTIVITY_KINDS, PERSON_TYPES, JsonValue, Kind, kind_of

TIMED_TYPES = frozenset({"Event", "Question"})
PLAYED_TYPES = frozenset({"Video", "Audio"})
FILE_TYPES = frozenset({"Image", "Document", "Link"})


def parse_object(raw: Raw, *, embedded: bool = False) -> ObjectDocument:
    """Read a post or comment; raises MalformedError naming the member that is wrong or missing.

    An `embedded` object may lack an id (poll votes, previews); a document of its own may not.
    A type we do not know gives kind UNKNOWN, with name, summary and link kept.
    """
    uri = "" if embedded and raw.get("id") is None else read_uri(raw, "id")
    object_type = read_object_type(raw)
    author, author_group = _attribution(raw, object_type)
    audience = read_recipients(raw, "audience")
    mentions, hashtags = read_tags(raw)
    document = ObjectDocument(
        uri=uri,
        type=object_type,
        kind=kind_of(object_type),
        attributed_to=author,
        group=audience[0] if audience else author_group,
        audience=audience,
        name=read_line(raw, "name"),
        content=read_text(raw, "content"),
        media_type=read_media_type(raw),
        summary=read_text(raw, "summary"),
        source_markdown=read_markdown(raw),
        in_reply_to=read_reference(raw, "inReplyTo"),
        to=read_recipients(raw, "to"),
        cc=read_recipients(raw, "cc"),
        mentions=mentions,
        hashtags=hashtags,
        attachments=read_attachments(raw),
        image_url=read_picture(raw, "image", "icon"),
        url=read_page_url(raw, uri),
        published=read_time(raw, "published"),
        updated=read_time(raw, "updated"),
        language=read_language(raw),
        sensitive=bool(read_flag(raw, "sensitive")),
        distinguished=bool(read_flag(raw, "distinguished")),
        comments_enabled=read_flag(raw, "commentsEnabled") is not False,
        context=read_endpoint(raw, "context"),
        replies=read_endpoint(raw, "replies") or read_endpoint(raw, "comments"),
        raw=raw,
    )
    return _with_what_it_carries(document, raw)


def _with_what_it_carries(document: ObjectDocument, raw: Raw) -> ObjectDocument:
    """Add what only some types have."""
    if document.type in TIMED_TYPES:
        document = _with_times(document, raw)
    if document.type in PLAYED_TYPES:
        document = replace(document, duration=read_duration(raw))
    if document.type in FILE_TYPES:
        own = read_own_file(raw, document.type)
        document = replace(document, attachments=(*own, *document.attachments))
    preview = raw.get("preview")
    if document.image_url is None and isinstance(preview, dict):
        document = replace(document, image_url=read_picture(preview, "image", "attachment"))
    return document


def _with_times(document: ObjectDocument, raw: Raw) -> ObjectDocument:
    """Add when and where a meeting is, and the answers of a poll and until when it is open."""
    is_event = document.type == "Event"
    return replace(
        document,
        poll=None if is_event else read_poll(raw),
        meeting=read_meeting(raw) if is_event else None,
        start_time=read_time(raw, "startTime"),
        end_time=read_time(raw, "endTime"),
        location=read_location(raw),
    )


def parse_tombstone(raw: Raw) -> TombstoneDocument:
    """Read what is left of something deleted."""
    former = raw.get("formerType")
    return TombstoneDocument(
        uri=read_uri(raw, "id"),
        former_type=former if isinstance(former, str) else None,
        deleted=read_time(raw, "deleted"),
        published=read_time(raw, "published"),
        raw=raw,
    )


def read_object_type(raw: Raw) -> str:
    """Return the type; of several the first that we know. Activities have exactly one."""
    value = raw.get("type")
    if isinstance(value, str) and value:
        return value
    types = [one for one in as_list(value) if isinstance(one, str) and one]
    if not types or len(types) != len(as_list(value)):
        raise MalformedError("type", "not a text")
    if any(kind_of(one) in ACTIVITY_KINDS for one in types):
        raise MalformedError("type", "an activity has one type")
    return next((one for one in types if kind_of(one) is not Kind.UNKNOWN), types[0])


def _attribution(raw: Raw, object_type: str) -> tuple[str | None, str | None]:
    """Return the one author and, when named beside them, the group.

    A text or an object is the author. A list is read only when it leaves no choice: each entry an
    object with id and type, one of them a person (PeerTube). `[mal, bob]` is refused, because two
    checks would read it two ways. An Event has its person in `actor` and its group in
    `attributedTo` (Mobilizon).
    """
    if "attributedTo" not in raw:
        return None, None
    value = raw["attributedTo"]
    if isinstance(value, list) and not (len(value) == 1 and isinstance(value[0], str)):
        return _author_of_many(value)
    author = read_reference(raw, "attributedTo")
    if author is None:
        raise MalformedError("attributedTo", "names nobody")
    if object_type == "Event" and isinstance(raw.get("actor"), str):
        organiser = read_uri(raw, "actor")
        return organiser, author if author != organiser else None
    return author, None


def _author_of_many(entries: list[JsonValue]) -> tuple[str, str | None]:
    """Return the single person and the first group of a typed list."""
    people: list[str] = []
    groups: list[str] = []
    for entry in entries:
        uri = entry.get("id") if isinstance(entry, dict) else None
        entry_type = entry.get("type") if isinstance(entry, dict) else None
        if not isinstance(uri, str) or not isinstance(entry_type, str) or not is_address(uri):
            raise MalformedError("attributedTo", "a list that does not say who the author is")
        if entry_type in PERSON_TYPES:
            people.append(uri)
        elif entry_type == "Group":
            groups.append(uri)
    if len(people) != 1:
        raise MalformedError("attributedTo", "not exactly one author")
    return people[0], groups[0] if groups else None
