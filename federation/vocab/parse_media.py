"""Links, pictures and tags of a raw document.

What cannot be used here is skipped, never fatal: a post with an odd picture is still a post.
"""

from federation.vocab.objects import Attachment, Mention
from federation.vocab.origin import host_of
from federation.vocab.parse_fields import Raw, as_list, clean_line, is_address
from federation.vocab.terms import HTML, JsonValue

MAX_TAGS = 100
MAX_MENTIONS = 50
MAX_ATTACHMENTS = 100
MAX_NAME = 1500
MAX_HASHTAG = 100
MAX_PIXELS = 100_000
MAX_NESTED_LINKS = 4


def read_page_url(raw: Raw, uri: str) -> str | None:
    """Return the page for people: only on the host of the id, or nothing (CVE-2024-52591)."""
    links = as_list(raw.get("url"))[:MAX_ATTACHMENTS]
    pages = [link for link in links if isinstance(link, dict) and link.get("mediaType") == HTML]
    for link in (*pages, *links):
        url = _address(link)
        if url is not None:
            return url if uri and host_of(url) == host_of(uri) else None
    return None


def read_picture(raw: Raw, *fields: str) -> str | None:
    """Return the address of a picture from the first of these members that has one.

    Of several sizes the last is taken, as Lemmy does.
    """
    for field in fields:
        for picture in reversed(as_list(raw.get(field))[:MAX_ATTACHMENTS]):
            url = _address(picture)
            if url is not None:
                return url
    return None


def read_attachments(raw: Raw) -> tuple[Attachment, ...]:
    """Return links, pictures and files, at most 100 of them."""
    found = (_attachment(value) for value in as_list(raw.get("attachment"))[:MAX_ATTACHMENTS])
    return tuple(attachment for attachment in found if attachment is not None)


def read_own_file(raw: Raw, object_type: str) -> tuple[Attachment, ...]:
    """Return the file or link that a document of type Image, Document or Link is itself."""
    url = _address(raw.get("href") or raw.get("url"))
    if url is None:
        return ()
    links = [one for one in as_list(raw.get("url")) if isinstance(one, dict)]
    media_type = raw.get("mediaType") or (links[0].get("mediaType") if links else None)
    if not isinstance(media_type, str) or media_type == HTML:
        media_type = None
    return (Attachment(object_type, url, media_type and media_type[:MAX_HASHTAG], _name(raw)),)


def read_tags(raw: Raw) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
    """Return mentions (at most 50) and hashtags (without #) among the first 100 tags."""
    mentions: dict[str, Mention] = {}
    hashtags: dict[str, None] = {}
    for tag in as_list(raw.get("tag"))[:MAX_TAGS]:
        if not isinstance(tag, dict):
            continue
        name, href = _name(tag), tag.get("href")
        if tag.get("type") == "Mention" and isinstance(href, str) and is_address(href):
            mentions.setdefault(href, Mention(href, name))
        elif tag.get("type") == "Hashtag" and name is not None and name.lstrip("#").strip():
            hashtags[name.lstrip("#").strip()[:MAX_HASHTAG]] = None
    return tuple(mentions.values())[:MAX_MENTIONS], tuple(hashtags)


def read_location(raw: Raw) -> str | None:
    """Return the name of the first place of an event."""
    places = as_list(raw.get("location"))[:MAX_TAGS]
    names = (_name(place) for place in places if isinstance(place, dict))
    return next((name for name in names if name), None)


def _attachment(value: JsonValue) -> Attachment | None:
    """Read one attachment; profile fields (PropertyValue) and unusable ones give None."""
    url = _address(value)
    if url is None or not isinstance(value, dict) or value.get("type") == "PropertyValue":
        return None
    kind, media_type = value.get("type"), value.get("mediaType")
    return Attachment(
        type=kind if isinstance(kind, str) else "Document",
        url=url,
        media_type=media_type[:MAX_HASHTAG] if isinstance(media_type, str) else None,
        name=_description(value),
        width=_pixels(value.get("width")),
        height=_pixels(value.get("height")),
    )


def _address(value: JsonValue) -> str | None:
    """Return the http(s) address in a text, Link (`href`), Image (`url`) or a list of these."""
    for _ in range(MAX_NESTED_LINKS):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("href") or value.get("url")
        else:
            break
    return value if isinstance(value, str) and is_address(value) else None


def _name(value: Raw) -> str | None:
    """Return the name of a tag, a place or a file, on one line."""
    return clean_line(value.get("name"), MAX_NAME)


def _description(value: Raw) -> str | None:
    """Return the alternative text of a picture; GoToSocial gives it as `summary`."""
    return _name(value) or clean_line(value.get("summary"), MAX_NAME)


def _pixels(value: JsonValue) -> int | None:
    """Return a width or height that can be true."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= MAX_PIXELS else None
