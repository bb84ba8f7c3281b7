"""What other servers list: outboxes, featured posts, whole threads, answers.

A member is an id, an object, or an activity about one; what it is of itself is not believed.
An object that came inline counts when it, its author and the list have one origin; anything else is
fetched from where its id points (federation.md 4.6, FEP-fe34).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag

from app.moderation.queries import is_host_refused
from federation.dereference.documents import is_usable_uri
from federation.dereference.pace import Toll
from federation.errors import MalformedError, RefusedError, UnavailableError
from federation.transport.client import ActivityClient, FetchedDocument
from federation.vocab.activities import ActivityDocument, Embedded
from federation.vocab.collections import CollectionDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of, same_origin
from federation.vocab.parse import parse_any, parse_member
from federation.vocab.terms import JsonValue, Kind

MAX_MEMBERS: Final = 1000


@dataclass(frozen=True)
class Thing:
    """Something listed; `document` is set when it may be believed as it came.

    `is_passed_on`: the group itself announced it, so it belongs there whatever it is addressed to.
    """

    uri: str
    document: ObjectDocument | None = None
    is_passed_on: bool = False


@dataclass(frozen=True)
class ListPage:
    """One page of a list: what stands on it, and the pages that go on from it."""

    things: tuple[Thing, ...]
    more: tuple[str, ...]
    document: CollectionDocument
    etag: str | None = None


@dataclass
class ListReader:
    """Fetches pages of lists of one group, `group_uri`, within the toll of a step."""

    client: ActivityClient
    toll: Toll
    group_uri: str

    def read(self, uri: str, etag: str | None = None) -> ListPage | None:
        """Return the page at `uri`; None when it still is the one of `etag`.

        Raises RefusedError when there is no list, UnavailableError (also PausedError) for later.
        """
        if not is_usable_uri(uri):
            raise RefusedError("not-a-foreign-address")
        host = host_of(uri)
        if is_host_refused(host):
            raise RefusedError("host-refused")
        self.toll.pay(host)
        try:
            fetched = self.client.get_changed(urldefrag(uri).url, etag)
        except UnavailableError as error:
            self.toll.heed(host, error)
            raise
        if fetched is None:
            return None
        return self._page(_read_list(fetched, uri), uri, fetched.etag)

    def _page(self, document: CollectionDocument, uri: str, etag: str | None) -> ListPage:
        things: dict[str, Thing] = {}
        for member in document.members[:MAX_MEMBERS]:
            for thing in self._things(member):
                things.setdefault(thing.uri, self._judged(thing, uri))
        more = (page for page in document.pages if page != uri and same_origin(page, uri))
        return ListPage(tuple(things.values())[:MAX_MEMBERS], tuple(more), document, etag)

    def _things(self, member: str | Mapping[str, JsonValue]) -> Iterator[Thing]:
        try:
            embedded = parse_member(member)
        except MalformedError:
            return
        if isinstance(embedded, ActivityDocument) and embedded.kind is Kind.ANNOUNCE:
            if embedded.actor != self.group_uri:
                return  # somebody else's: not for this group to show
            for inner in embedded.objects:
                thing = _thing(inner)
                if thing is not None:
                    yield Thing(thing.uri, thing.document, is_passed_on=True)
            return
        thing = _thing(embedded)
        if thing is not None:
            yield thing

    def _judged(self, thing: Thing, list_uri: str) -> Thing:
        """Leave out a document that must be fetched from its own place."""
        document = thing.document
        is_passed_on = thing.is_passed_on or same_origin(thing.uri, self.group_uri)
        is_believed = (
            document is not None
            and same_origin(document.uri, list_uri)
            and document.attributed_to is not None
            and same_origin(document.attributed_to, document.uri)
        )
        return Thing(thing.uri, document if is_believed else None, is_passed_on)


def _read_list(fetched: FetchedDocument, uri: str) -> CollectionDocument:
    """Return the list that was asked for at `uri`; nobody's list is told by another server."""
    if not same_origin(fetched.url, uri):
        raise RefusedError("list-elsewhere")
    if not fetched.raw:
        raise RefusedError("list-empty")  # Mbin's outbox (quirk 78)
    document = parse_any(fetched.raw)
    if not isinstance(document, CollectionDocument):
        raise RefusedError("not-a-list")
    if document.uri and not same_origin(document.uri, uri):
        raise RefusedError("list-elsewhere")
    return document


def _thing(embedded: Embedded) -> Thing | None:
    """Return the post or comment that is meant; None for votes, removals, actors and lists."""
    author = None
    if isinstance(embedded, ActivityDocument):
        inner = embedded.object if embedded.kind is Kind.CREATE else None
        if inner is None:
            return None
        author = embedded.actor
        embedded = inner
    if isinstance(embedded, str):
        return Thing(embedded)
    if not isinstance(embedded, ObjectDocument) or not embedded.uri:
        return None
    is_own = author in {None, embedded.attributed_to}
    return Thing(embedded.uri, embedded if is_own else None)
