"""What happened, as peers tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from federation.vocab.actors import ActorDocument
from federation.vocab.addressing import Addressed
from federation.vocab.collections import CollectionDocument
from federation.vocab.objects import ObjectDocument, TombstoneDocument
from federation.vocab.terms import JsonValue, Kind


@dataclass(frozen=True, slots=True)
class ActivityDocument(Addressed):
    """One activity. `uri` is empty only for an embedded activity to which the peer gave no id.

    `objects` holds what it is about: an id where the peer gave an id (or a bare reference), the
    document where it was embedded. Nearly always there is one; Flag and Announce may have several
    (PieFed batches votes), an unknown activity none. `to` and `cc` hold the public address in its
    full form. `summary` on Delete, Block, Lock and Flag is a reason. Times are UTC.
    """

    uri: str
    type: str
    kind: Kind
    actor: str
    objects: "tuple[Embedded, ...]" = ()
    target: str | None = None
    origin: str | None = None
    instrument: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    published: datetime | None = None
    end_time: datetime | None = None
    remove_data: bool = False
    restore_data: bool = False
    with_replies: bool = False
    raw: Mapping[str, JsonValue] = field(default_factory=dict, compare=False, repr=False)

    @property
    def object(self) -> "Embedded | None":
        """The one thing this is about; None when there is none or when there are several."""
        return self.objects[0] if len(self.objects) == 1 else None

    @property
    def object_uri(self) -> str | None:
        """The id of the one thing this is about, however it was given."""
        thing = self.object
        uri = thing if isinstance(thing, str) else thing and thing.uri
        return uri or None

    @property
    def object_kind(self) -> Kind:
        """The kind of the one thing this is about; UNKNOWN when only its id was given."""
        thing = self.object
        return Kind.UNKNOWN if thing is None or isinstance(thing, str) else thing.kind


Document: TypeAlias = (
    ActorDocument | ObjectDocument | TombstoneDocument | ActivityDocument | CollectionDocument
)
Embedded: TypeAlias = str | Document
