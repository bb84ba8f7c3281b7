"""Actors as peers describe them: people, groups, servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from federation.vocab.terms import JsonValue, Kind


@dataclass(frozen=True, slots=True)
class ActorDocument:
    """One actor document, read tolerantly; None means that the peer did not say.

    `uri` is the AS2 id, `url` the page for people (dropped when on another host than the id).
    `name` is plain text, `summary` foreign HTML that still needs sanitising. `type` is the peer's
    own word (Service, Organization, ...), `kind` what it is to us. `proof_keys` are the Multikeys
    that it lists as its own (`assertionMethod`, FEP-521a) by their ids. Times are UTC.
    """

    uri: str
    type: str
    kind: Kind
    inbox: str
    preferred_username: str | None = None
    name: str | None = None
    summary: str | None = None
    source_markdown: str | None = None
    url: str | None = None
    outbox: str | None = None
    shared_inbox: str | None = None
    followers: str | None = None
    following: str | None = None
    featured: str | None = None
    moderators: str | None = None
    attributed_to: tuple[str, ...] = ()
    public_key_id: str | None = None
    public_key_owner: str | None = None
    public_key_pem: str | None = None
    icon_url: str | None = None
    image_url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    manually_approves: bool = False
    posting_restricted: bool = False
    discoverable: bool | None = None
    indexable: bool | None = None
    sensitive: bool = False
    memorial: bool = False
    suspended: bool = False
    language: str | None = None
    webfinger: str | None = None
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None
    proof_keys: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, JsonValue] = field(default_factory=dict, compare=False, repr=False)

    def key_of(self, key_id: str) -> str | None:
        """Return the key `key_id` when this document claims it: PEM, or Multikey.

        The claim counts only when the document was fetched from `uri` itself (FEP-fe34).
        """
        return self.public_key_pem if self.owns_key(key_id) else self.proof_keys.get(key_id)

    def owns_key(self, key_id: str) -> bool:
        """Whether this document claims the key `key_id` for itself and for nobody else.

        The claim counts only when the document was fetched from `uri` itself (FEP-fe34).
        """
        return (
            self.public_key_pem is not None
            and self.public_key_id == key_id
            and self.public_key_owner == self.uri
        )
