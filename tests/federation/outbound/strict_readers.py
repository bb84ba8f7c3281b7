"""The strictest readers among peers: models of Lemmy's structs that refuse what Lemmy refuses."""
# ruff: noqa: N815  # fields have the names of AS2

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def _is_url(text: str) -> str:
    if not text.startswith(("http://", "https://")) or " " in text:
        raise ValueError("not an address")
    return text


Url = Annotated[str, AfterValidator(_is_url)]


class Strict(BaseModel):
    """Takes no other type for the one that is asked."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Time(BaseModel):
    """A date with a zone."""

    at: AwareDatetime


class PublicKey(Strict):
    id: Url
    owner: Url
    publicKeyPem: str = Field(pattern="^-----BEGIN PUBLIC KEY-----\n")


class Endpoints(Strict):
    sharedInbox: Url


class Image(Strict):
    type: Literal["Image"]
    url: Url


class Source(Strict):
    content: str
    mediaType: Literal["text/markdown"]


class Language(Strict):
    identifier: str
    name: str


class Actor(Strict):
    id: Url
    preferredUsername: str = Field(pattern="^[a-z0-9_.]{1,60}$")
    inbox: Url
    publicKey: PublicKey
    outbox: Url
    endpoints: Endpoints | None = None
    summary: str | None = None
    source: Source | None = None
    icon: Image | None = None
    image: Image | None = None
    published: str | None = None
    updated: str | None = None


class Group(Actor):
    type: Literal["Group"]
    followers: Url
    name: str | None = None
    mediaType: Literal["text/html"] | None = None
    sensitive: bool | None = None
    attributedTo: Url
    featured: Url
    postingRestrictedToMods: bool
    language: list[Language] = []
    manuallyApprovesFollowers: Literal[False]
    discoverable: bool | None = None


class Person(Actor):
    type: Literal["Person", "Service", "Organization"]
    name: str | None = None


class Instance(Actor):
    type: Literal["Application"]
    name: str
    content: str | None = None
    language: list[Language] = []


class Link(Strict):
    type: Literal["Link"]
    href: Url
    mediaType: str | None = None


class Document(Strict):
    type: Literal["Document"]
    url: Url
    mediaType: str | None = None


class Picture(Image):
    name: str | None = None


Attachment = Annotated[Link | Picture | Document, Field(discriminator="type")]


class Tag(Strict):
    type: Literal["Mention", "Hashtag"]
    href: Url
    name: str


class Posted(Strict):
    id: Url
    attributedTo: Url
    to: list[Url]
    cc: list[Url]
    content: str
    mediaType: Literal["text/html"]
    source: Source | None = None
    audience: Url
    language: Language
    published: str
    updated: str | None = None
    tag: list[Tag]
    attachment: list[Attachment]
    context: Url | None = None


class Page(Posted):
    type: Literal["Page", "Article", "Note", "Video", "Event"]
    name: str = Field(min_length=1)
    inReplyTo: None = None
    image: Image | None = None
    sensitive: bool


class Note(Posted):
    type: Literal["Note"]
    inReplyTo: Url
    name: None = None


class Tombstone(Strict):
    type: Literal["Tombstone"]
    id: Url


class CreateOrUpdate(Strict):
    type: Literal["Create", "Update"]
    id: Url
    actor: Url
    to: list[Url]
    cc: list[Url]
    audience: Url
    object: Page | Note


class Delete(Strict):
    type: Literal["Delete"]
    id: Url
    actor: Url
    to: list[Url]
    cc: list[Url]
    object: Url | Tombstone
    summary: str | None = None


class Vote(Strict):
    type: Literal["Like", "Dislike"]
    id: Url
    actor: Url
    object: Url


class Lock(Strict):
    type: Literal["Lock"]
    id: Url
    actor: Url
    to: list[Url]
    cc: list[Url]
    object: Url
    summary: str


class Collect(Strict):
    type: Literal["Add", "Remove"]
    id: Url
    actor: Url
    to: list[Url]
    cc: list[Url]
    object: Url
    target: Url


class Undo(Strict):
    type: Literal["Undo"]
    id: Url
    actor: Url
    object: Delete | Vote | Lock


class Announce(Strict):
    type: Literal["Announce"]
    id: Url
    actor: Url
    to: list[Url]
    cc: list[Url]
    object: CreateOrUpdate | Delete | Vote | Lock | Collect | Undo


class AnnouncedCreate(Strict):
    type: Literal["Announce"]
    id: Url
    actor: Url
    to: list[Url]
    object: CreateOrUpdate


class GroupOutbox(Strict):
    type: Literal["OrderedCollection"]
    id: Url
    totalItems: int
    orderedItems: list[AnnouncedCreate]


class PersonOutbox(Strict):
    type: Literal["OrderedCollection"]
    id: Url
    totalItems: int


class GroupFollowers(Strict):
    type: Literal["Collection"]
    id: Url
    totalItems: int
    items: list[None] = Field(max_length=0)


class GroupModerators(Strict):
    type: Literal["OrderedCollection"]
    id: Url
    orderedItems: list[Url]


class GroupFeatured(Strict):
    type: Literal["OrderedCollection"]
    id: Url
    totalItems: int
    orderedItems: list[Page]


READERS: dict[str, type[Strict]] = {
    "application": Instance,
    "group": Group,
    "person": Person,
    "page": Page,
    "note": Note,
    "tombstone": Tombstone,
    "outbox": GroupOutbox,
    "person_outbox": PersonOutbox,
    "followers": GroupFollowers,
    "moderators": GroupModerators,
    "featured": GroupFeatured,
    "announced_create": Announce,
    "announced_update": Announce,
    "announced_delete": Announce,
    "announced_like": Announce,
    "announced_undo_like": Announce,
    "announced_lock": Announce,
    "announced_add": Announce,
}


def list_times(document: Any) -> list[str]:
    """Return every date in a document, however deep."""
    if isinstance(document, list):
        return [time for one in document for time in list_times(one)]
    if not isinstance(document, dict):
        return []
    own = [document[name] for name in ("published", "updated", "deleted") if name in document]
    return own + [time for one in document.values() for time in list_times(one)]


def read_time(text: str) -> datetime:
    """Read a date as strictly as RFC 3339 with Z."""
    if not text.endswith("Z"):
        raise ValueError("not UTC")
    return Time(at=text).at  # type: ignore[arg-type]  # pydantic reads it
