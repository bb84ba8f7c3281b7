"""Sending what is due: many hosts at once, each thread in order, a dead host in nobody's way.

One run at a time (a lease) claims deliveries, hands them to threads and writes the answers in
batches. Hosts that answered before have a pool of threads of their own: hosts that hang can fill
only the other one, of which no more is claimed than has a thread at once. What a host runs is
looked up in its own turn, before the first content goes there; from that follows which of two
variants it gets (federation.md section 3.2).
"""

import logging
import queue
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.core.leases import give_back_lease, take_lease
from app.core.outgoing import http_client
from app.core.settings import Federation, current_settings
from app.core.site import freeze_base_url
from federation.discovery.nodeinfo import ServerSoftware, find_software, note_software
from federation.errors import FederationError, UnavailableError
from federation.models.actor import Actor
from federation.models.delivery import DeliveryDialect
from federation.models.peer import Dialect
from federation.outbound.claim import Job, Room, claim_deliveries, find_due
from federation.outbound.journal import Answer, Journal, read_left_behind
from federation.outbound.outcomes import record_answers
from federation.outbound.retention import tidy_when_due
from federation.signatures.keys import KeyLockedError
from federation.signatures.sign import SigningKey
from federation.transport.actors import signing_key
from federation.transport.client import ActivityClient

log = logging.getLogger(__name__)
LEASE_NAME: Final = "deliver"
PROVEN_THREADS: Final = 32
PROVEN_QUEUE: Final = 128
UNPROVEN_THREADS: Final = 48
BATCH: Final = 200
COLLECT_SECONDS: Final = 0.05
LOOK_AGAIN_SECONDS: Final = 1.0
RENEW_SECONDS: Final = 20.0

# Set when a hint comes in while a run is under way: it looks again at once.
look_again = Event()


@dataclass(frozen=True)
class Sent:
    """What a thread brings back: the answer, and what the host runs when that was looked up."""

    job: Job
    answer: Answer
    looked_up: bool = False
    software: ServerSoftware | None = None


