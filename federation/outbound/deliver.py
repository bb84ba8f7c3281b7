"""Sending what is due: many hosts at once, each thread in order, a dead host in nobody's way.

Several runs may go side by side, in one process or in many: each claims hosts of its own
(`claim.py`), hands the jobs to two crews of threads (`crew.py`), one for hosts that answered the
last time and one for all others, and writes the answers in batches. What a host runs is looked up
in its own turn, before the first content goes there; from that follows which of two variants it
gets (federation.md section 3.2).
"""

import logging
import queue
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import urlsplit

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.outgoing import http_client
from app.core.settings import Federation, current_settings
from app.core.site import freeze_base_url
from federation.discovery.nodeinfo import ServerSoftware, find_software, note_software
from federation.errors import FederationError, UnavailableError
from federation.models.waking import wake_host
from federation.outbound.claim import (
    claim_deliveries,
    find_due,
    has_lapsed,
    release_deliveries,
)
from federation.outbound.crew import Crew
from federation.outbound.jobs import Job, Room, UnderWay, suits
from federation.outbound.journal import Answer, Journal, read_left_behind
from federation.outbound.key_choice import KeyChoice
from federation.outbound.outcomes import record_answers
from federation.outbound.retention import tidy_when_due
from federation.outbound.synchronization import Synchronization
from federation.transport.client import ActivityClient
from federation.transport.knocking import UNREADABLE, scheme_of, waits_between

log = logging.getLogger(__name__)
PROVEN_HANDS: Final = 16
PROVEN_THREADS: Final = 128
PROVEN_QUEUE: Final = 256
UNPROVEN_HANDS: Final = 48
UNPROVEN_THREADS: Final = 64
BATCH: Final = 200
COLLECT_SECONDS: Final = 0.05
LOOK_AGAIN_SECONDS: Final = 1.0
BEGIN_WITHIN: Final = timedelta(seconds=40)  # of the lease must be left: what one may take at most
LOCKED_PAUSE: Final = timedelta(minutes=10)  # for the operator to bring back the secret key

# Set when a hint comes in while a run is under way: it looks again at once.
look_again = Event()


@dataclass(frozen=True)
class Sent:
    """What a thread brings back: the answer, and what the host runs when that was looked up.

    `answer` is None for what was not begun, because its lease was nearly over.
    """

    job: Job
    answer: Answer | None
    looked_up: bool = False
    software: ServerSoftware | None = None


