"""The small members of our documents as JSON, in the shapes that the strictest reader accepts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from federation.vocab.outgoing_parts import (
    CollectionCount,
    File,
    Hashtag,
    Language,
    Link,
    Mention,
    Picture,
    ProfileField,
)
from federation.vocab.terms import MARKDOWN

Members: TypeAlias = dict[str, object]


def without_absent(members: Members) -> Members:
    """Drop what is None: an absent member is left out, never written as null."""
    return {name: value for name, value in members.items() if value is not None}


def write_time(moment: datetime | None) -> str | None:
    """Write a time as RFC 3339 in UTC with Z; milliseconds only where there are any."""
    if moment is None:
        return None
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def write_later(updated: datetime | None, published: datetime) -> str | None:
    """Write `updated` only when it is later than `published`; GoToSocial refuses the reverse."""
    return write_time(updated) if updated is not None and updated > published else None


def write_source(markdown: str | None) -> Members | None:
    """Write the Markdown a text was made from."""
    return {"content": markdown, "mediaType": MARKDOWN} if markdown else None


def write_language(language: Language) -> Members:
    """Write a language with both of its keys."""
    return {"identifier": language.identifier, "name": language.name}


def write_key(owner: str, pem: str | None) -> Members | None:
    """Write the one RSA key of an actor (federation.md section 1.1)."""
    if pem is None:
        return None
    return {"id": f"{owner}#main-key", "owner": owner, "publicKeyPem": pem}


def write_picture(picture: Picture | None) -> Members | None:
    """Write a picture as an Image with one address."""
    if picture is None:
        return None
    return without_absent(
        {
            "type": "Image",
            "url": picture.url,
            "mediaType": picture.media_type,
            "name": picture.name,
            "width": picture.width,
            "height": picture.height,
        }
    )


def write_attachments(attachments: Sequence[Link | Picture | File]) -> list[Members]:
    """Write attachments; the one link that a post is about goes first, as Lemmy expects."""
    links = [a for a in attachments if isinstance(a, Link)]
    others = [a for a in attachments if not isinstance(a, Link)]
    return [_attachment(one) for one in (*links, *others)]


def write_profile_fields(fields: Sequence[ProfileField]) -> list[Members]:
    """Write the lines of a profile."""
    return [{"type": "PropertyValue", "name": f.name, "value": f.value} for f in fields]


def write_tags(
    group: Mention | None, mentions: Sequence[Mention], hashtags: Sequence[Hashtag]
) -> list[Members]:
    """Write mentions, the group's first, each once, and hashtags."""
    everyone = {mention.href: mention for mention in (*([group] if group else []), *mentions)}
    tags = [
        without_absent({"type": "Mention", "href": mention.href, "name": mention.name})
        for mention in everyone.values()
    ]
    for hashtag in hashtags:
        name = f"#{hashtag.name.removeprefix('#')}"
        tags.append({"type": "Hashtag", "href": hashtag.href, "name": name})
    return tags


def write_count(collection: str | CollectionCount | None) -> str | Members | None:
    """Write a collection as its address, or with its size for readers that fetched the document."""
    if isinstance(collection, CollectionCount):
        return {"type": "Collection", "id": collection.uri, "totalItems": collection.total_items}
    return collection


def _attachment(attachment: Link | Picture | File) -> Members:
    """Write one attachment as Link, Image or Document; Lemmy refuses a post with any other type."""
    if isinstance(attachment, Link):
        return {"type": "Link", "href": attachment.href, "mediaType": attachment.media_type}
    if isinstance(attachment, Picture):
        return write_picture(attachment) or {}
    return without_absent(
        {
            "type": "Document",
            "url": attachment.url,
            "mediaType": attachment.media_type,
            "name": attachment.name,
        }
    )