def root_of(url: str) -> str:
    """Return `scheme://host[:port]` of an inbox address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def suits(dialect: DeliveryDialect, peer: Dialect) -> bool:
    """Whether a variant suits this class of server; an unknown one is taken for a forum."""
    if dialect == DeliveryDialect.ANY:
        return True
    is_microblog = peer == Dialect.MICROBLOG
    return is_microblog == (dialect == DeliveryDialect.MICROBLOGS)


class Run:
    """One run over all that is due."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._holder = uuid.uuid4().hex
        self._journal = Journal(data_dir)
        self._results: queue.SimpleQueue[Sent] = queue.SimpleQueue()
        self._in_flight: Counter[str] = Counter()
        self._in_pool: Counter[bool] = Counter()
        self._keys: dict[int, SigningKey] = {}
        self._client = ActivityClient(http_client(), None)
        self._pools = {
            True: ThreadPoolExecutor(PROVEN_THREADS, "deliver"),
            False: ThreadPoolExecutor(UNPROVEN_THREADS, "deliver-new"),
        }
        self._renewed = time.monotonic()
        self._is_ours = False

    def go(self) -> int:
        """Send until nothing is due and nothing under way; return how many answers came."""
        self._is_ours = take_lease(LEASE_NAME, self._holder)
        if not self._is_ours:
            return 0
        total = 0
        try:
            recover_journals(self._data_dir)
            tidy_when_due(self._data_dir)
            more = self._claim()
            while more or self._in_flight:
                total += self._collect()
                self._renew()
                more = self._claim()
        finally:
            self._close()
            give_back_lease(LEASE_NAME, self._holder)
        return total

    def _renew(self) -> None:
        """Keep the lease; once another run has it (we slept too long), take on nothing more."""
        if time.monotonic() - self._renewed > RENEW_SECONDS:
            self._is_ours = self._is_ours and take_lease(LEASE_NAME, self._holder)
            self._renewed = time.monotonic()

    def _room(self) -> Room:
        return Room(PROVEN_QUEUE - self._in_pool[True], UNPROVEN_THREADS - self._in_pool[False])

    def _claim(self) -> bool:
        """Take on what is due; the database is locked for writing only when there is something."""
        look_again.clear()
        if not self._is_ours:
            return False
        session().rollback()  # ends the last look: what was committed since then counts
        ids = find_due(self._room(), list(self._in_flight))
        session().rollback()
        if not ids:
            return False
        with unit_of_work():
            jobs = claim_deliveries(ids)
            freeze_base_url(current_settings().base_url)
        self._load_keys({job.actor_id for job in jobs} - set(self._keys))
        for job in jobs:
            if job.actor_id not in self._keys:
                continue  # its lease runs out, and it is tried again when the key can be opened
            self._in_flight[job.host] += 1
            self._in_pool[job.is_proven] += 1
            self._pools[job.is_proven].submit(self._send, job)
        return True

    def _load_keys(self, actor_ids: Iterable[int]) -> None:
        for actor in session().scalars(select(Actor).where(Actor.id.in_(list(actor_ids)))):
            try:
                self._keys[actor.id] = signing_key(actor)
            except KeyLockedError:
                log.exception("the key of %s was made with another secret key", actor.uri)

    def _send(self, job: Job) -> None:
        """In a thread: look up when needed, post, note the answer where a kill cannot undo it."""
        try:
            sent = self._attempt(job)
        except Exception as error:
            log.exception("delivery %s failed in an unexpected way", job.delivery_id)
            sent = Sent(job, _answer(job, error=f"unexpected: {error}"))
        try:
            self._journal.note(sent.answer)
        except OSError:
            log.exception("delivery %s was answered but not noted", job.delivery_id)
        finally:
            self._results.put(sent)

    def _attempt(self, job: Job) -> Sent:
        software, dialect = None, job.peer_dialect
        if job.needs_nodeinfo:
            software = find_software(self._client, root_of(job.url))
            dialect = software.dialect if software else dialect
        if not suits(job.dialect, dialect):
            return Sent(job, _answer(job, skipped=True), job.needs_nodeinfo, software)
        return Sent(job, self._post(job), job.needs_nodeinfo, software)

    def _post(self, job: Job) -> Answer:
        try:
            answer = self._client.post(job.url, job.body, self._keys[job.actor_id])
        except UnavailableError as error:
            return _answer(job, error=error.reason, retry_after=error.retry_after)
        except FederationError as error:
            return _answer(job, error=error.reason, refused=True)
        text = None if answer.status < HTTPStatus.BAD_REQUEST else answer.text
        return _answer(job, status=answer.status, error=text, retry_after=answer.retry_after)

    def _collect(self) -> int:
        """Wait for answers and write all that have come, in one unit of work."""
        arrived = self._arrived()
        if not arrived:
            return 0
        with unit_of_work():
            for sent in arrived:
                if sent.looked_up:
                    note_software(sent.job.host, sent.software)
            record_answers(sent.answer for sent in arrived)
        for sent in arrived:
            self._in_flight[sent.job.host] -= 1
            self._in_pool[sent.job.is_proven] -= 1
        self._in_flight = +self._in_flight
        if not self._in_flight:
            self._journal.clear()
        return len(arrived)

    def _arrived(self) -> list[Sent]:
        found: list[Sent] = []
        deadline = time.monotonic() + LOOK_AGAIN_SECONDS
        while self._in_flight and len(found) < BATCH:
            wait = deadline - time.monotonic()
            try:
                found.append(self._results.get(timeout=max(0.0, wait)))
            except queue.Empty:
                break
            deadline = min(deadline, time.monotonic() + COLLECT_SECONDS)
            if look_again.is_set() or (self._results.empty() and self._is_last(found)):
                break
        return found

    def _is_last(self, found: list[Sent]) -> bool:
        return len(found) == sum(self._in_flight.values())

    def _close(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        self._journal.close()


def _answer(job: Job, **fields: Any) -> Answer:
    return Answer(job.delivery_id, job.host, job.attempts, **fields)


def recover_journals(data_dir: Path) -> None:
    """Write the answers that a killed process had noted but not stored."""
    for path, answers in read_left_behind(data_dir):
        with unit_of_work():
            record_answers(answers)
        path.unlink()


def deliver_all_due() -> int:
    """Send all that is due now, in units of work of its own; return how many answers came.

    While the exchange with others is switched off nothing goes out; what waits keeps waiting.
    """
    settings = current_settings()
    return 0 if settings.federation == Federation.OFF else Run(settings.data_dir).go()