def root_of(url: str) -> str:
    """Return `scheme://host[:port]` of an inbox address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Run:
    """One run over all that is due."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._journal = Journal(data_dir)
        self._results: queue.SimpleQueue[Sent] = queue.SimpleQueue()
        self._in_flight: Counter[str] = Counter()
        self._taken: Counter[bool] = Counter()
        self._keys = KeyChoice()
        self._synchronization = Synchronization()
        self._client = ActivityClient(http_client(), None)
        self._crews = {
            True: Crew(self._send, PROVEN_HANDS, PROVEN_THREADS),
            False: Crew(self._send, UNPROVEN_HANDS, UNPROVEN_THREADS),
        }

    def go(self) -> int:
        """Send until nothing is due and nothing under way; return how many answers came."""
        total = 0
        try:
            recover_journals(self._data_dir)
            tidy_when_due(self._data_dir)
            more = self._claim()
            while more or self._in_flight:
                total += self._collect()
                more = self._claim()
        finally:
            self._close()
        return total

    def _room(self) -> Room:
        return Room(PROVEN_QUEUE - self._taken[True], UNPROVEN_HANDS - self._taken[False])

    def _claim(self) -> bool:
        """Take on what is due; the database is locked for writing only when there is something."""
        look_again.clear()
        room = self._room()
        if room.proven <= 0 and room.unproven <= 0:
            return False
        session().rollback()  # ends the last look: what was committed since then counts
        ids = find_due(room, UnderWay(self._in_flight, self._crews[True].places))
        is_left_behind = bool(ids) and has_lapsed()
        session().rollback()
        if not ids:
            return False
        if is_left_behind:
            recover_journals(self._data_dir)  # its answers first, or they are sent again
        with unit_of_work():
            jobs = claim_deliveries(ids, self._in_flight)
            freeze_base_url(current_settings().base_url)
        locked = self._keys.prepare(jobs)
        if withheld := [job.delivery_id for job in jobs if job.actor_id in locked]:
            with unit_of_work():
                release_deliveries(withheld, utcnow() + LOCKED_PAUSE)
        self._synchronization.prepare(jobs)
        self._hand_out([job for job in jobs if job.actor_id not in locked])
        return True

    def _hand_out(self, jobs: list[Job]) -> None:
        """Give jobs to the crews."""
        for job in jobs:
            self._in_flight[job.host] += 1
            self._taken[job.is_proven] += 1
        for is_proven, crew in self._crews.items():
            crew.put([job for job in jobs if job.is_proven == is_proven])

    def _send(self, job: Job) -> bool:
        """In a thread: look up when needed, post, note the answer where a kill cannot undo it."""
        sent = Sent(job, None)
        try:
            if job.leased_until - utcnow() >= BEGIN_WITHIN:
                sent = self._attempt(job)
        except Exception as error:
            log.exception("delivery %s failed in an unexpected way", job.delivery_id)
            sent = Sent(job, _answer(job, error=f"unexpected: {error}"))
        try:
            if sent.answer is not None:
                self._journal.note(sent.answer)
        except OSError:
            log.exception("delivery %s was answered but not noted", job.delivery_id)
        finally:
            self._results.put(sent)
        return sent.answer is not None and sent.answer.status is not None

    def _attempt(self, job: Job) -> Sent:
        software, dialect = None, job.peer_dialect
        if job.needs_nodeinfo:
            software = find_software(self._client, root_of(job.url))
            if software is not None and not job.dialect_is_set:
                dialect = software.dialect
        if not suits(job.dialect, dialect):
            return Sent(job, _answer(job, skipped=True), job.needs_nodeinfo, software)
        job = replace(job, software=software.name if software else job.software)
        return Sent(job, self._post(job), job.needs_nodeinfo, software)

    def _post(self, job: Job) -> Answer:
        """Post, and tell one of two keys by its name where the peer refused the other."""
        key = replace(self._keys.key_for(job), also=self._synchronization.header_for(job))
        waits = waits_between(job.software)
        shown = replace(key, spare_pem=None) if waits else key
        scheme = scheme_of(job.software, job.scheme)
        try:
            answer = self._client.post(job.url, job.body, shown, scheme)
        except UnavailableError as error:
            return _answer(job, error=error.reason, retry_after=error.retry_after)
        except FederationError as error:
            return _answer(job, error=error.reason, refused=True)
        is_refused = key.spare_pem is not None and waits and answer.status in UNREADABLE
        is_told = is_refused or answer.key_name != key.name or job.signed_by is not None
        return _answer(
            job,
            status=answer.status,
            error=None if answer.status < HTTPStatus.BAD_REQUEST else answer.text,
            retry_after=answer.retry_after,
            scheme=answer.scheme,
            signed_by=answer.key_name if is_told else None,
            awaits_other_key=is_refused and job.signed_by is None,
        )

    def _collect(self) -> int:
        """Wait for answers and write all that have come, in one unit of work."""
        arrived = self._arrived()
        for crew in self._crews.values():
            crew.replace_stuck()
        if not arrived:
            return 0
        answers = [sent.answer for sent in arrived if sent.answer is not None]
        with unit_of_work():
            for sent in arrived:
                if sent.looked_up:
                    _note_look_up(sent)
            record_answers(answers)
            if unsent := [sent.job.delivery_id for sent in arrived if sent.answer is None]:
                release_deliveries(unsent)
        for sent in arrived:
            self._in_flight[sent.job.host] -= 1
            self._taken[sent.job.is_proven] -= 1
        self._in_flight = +self._in_flight
        if not self._in_flight:
            self._journal.clear()
        return len(answers)

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
        for crew in self._crews.values():
            crew.close()
        self._journal.close()


def _note_look_up(sent: Sent) -> None:
    """Keep what a host runs; one that says so is alive."""
    peer = note_software(sent.job.host, sent.software)
    if sent.software is not None and peer.failing_since is not None:
        wake_host(peer, utcnow())


def _answer(job: Job, **fields: Any) -> Answer:
    return Answer(job.delivery_id, job.host, job.attempts, **fields)


def recover_journals(data_dir: Path) -> None:
    """Write the answers that a killed process had noted but not stored."""
    for path, answers in read_left_behind(data_dir):
        with unit_of_work():
            record_answers(answers)
        path.unlink(missing_ok=True)


def deliver_all_due() -> int:
    """Send all that is due now, in units of work of its own; return how many answers came.

    While the exchange with others is switched off nothing goes out; what waits keeps waiting.
    """
    settings = current_settings()
    return 0 if settings.federation == Federation.OFF else Run(settings.data_dir).go()
