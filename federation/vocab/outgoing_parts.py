"""The small parts of our own documents: pictures, links, languages, tags, counts."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from federation.vocab.objects import Mention
from federation.vocab.terms import HTML

__all__ = [
    "CollectionCount",
    "File",
    "Hashtag",
    "KeyMethod",
    "Language",
    "Link",
    "Mention",
    "Picture",
    "ProfileField",
    "language_of",
]


class Language(NamedTuple):
    """A language with its own name for itself; Lemmy needs both or refuses the document."""

    identifier: str
    name: str


LANGUAGE_NAMES: Final = {
    "nl": "Nederlands",
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "fy": "Frysk",
    "es": "Español",
    "it": "Italiano",
    "pap": "Papiamentu",
    "tr": "Türkçe",
    "ar": "العربية",
    "pl": "Polski",
    "uk": "Українська",
}


def language_of(identifier: str) -> Language:
    """Return a language by its tag; one we have no name for is named by its tag."""
    primary = identifier.lower().partition("-")[0]
    return Language(identifier, LANGUAGE_NAMES.get(primary, identifier))


class KeyMethod(NamedTuple):
    """A key by which an actor can be recognised beside its `publicKey` (FEP-521a)."""

    uri: str
    multikey: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: rendered as an Image with one address, never a list (Lemmy)."""

    url: str
    media_type: str | None = None
    name: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that is not a picture: rendered as a Document, the only such type Lemmy can read."""

    url: str
    media_type: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page elsewhere; as the first attachment it is what a post is about."""

    href: str
    media_type: str = HTML


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A word to find posts by; `name` with or without #, `href` our page about it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A line on a profile; `value` is HTML."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CollectionCount:
    """A collection with its size: for documents served on request, not for deliveries."""

    uri: str
    total_items: int
