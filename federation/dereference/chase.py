"""Fetch one thing and whatever it needs first: author, parent, the parent's parent, the group.

Fetching happens outside, storing inside a unit of work; what was stored stays stored, so an
interrupted chase goes on where it was. At most 30 documents per activity (federation.md 5.7).
"""

from dataclasses import dataclass, field

from app.core.db import unit_of_work
from app.core.errors import AppError
from app.moderation.queries import is_host_refused
from federation.dereference import moderators
from federation.dereference.actors import keep_actor
from federation.dereference.documents import fetch_document, unwrap
from federation.dereference.objects import NOWHERE, Placing, keep_object
from federation.dereference.refusals import refusal_from
from federation.errors import MissingError, RefusedError
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.activities import Document
from federation.vocab.actors import ActorDocument
from federation.vocab.collections import CollectionDocument
from federation.vocab.objects import ObjectDocument, TombstoneDocument
from federation.vocab.origin import host_of

BUDGET = 30


@dataclass
class Chase:
    """One errand: the documents it may still fetch, and those it holds."""

    client: ActivityClient
    left: int = BUDGET
    placing: Placing = NOWHERE
    _held: dict[str, Document] = field(default_factory=dict)

    def bring(self, uri: str) -> str:
        """Fetch and store what is at `uri`, after what it needs; return its id.

        Raises RefusedError (also VanishedError) when it cannot be had, UnavailableError when it
        cannot be had at the moment.
        """
        waiting = [uri]
        while waiting:
            wanted = waiting[-1]
            document = self._document(wanted)
            try:
                self._store(document)
            except MissingError as missing:
                if missing.uri in waiting or missing.uri in self._held:
                    raise RefusedError("goes-round-in-circles") from missing
                waiting.append(missing.uri)
            else:
                waiting.pop()
        return document.uri

    def _document(self, uri: str) -> Document:
        """Return what is at an address: held already, or fetched now and counted."""
        document = self._held.get(uri)
        if document is None:
            found = unwrap(self._fetch(uri))
            document = self._fetch(found) if isinstance(found, str) else found
            self._held[uri] = document
        return document

    def _fetch(self, uri: str) -> Document:
        if self.left <= 0:
            raise RefusedError("too-many-documents")
        self.left -= 1
        if is_host_refused(host_of(uri)):
            raise RefusedError("host-refused")
        document = fetch_document(self.client, uri)
        if is_host_refused(host_of(document.uri or uri)):
            raise RefusedError("host-refused")
        return document

    def _store(self, document: Document) -> None:
        try:
            with unit_of_work():
                if isinstance(document, ActorDocument):
                    keep_actor(document)
                elif isinstance(document, ObjectDocument):
                    keep_object(document, self.placing)
                elif isinstance(document, CollectionDocument):
                    moderators.keep_moderators(document)
                elif isinstance(document, TombstoneDocument):
                    raise VanishedError("tombstone")
                else:
                    raise RefusedError("nothing-to-keep")
        except AppError as error:
            raise refusal_from(error) from error
