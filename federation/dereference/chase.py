"""Fetch one thing and whatever it needs first: author, parent, the parent's parent, the group.

Fetching happens outside, storing inside a unit of work; what was stored stays stored, so an
interrupted chase goes on where it was. At most 30 documents per activity (federation.md 5.7), and
never more than 50 answers up a thread (4.3).
"""

from dataclasses import dataclass, field
from time import monotonic

from app.core.db import unit_of_work
from app.core.errors import AppError
from app.moderation.queries import is_host_refused
from federation.dereference import moderators
from federation.dereference.actors import find_owner, keep_actor
from federation.dereference.documents import fetch_document, unwrap
from federation.dereference.intake import Newcomer, current_intake
from federation.dereference.objects import NOWHERE, Placing, keep_object
from federation.dereference.pace import PausedError, Toll, current_pace
from federation.dereference.refusals import refusal_from
from federation.errors import MissingError, RefusedError, UnavailableError
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.activities import Document
from federation.vocab.actors import ActorDocument
from federation.vocab.collections import CollectionDocument
from federation.vocab.objects import ObjectDocument, TombstoneDocument
from federation.vocab.origin import host_of, same_origin

BUDGET = 30
MAX_HOPS = 50


@dataclass
class Chase:
    """One errand: the documents it may still fetch, those it holds, and those it has stored.

    `brought` is the document that was asked for, once it is stored.
    `bringer` is the host that makes us fetch it, where nobody here asked for it.
    `until` (monotonic seconds) is when it is enough for now; what was stored by then stays stored.
    `toll` is set when it is part of something longer, which keeps its own accounts.
    """

    client: ActivityClient
    left: int = BUDGET
    placing: Placing = NOWHERE
    toll: Toll | None = None
    bringer: str | None = None
    until: float | None = None
    brought: Document | None = None
    _errand: str = ""
    _held: dict[str, Document] = field(default_factory=dict)
    _stored: set[str] = field(default_factory=set)

    def hold(self, document: Document) -> None:
        """Take a document for fetched: it came inline from where it may be believed."""
        self._held[document.uri] = document

    def bring(self, uri: str) -> str:
        """Fetch and store what is at `uri`, after what it needs; return its id.

        Raises RefusedError (also VanishedError) when it cannot be had, UnavailableError when it
        cannot be had at the moment.
        """
        waiting, self._errand = [uri], uri
        while waiting:
            wanted = waiting[-1]
            document = self._document(wanted)
            try:
                self._store(document)
            except MissingError as missing:
                if missing.uri in waiting or missing.uri in self._stored:
                    raise RefusedError("goes-round-in-circles") from missing
                if len(waiting) > MAX_HOPS:
                    raise RefusedError("too-deep") from missing
                waiting.append(missing.uri)
            except VanishedError as error:
                if wanted == uri:
                    raise
                raise RefusedError(error.reason) from error  # the errand itself is still there
            else:
                self._stored.add(waiting.pop())
                self._held.pop(wanted)
        self.brought = document
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
        if self.until is not None and monotonic() > self.until:
            raise PausedError("errand-takes-long")
        self.left -= 1
        host = host_of(uri)
        if is_host_refused(host):
            raise RefusedError("host-refused")
        document = self._ask(uri, host)
        if is_host_refused(host_of(document.uri or uri)):
            raise RefusedError("host-refused")
        return document

    def _ask(self, uri: str, host: str) -> Document:
        try:
            return self._get(uri, host)
        except VanishedError as error:
            if uri == self._errand and same_origin(error.url, uri):
                raise
            raise RefusedError(error.reason) from error  # its own server did not say so

    def _get(self, uri: str, host: str) -> Document:
        if self.toll is None:
            if self.bringer is not None and host != self.bringer:
                current_pace().send(self.bringer, host)
            return fetch_document(self.client, uri)
        self.toll.pay(host)
        try:
            document = fetch_document(self.client, uri)
        except UnavailableError as error:
            self.toll.heed(host, error)
            self._note_in_vain(self.toll, uri, host)
            raise
        except RefusedError:
            self._note_in_vain(self.toll, uri, host)
            raise
        if isinstance(document, ActorDocument):
            self.toll.meet(host)
        return document

    def _note_in_vain(self, toll: Toll, uri: str, host: str) -> None:
        """Count what is not there though what we read says so; the errand itself is not."""
        if uri != self._errand:
            toll.miss(host)

    def _count(self, actor: ActorDocument) -> None:
        """Count somebody new for their domain, unless this is part of something longer."""
        if self.toll is None and find_owner(actor.uri) is None:
            current_intake().take(Newcomer.BROUGHT, host_of(actor.uri), self.bringer)

    def _store(self, document: Document) -> None:
        try:
            with unit_of_work():
                if isinstance(document, ActorDocument):
                    self._count(document)
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
