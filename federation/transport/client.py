"""Asking and telling other servers: signed GET of documents, signed POST of activities.

Headers are those of federation.md section 5.1. A peer that does not understand our signature is
asked once more with one of the other kind (knocking), for POST and GET alike. Every GET is signed
by this server's own actor; a 401 or 403 is tried once without a signature, as the peer may have
failed to fetch our key. What worked is remembered per host (habits).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from app.core.clock import utcnow
from app.core.http_client import FetchedResponse, FetchLimits, HttpClient
from app.core.http_errors import HttpClientError
from app.core.outgoing import http_client
from app.core.plain_text import clean_plain_text
from federation.errors import RefusedError, UnavailableError
from federation.models.peer import Scheme
from federation.signatures.sign import SigningKey
from federation.transport.actors import instance_signing_key
from federation.transport.backoff import read_retry_after
from federation.transport.habits import Forgetful, Habit, Habits, PeerHabits
from federation.transport.knocking import Knock, first_knock, is_about_signature, next_knocks
from federation.vocab.json_text import MAX_BYTES
from federation.vocab.origin import host_of
from federation.vocab.parse import parse_json
from federation.vocab.terms import ACCEPT, ACTIVITY_JSON, JsonObject

TOTAL_SECONDS = 10.0
LEAST_SECONDS = 0.1
CONNECT_SECONDS = 5.0
MAX_REDIRECTS = 3
MAX_ETAG = 200
MAX_TEXT = 500
AS_PROFILE = 'profile="https://www.w3.org/ns/activitystreams"'
DOCUMENT_LIMITS = FetchLimits(MAX_BYTES, TOTAL_SECONDS, CONNECT_SECONDS, MAX_REDIRECTS)
POST_LIMITS = FetchLimits(MAX_BYTES, TOTAL_SECONDS, CONNECT_SECONDS, 0)

_NOT_FOR_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_VANISHED = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_PASSING = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


class VanishedError(RefusedError):
    """The server that should have it says 404 or 410, at `url`; `body` is what it shows instead."""

    def __init__(self, reason: str, url: str = "", body: bytes = b"") -> None:
        super().__init__(reason)
        self.url = url
        self.body = body


@dataclass(frozen=True)
class FetchedDocument:
    """One JSON object with an ActivityPub content type, and the address it really came from.

    `etag` is what its server wants to hear the next time (RFC 9110 section 8.8.3), if anything.
    """

    url: str
    raw: JsonObject
    etag: str | None = None


@dataclass(frozen=True)
class PostAnswer:
    """What a peer said to a delivery; `retry_after` in seconds, `text` a piece of its body.

    `scheme` is the kind of signature to which it said so, `key_name` names the key.
    """

    status: int
    retry_after: float | None
    text: str
    scheme: Scheme = Scheme.CAVAGE
    key_name: str = ""


class ActivityClient:
    """Signed requests over the one HTTP client; safe to share between threads.

    It touches no database, unless it is given `habits` that do: make it inside the application
    context, use it anywhere.
    """

    def __init__(
        self, http: HttpClient, key: SigningKey | None, habits: Habits | None = None
    ) -> None:
        self._http = http
        self._key = key
        self._habits = habits or Forgetful()

    def get_document(self, uri: str, limits: FetchLimits = DOCUMENT_LIMITS) -> FetchedDocument:
        """Fetch one document.

        Raises VanishedError (404, 410), RefusedError (other 4xx, a wrong content type, an address
        we may not open), MalformedError (not JSON we accept) or UnavailableError (try later).
        """
        return _read_document(_checked(self._get(uri, {"Accept": ACCEPT}, limits)))

    def get_changed(
        self, uri: str, etag: str | None, limits: FetchLimits = DOCUMENT_LIMITS
    ) -> FetchedDocument | None:
        """Fetch one document unless it still is the one of `etag`: then None; raises as above."""
        headers = {"Accept": ACCEPT} | ({"If-None-Match": etag} if etag else {})
        answer = self._get(uri, headers, limits)
        if etag and answer.status == HTTPStatus.NOT_MODIFIED:
            return None
        return _read_document(_checked(answer))

    def get_json(self, uri: str, accept: str, limits: FetchLimits = DOCUMENT_LIMITS) -> bytes:
        """Fetch a plain JSON (or XML) resource such as WebFinger; raises as `get_document` does."""
        return _checked(self._send(_Question(uri, {"Accept": accept}, limits), None)).body

    def post(
        self, inbox_url: str, body: bytes, key: SigningKey, scheme: str | None = None
    ) -> PostAnswer:
        """Deliver `body`, signed with `key` for this attempt only; any status is an answer.

        `scheme` is the kind of signature that the host is known to take. Raises UnavailableError
        when there is no answer, RefusedError when the address is not for us.
        """
        knock = first_knock(key, None if scheme is None else Scheme(scheme))
        answer = first = self._post_once(inbox_url, body, knock)
        for again in next_knocks(knock, first.status, first.headers):
            other = self._post_once(inbox_url, body, again)
            if not is_about_signature(again, other.status):
                knock, answer = again, other
                break
        said = answer.body[:MAX_TEXT].decode("utf-8", "replace")
        text = clean_plain_text(said, max_length=MAX_TEXT)  # it is stored, and shown to operators
        return PostAnswer(answer.status, _advice(answer), text, knock.scheme, knock.key.name)

    def _post_once(self, inbox_url: str, body: bytes, knock: Knock) -> FetchedResponse:
        headers = knock.sign("POST", inbox_url, body, utcnow())
        headers["Accept"] = ACTIVITY_JSON
        try:
            return self._http.post(inbox_url, body, headers=headers, limits=POST_LIMITS)
        except HttpClientError as error:
            raise _translated(error) from error

    def _get(self, uri: str, headers: Mapping[str, str], limits: FetchLimits) -> FetchedResponse:
        """Ask as the host is known to want it, then in the other ways; remember what helped."""
        question = _Question(uri, headers, limits)
        if self._key is None:
            return self._send(question, None)
        host = host_of(uri)
        habit = self._habits.find(host)
        answer, worked = self._ask(question, self._key, habit)
        if answer.status < HTTPStatus.BAD_REQUEST and worked.differs_from(habit):
            self._habits.note(host, worked)
        return answer

    def _ask(
        self, question: "_Question", key: SigningKey, habit: Habit
    ) -> tuple[FetchedResponse, Habit]:
        """Return the answer, and the habit that it speaks for should it be a good one."""
        if habit.wants_unsigned:
            answer = self._send(question, None)
            if answer.status not in _NOT_FOR_US:
                return answer, habit
        knock = first_knock(key, habit.scheme)
        answer = self._send(question, knock)
        for again in next_knocks(knock, answer.status, answer.headers):
            other = self._send(question, again)
            if not is_about_signature(again, other.status):
                knock, answer = again, other
                break
        if answer.status in _NOT_FOR_US and not habit.wants_unsigned:
            return self._send(question, None), Habit(habit.scheme, wants_unsigned=True)
        return answer, Habit(knock.scheme)

    def _send(self, question: "_Question", knock: Knock | None) -> FetchedResponse:
        def sign(method: str, url: str) -> dict[str, str]:
            return {} if knock is None else knock.sign(method, url, None, utcnow())

        limits = question.limits_left()
        try:
            return self._http.get(question.uri, headers=question.headers, limits=limits, sign=sign)
        except HttpClientError as error:
            raise _translated(error) from error


@dataclass(frozen=True)
class _Question:
    """One GET, however it is signed; asking again takes no more time than asking once may."""

    uri: str
    headers: Mapping[str, str]
    limits: FetchLimits
    started: float = field(default_factory=time.monotonic)

    def limits_left(self) -> FetchLimits:
        """Return the limits with the seconds that are left of them."""
        left = self.limits.total_seconds - (time.monotonic() - self.started)
        return replace(self.limits, total_seconds=max(left, LEAST_SECONDS))


def activity_client() -> ActivityClient:
    """Return a client that signs with the key of this server, for the thread that asks for it."""
    return ActivityClient(http_client(), instance_signing_key(), PeerHabits())


def is_activity_type(content_type: str) -> bool:
    """Whether a Content-Type is exactly one of ActivityPub's (CVE-2024-25623).

    That is `application/activity+json`, or `application/ld+json` with the ActivityStreams profile;
    no other parameter than `charset=utf-8`.
    """
    essence, *parameters = (part.strip() for part in content_type.lower().split(";"))
    given = {parameter.replace(" ", "") for parameter in parameters if parameter}
    given -= {"charset=utf-8", 'charset="utf-8"'}
    if essence == ACTIVITY_JSON:
        return given <= {AS_PROFILE}
    return essence == "application/ld+json" and given == {AS_PROFILE}


def _read_document(answer: FetchedResponse) -> FetchedDocument:
    """Return what an answer holds, when its content type says that it is ActivityPub."""
    if not is_activity_type(answer.headers.get("content-type", "")):
        raise RefusedError("content-type-not-activitypub")
    etag = answer.headers.get("etag", "")
    is_usable = 0 < len(etag) <= MAX_ETAG and etag.isprintable() and etag.isascii()
    return FetchedDocument(answer.url, parse_json(answer.body), etag if is_usable else None)


def _checked(answer: FetchedResponse) -> FetchedResponse:
    """Return a 200; anything else is an error of the kind that says whether to try again."""
    if answer.status == HTTPStatus.OK:
        return answer
    if answer.status in _VANISHED:
        raise VanishedError(f"status-{answer.status}", answer.url, answer.body)
    if answer.status in _PASSING or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise UnavailableError(f"status-{answer.status}", _advice(answer))
    raise RefusedError(f"status-{answer.status}")


def _advice(answer: FetchedResponse) -> float | None:
    return read_retry_after(answer.headers.get("retry-after"), utcnow())


def _translated(error: HttpClientError) -> RefusedError | UnavailableError:
    return UnavailableError(error.code) if error.may_retry else RefusedError(error.code)
