"""Whose key is this? Asked by the inbox for keys that no actor here has yet.

A key is believed only when the actor it belongs to says so in its own document, fetched from its
own id, on the origin of the key (security.md A007, A008, A014, A015). What was found, or that
nothing was, stays in memory for a while: a hundred requests with a dead key cost one fetch (A098).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

from app.core.http_client import FetchLimits
from federation.dereference.documents import fetch_raw, is_usable_uri
from federation.errors import (
    FederationError,
    MalformedError,
    RefusedError,
    UnavailableError,
    UnverifiedError,
)
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.actors import ActorDocument
from federation.vocab.json_text import MAX_BYTES, parse_json
from federation.vocab.origin import host_of, registered_domain, same_origin
from federation.vocab.parse import parse_actor
from federation.vocab.terms import ACTOR_KINDS, JsonObject, kind_of

GONE_FOR_GOOD = "status-410"
FETCH_SECONDS = 3.0
CONCURRENT_FETCHES = 2
KEPT_SECONDS = 300.0
MAX_KEPT = 10_000
BUSY_RETRY_SECONDS = 5.0
SLOW_AFTER_SECONDS = 1.0
RESTS_TIMES = 10
"""Who keeps a slot longer than that is left alone for so many times as long: else one server that
lets us wait would keep everybody out whose key we do not have yet."""


class OwnerGoneError(UnverifiedError):
    """The server of an actor says that it is gone for good.

    `public_key` is the one that its tombstone says it signed with (federation.md section 3.6).
    """

    def __init__(self, owner_uri: str, public_key: str | None) -> None:
        super().__init__("key-owner-gone")
        self.owner_uri = owner_uri
        self.public_key = public_key


@dataclass
class _Kept:
    until: float
    document: ActorDocument | None
    error: FederationError | None = None


@dataclass
class KeyRing:
    """Remembers fetched keys and failures for five minutes; lets few fetches run at a time.

    A registered domain that was slow rests.
    One per process, shared by all threads; `seconds` is a monotonic clock.
    """

    seconds: Callable[[], float] = time.monotonic
    _kept: "OrderedDict[str, _Kept]" = field(default_factory=OrderedDict)
    _refetched: "OrderedDict[str, float]" = field(default_factory=OrderedDict)
    _resting: "OrderedDict[str, float]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _slots: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(CONCURRENT_FETCHES))

    def get_owner(self, client: Callable[[], ActivityClient], key_id: str) -> ActorDocument:
        """Return the actor document that claims `key_id`, fetched now or in the last minutes.

        Raises UnverifiedError when no actor claims it, and UnavailableError when that cannot be
        found out at the moment.
        """
        kept = self._find(key_id)
        if kept is None:
            return self.fetch_owner(client, key_id)
        if kept.document is None:
            raise kept.error or UnverifiedError("key-unknown")
        return kept.document

    def may_refetch(self, key_id: str) -> bool:
        """Claim the one refetch that a failed verification may cause in five minutes."""
        with self._lock:
            now = self.seconds()
            if self._refetched.get(key_id, 0.0) > now:
                return False
            self._refetched[key_id] = now + KEPT_SECONDS
            self._refetched.move_to_end(key_id)
            while len(self._refetched) > MAX_KEPT:
                self._refetched.popitem(last=False)
            return True

    def fetch_owner(self, client: Callable[[], ActivityClient], key_id: str) -> ActorDocument:
        """Fetch the owner of a key now, within three seconds; raises as `get_owner`."""
        domain, started = registered_domain(host_of(key_id)), self.seconds()
        resting = self._resting.get(domain, 0.0) - started
        if resting > 0:
            raise UnavailableError("key-host-rests", resting)
        if not self._slots.acquire(blocking=False):
            raise UnavailableError("key-fetches-busy", BUSY_RETRY_SECONDS)
        try:
            document = _fetch_owner(client(), key_id, self.seconds)
        except UnavailableError:
            error: FederationError = UnavailableError("key-unavailable", KEPT_SECONDS)
        except VanishedError as gone:
            error = _gone_for_good(gone, key_id) or UnverifiedError("key-unknown")
        except FederationError:
            error = UnverifiedError("key-unknown")
        else:
            self._keep(key_id, document, None)
            return document
        finally:
            self._slots.release()
            self._note_time(domain, started)
        self._keep(key_id, None, error)
        raise error

    def _note_time(self, domain: str, started: float) -> None:
        """Leave a domain alone for a while when it kept a slot for long."""
        with self._lock:
            now = self.seconds()
            if now - started < SLOW_AFTER_SECONDS:
                return
            self._resting[domain] = now + RESTS_TIMES * (now - started)
            self._resting.move_to_end(domain)
            while len(self._resting) > MAX_KEPT:
                self._resting.popitem(last=False)

    def _find(self, key_id: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key_id)
            if kept is not None and kept.until <= self.seconds():
                del self._kept[key_id]
                return None
            return kept

    def _keep(
        self, key_id: str, document: ActorDocument | None, error: FederationError | None
    ) -> None:
        with self._lock:
            self._kept[key_id] = _Kept(self.seconds() + KEPT_SECONDS, document, error)
            self._kept.move_to_end(key_id)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)


def _fetch_owner(
    client: ActivityClient, key_id: str, seconds: Callable[[], float]
) -> ActorDocument:
    """Fetch the key's document, and its owner's when that is another one (GoToSocial)."""
    deadline = seconds() + FETCH_SECONDS
    address = key_id.partition("#")[0]
    fetched = fetch_raw(client, address, _limits(FETCH_SECONDS))
    owner = _owner_named_by(fetched.raw)
    if not is_usable_uri(owner) or not same_origin(owner, key_id):
        raise RefusedError("key-owner-elsewhere")
    if owner not in {address, fetched.url}:
        fetched = fetch_raw(client, owner, _limits(max(deadline - seconds(), 0.1)))
    if not same_origin(fetched.url, owner):
        raise RefusedError("key-owner-elsewhere")
    document = parse_actor(fetched.raw)
    if document.uri != owner or document.key_of(key_id) is None:
        raise RefusedError("key-not-claimed")
    return document


def _gone_for_good(gone: VanishedError, key_id: str) -> OwnerGoneError | None:
    """Return that an actor is gone, if its own server said so at its own address."""
    owner = key_id.partition("#")[0]
    if gone.reason != GONE_FOR_GOOD or gone.url != owner:
        return None
    try:
        raw = parse_json(gone.body)
    except MalformedError:
        return OwnerGoneError(owner, None)
    key = raw.get("publicKey")
    if raw.get("id") != owner or not isinstance(key, dict):
        return OwnerGoneError(owner, None)
    pem = key.get("publicKeyPem")
    is_it = key.get("id") == key_id and key.get("owner") == owner and isinstance(pem, str)
    return OwnerGoneError(owner, str(pem) if is_it else None)


def _owner_named_by(raw: JsonObject) -> str:
    """Return the actor that a document is, or (a bare key) says it belongs to."""
    as2_type = raw.get("type")
    is_actor = isinstance(as2_type, str) and kind_of(as2_type) in ACTOR_KINDS
    owner = raw.get("id") if is_actor else raw.get("owner") or raw.get("controller")
    if not isinstance(owner, str):
        raise RefusedError("key-without-owner")
    return owner


def _limits(total_seconds: float) -> FetchLimits:
    return FetchLimits(MAX_BYTES, total_seconds, total_seconds, 1)
