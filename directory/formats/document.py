"""The directory as a value: what every file format reads into or writes from. Pure.

Texts are by language (`nl`, `en`). An empty text or list says nothing; it does not say "none".
"""

from dataclasses import dataclass, field
from typing import Any, Final

CATEGORIES: Final[tuple[dict[str, str], ...]] = (
    {"slug": "netwerk", "label": "Netwerken"},
    {"slug": "samenwerkingsverband", "label": "Regionale samenwerkingsverbanden"},
    {"slug": "onderzoeksgroep", "label": "Onderzoeksgroepen"},
    {"slug": "bron(info)", "label": "Informatie"},
    {"slug": "scholing", "label": "Scholing"},
    {
        "slug": "forum",
        "label": "Forum",
        "note": "Fourth category of the report; a function, no entries",
    },
)
ENTRY_CATEGORIES: Final = tuple(row["slug"] for row in CATEGORIES if row["slug"] != "forum")
RELATION_TYPES: Final = (
    "intended_successor",
    "successor",
    "same_as",
    "published_by",
    "member_of",
    "part_of",
)


class DirectoryFileError(ValueError):
    """A directory file cannot be used; `where` names the entry, topic or line, `why` the fault."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


Texts = dict[str, str]


@dataclass(frozen=True)
class TopicRef:
    """A topic under which the source lists an entry, in the source's own words."""

    slug: str
    term: str = ""


@dataclass(frozen=True)
class TopicDocument:
    """A concept."""

    slug: str
    labels: Texts
    label_printed: str = ""
    alt_labels: tuple[str, ...] = ()
    broader: str | None = None
    source_sections: tuple[str, ...] = ()
    note: str = ""
    uri: str = ""


@dataclass(frozen=True)
class EntryDocument:
    """One listing. `uri`, `page` and `confirmed` are ours: written, never read."""

    slug: str
    names: Texts
    category: str
    kind: str = ""
    topics: tuple[TopicRef, ...] = ()
    topic_candidates: tuple[str, ...] = ()
    terms_in_text: tuple[str, ...] = ()
    url: str | None = None
    url_candidate: str | None = None
    link_text: str = ""
    printed_host: str = ""
    linkedin: str = ""
    linkedin_url: str | None = None
    join_url: str | None = None
    newsletter_url: str | None = None
    institution: str = ""
    people: tuple[str, ...] = ()
    descriptions: Texts = field(default_factory=dict)
    joining: Texts = field(default_factory=dict)
    source_section: str = ""
    also_in: tuple[str, ...] = ()
    note: str = ""
    feeds: tuple[str, ...] = ()
    uri: str = ""
    page: str = ""
    confirmed: str = ""


@dataclass(frozen=True)
class RelationDocument:
    """What one entry is to another."""

    type: str
    subject: str
    object: str
    basis: str = ""
    date: str | None = None


@dataclass(frozen=True)
class OrganisationDocument:
    """An organisation that is mentioned without being listed."""

    name: str
    role: str = ""
    source_section: str = ""
    host: str | None = None


@dataclass(frozen=True)
class DirectoryDocument:
    """A whole directory."""

    meta: dict[str, Any]
    topics: tuple[TopicDocument, ...]
    entries: tuple[EntryDocument, ...]
    relations: tuple[RelationDocument, ...] = ()
    organisations: tuple[OrganisationDocument, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
