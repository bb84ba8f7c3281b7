"""Ask for one feed, politely: conditionally, within 8 MB and 30 seconds. Touches no rows.

Everything that can go wrong comes back as a result with a cause, so that one feed never stops
another; the causes are worded in `feeds.health`.
"""

import hashlib
import logging
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from app.core.clock import utcnow
from app.core.http_client import FetchedResponse, FetchLimits, HttpClient
from app.core.http_errors import HttpClientError
from feeds.formats.errors import NotAFeedError
from feeds.formats.limits import BODY_BYTES
from feeds.health import CLOUDFLARE, MOVED_AWAY, REFUSED
from feeds.ingest.reading import Answered, Reading, read_answer
from feeds.ingest.schedule import UNTOLD_WAIT, wait_until
from feeds.models.fetch_event import Outcome

log = logging.getLogger(__name__)

LIMITS: Final = FetchLimits(
    max_bytes=BODY_BYTES,
    total_seconds=30.0,
    connect_seconds=8.0,
    max_redirects=5,
    allow_http=True,
    allow_downgrade=True,  # read over it, but never move to it: see `moves`
)
ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)
INTERNAL: Final = "internal"
# Failures that say nothing of the feed when they strike many hosts at once: then it is us.
NETWORK_CAUSES: Final = frozenset(
    {"name_unknown", "connect_failed", REFUSED, "broken_off", "too_slow", "tls_failed"}
)
MAX_DETAIL: Final = 300
_PERMANENT: Final = frozenset({301, 308})
_MAY_ASK_TO_WAIT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True)
class FetchJob:
    """What has to be asked; the validators are None when the whole document is wanted."""

    feed_id: int
    url: str
    host: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None

    @property
    def is_conditional(self) -> bool:
        """Whether a 304 is a possible answer."""
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True)
class Fetched:
    """What came of a job. `wait_until` is set when we were asked to come back later."""

    job: FetchJob
    outcome: Outcome
    status: int | None = None
    cause: str = ""
    detail: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    final_url: str = ""
    redirects: tuple[tuple[int, str], ...] = ()
    milliseconds: int = 0
    size: int = 0
    body_hash: str | None = None
    reading: Reading | None = None
    wait_until: datetime | None = None

    @property
    def is_permanent_move(self) -> bool:
        """Whether every hop was permanent (301, 308) and none gave up https."""
        if not self.redirects or any(status not in _PERMANENT for status, _ in self.redirects):
            return False
        is_downgrade = self.job.url.startswith("https:") and self.final_url.startswith("http:")
        return self.final_url != self.job.url and not is_downgrade

    @property
    def final_host(self) -> str:
        """The host (netloc) that answered."""
        return urlsplit(self.final_url or self.job.url).netloc


def fetch_feed(client: HttpClient, job: FetchJob) -> Fetched:
    """Fetch, and read what came; never raises."""
    started = time.monotonic()
    try:
        response = client.get(job.url, headers=request_headers(job), limits=LIMITS)
        return _judge(job, response)
    except HttpClientError as error:
        return Fetched(
            job,
            Outcome.FAILED,
            cause=_cause_of(error),
            detail=str(error.cause or error.text)[:MAX_DETAIL],
            milliseconds=int((time.monotonic() - started) * 1000),
        )
    except Exception:
        # Whatever a hostile document does to a parser, the other feeds have to go on.
        log.exception("reading feed %s failed", job.feed_id)
        elapsed = int((time.monotonic() - started) * 1000)
        return Fetched(job, Outcome.FAILED, cause=INTERNAL, milliseconds=elapsed)


def request_headers(job: FetchJob) -> dict[str, str]:
    """Return the headers of a request; validators go back byte for byte (RFC 9110 section 13)."""
    headers = {"accept": ACCEPT}
    if job.etag:
        headers["if-none-match"] = job.etag
    if job.last_modified:
        headers["if-modified-since"] = job.last_modified
    return headers


def _judge(job: FetchJob, response: FetchedResponse) -> Fetched:
    answered = Fetched(
        job,
        Outcome.FAILED,
        status=response.status,
        headers=response.headers,
        final_url=response.url,
        redirects=response.redirects,
        milliseconds=int(response.elapsed * 1000),
        size=len(response.body),
    )
    if response.status == HTTPStatus.NOT_MODIFIED and job.is_conditional:
        return replace(answered, outcome=Outcome.NOT_MODIFIED)
    if response.status in {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}:
        return _read(answered, response)
    if response.status == HTTPStatus.NO_CONTENT:
        return replace(answered, cause="feed_empty")
    return _refused(answered, response)


def _read(answered: Fetched, response: FetchedResponse) -> Fetched:
    body_hash = hashlib.sha256(response.body).hexdigest()
    answered = replace(answered, body_hash=body_hash)
    if body_hash == answered.job.body_hash:
        return replace(answered, outcome=Outcome.SAME)
    content_type = response.headers.get("content-type", "")
    try:
        reading = read_answer(Answered(response.body, response.url, content_type), utcnow())
    except NotAFeedError as error:
        cause = MOVED_AWAY if answered.is_permanent_move else f"feed_{error.reason.value}"
        return replace(answered, cause=cause, detail=str(error)[:MAX_DETAIL])
    return replace(answered, outcome=Outcome.READ, reading=reading)


def _refused(answered: Fetched, response: FetchedResponse) -> Fetched:
    now = utcnow()
    if response.headers.get("cf-mitigated", "").lower() == "challenge":
        return replace(answered, cause=CLOUDFLARE)
    cause = f"http_{response.status}"
    if response.status in _MAY_ASK_TO_WAIT:
        until = wait_until(response.headers.get("retry-after", ""), now)
        if until is None and response.status == HTTPStatus.TOO_MANY_REQUESTS:
            until = now + UNTOLD_WAIT
        if until is not None:
            return replace(answered, outcome=Outcome.PAUSED, cause=cause, wait_until=until)
    return replace(answered, cause=cause)


def _cause_of(error: HttpClientError) -> str:
    if error.code == "connect_failed" and "refused" in str(error.cause).lower():
        return REFUSED
    return error.code
