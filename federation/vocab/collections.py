"""Lists as peers serve them: outboxes, moderators, featured posts, replies."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.vocab.terms import JsonValue, Kind


@dataclass(frozen=True, slots=True)
class CollectionDocument:
    """A collection or one page of it. Members stay raw: an id or a document still to be parsed.

    One odd member must not spoil the list, so the caller parses members one by one. `first` may be
    embedded by the peer; then its members are in `members` and `next` is its next page.
    """

    uri: str
    type: str
    kind: Kind = Kind.COLLECTION
    total_items: int | None = None
    members: tuple[str | Mapping[str, JsonValue], ...] = field(default=(), hash=False)
    first: str | None = None
    next: str | None = None
    part_of: str | None = None
    attributed_to: str | None = None
    raw: Mapping[str, JsonValue] = field(default_factory=dict, compare=False, repr=False)

    @property
    def pages(self) -> tuple[str, ...]:
        """Where the list goes on: its first page, unless that came along, and the next one."""
        first = None if isinstance(self.raw.get("first"), dict) else self.first
        return tuple(dict.fromkeys(page for page in (first, self.next) if page is not None))

    @property
    def member_uris(self) -> tuple[str, ...]:
        """The ids of the members, whether they were given as ids or as documents."""
        ids = (m if isinstance(m, str) else m.get("id") for m in self.members)
        return tuple(i for i in ids if isinstance(i, str))
