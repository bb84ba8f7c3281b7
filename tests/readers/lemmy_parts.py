"""What Lemmy demands of actors, posts, comments and lists: one class per structure of Lemmy 1.0.

A member of another type than the one asked, or a member that is missing, makes Lemmy refuse the
whole document. Where Lemmy would silently forget a bad member, these readers refuse it too.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def _is_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError("not an address")
    return text


def _is_time(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None or "T" not in text:
        raise ValueError("not RFC 3339")
    return text


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _last(value: object) -> object:
    return value[-1] if isinstance(value, list) and value else value


Url = Annotated[str, AfterValidator(_is_url)]
Time = Annotated[str, AfterValidator(_is_time)]
OneOrMany = Annotated[list[Url], BeforeValidator(_as_list)]
ExactlyOne = Annotated[list[Url], BeforeValidator(_as_list), Field(min_length=1, max_length=1)]


class Structure(BaseModel):
    """Takes no other type for the one that is asked; members that Lemmy does not know are free."""

    model_config = ConfigDict(strict=True, extra="ignore", alias_generator=to_camel)


class PublicKey(Structure):
    id: Url
    owner: Url
    public_key_pem: str = Field(pattern="^-----BEGIN PUBLIC KEY-----\n")


class Endpoints(Structure):
    shared_inbox: Url


class Picture(Structure):
    type: Literal["Image"]
    url: Url


class Source(Structure):
    content: str
    media_type: Literal["text/markdown"]


class Language(Structure):
    identifier: str
    name: str


class CommunityTag(Structure):
    type: Literal["CommunityPostTag"]
    id: Url
    preferred_username: str
    name: str | None = None


LastPicture = Annotated[Picture | None, BeforeValidator(_last)]


class Group(Structure):
    type: Literal["Group"]
    id: Url
    preferred_username: str
    inbox: Url
    followers: Url | None = None
    public_key: PublicKey
    name: str | None = None
    description: str | None = None
    source: Source | None = None
    media_type: Literal["text/html"] | None = None
    summary: str | None = None
    icon: LastPicture = None
    image: LastPicture = None
    sensitive: bool | None = None
    attributed_to: Url
    posting_restricted_to_mods: bool | None = None
    outbox: Url
    endpoints: Endpoints | None = None
    featured: Url | None = None
    language: list[Language] = []
    manually_approves_followers: bool | None = None
    published: Time | None = None
    updated: Time | None = None
    discoverable: bool | None = None
    tag: list[CommunityTag] = []


class Person(Structure):
    type: Literal["Person", "Service", "Organization"]
    id: Url
    preferred_username: str
    inbox: Url
    outbox: Url
    public_key: PublicKey
    name: str | None = None
    summary: str | None = None
    source: Source | None = None
    icon: LastPicture = None
    image: LastPicture = None
    matrix_user_id: str | None = None
    endpoints: Endpoints | None = None
    published: Time | None = None
    updated: Time | None = None


class Instance(Structure):
    type: Literal["Application"]
    id: Url
    name: str
    preferred_username: str | None = None
    inbox: Url
    outbox: Url
    public_key: PublicKey
    content: str | None = None
    source: Source | None = None
    media_type: Literal["text/html"] | None = None
    description: str | None = None
    icon: Picture | None = None
    image: Picture | None = None
    language: list[Language] = []
    published: Time | None = None
    updated: Time | None = None


class LinkAttachment(Structure):
    type: Literal["Link"]
    href: Url
    media_type: str | None = None


class ImageAttachment(Structure):
    type: Literal["Image"]
    url: Url
    name: str | None = None


class DocumentAttachment(Structure):
    type: Literal["Document"]
    url: Url
    media_type: str | None = None
    name: str | None = None


Attachment = Annotated[
    LinkAttachment | ImageAttachment | DocumentAttachment, Field(discriminator="type")
]


class Mention(Structure):
    type: Literal["Mention"]
    href: Url
    name: str | None = None


class Hashtag(Structure):
    type: Literal["Hashtag"]
    href: Url
    name: str


Tag = Annotated[Mention | Hashtag, Field(discriminator="type")]


class Page(Structure):
    type: Literal["Page", "Article", "Note", "Video", "Event"]
    id: Url
    attributed_to: Url
    to: OneOrMany
    cc: OneOrMany
    in_reply_to: None = None
    name: str | None = None
    content: str | None = None
    media_type: Literal["text/html", "text/markdown"] | None = None
    source: Source | None = None
    attachment: list[Attachment] = []
    image: Picture | None = None
    sensitive: bool | None = None
    published: Time | None = None
    updated: Time | None = None
    language: Language | None = None
    audience: Url | None = None
    tag: list[Tag] = []
    context: str | None = None


class Note(Structure):
    type: Literal["Note"]
    id: Url
    attributed_to: Url
    to: OneOrMany
    cc: OneOrMany
    content: str
    in_reply_to: Url
    media_type: Literal["text/html", "text/markdown"] | None = None
    source: Source | None = None
    published: Time | None = None
    updated: Time | None = None
    tag: list[Tag] = []
    distinguished: bool | None = None
    language: Language | None = None
    audience: Url | None = None
    attachment: list[Attachment] = []
    context: str | None = None


class PrivateMessage(Structure):
    type: Literal["Note", "ChatMessage"]
    id: Url
    attributed_to: Url
    to: ExactlyOne
    content: str
    published: Time | None = None


class Tombstone(Structure):
    type: Literal["Tombstone"]
    id: Url


class FollowersList(Structure):
    type: Literal["Collection"]
    id: Url
    total_items: int
    items: list[None] = Field(max_length=0)


class ModeratorsList(Structure):
    type: Literal["OrderedCollection"]
    id: Url
    ordered_items: list[Url]


class FeaturedList(Structure):
    type: Literal["OrderedCollection"]
    id: Url
    total_items: int
    ordered_items: list[Page]


class UrlList(Structure):
    type: Literal["OrderedCollection"]
    id: str
    total_items: int
    ordered_items: list[Url]


def is_of(model: type[Structure], value: Any) -> bool:
    """Whether a JSON object has the type that a structure asks for."""
    allowed = model.model_fields["type"].annotation.__args__  # type: ignore[union-attr]
    return isinstance(value, dict) and value.get("type") in allowed
