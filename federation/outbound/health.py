"""How a host is doing, as its answers tell: working, resting, back after a long time."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from sqlalchemy import select, update

from app.core.db import session
from federation.models.peer import Peer
from federation.models.waking import rest_host, wake_resting
from federation.outbound.activities.returning import greet_returned
from federation.outbound.journal import Answer
from federation.outbound.verdicts import is_host_trouble, is_success
from federation.transport.backoff import wait_before
from federation.transport.habits import note_scheme

SUCCESS_NOTED_EVERY: Final = timedelta(minutes=1)
WORKED_LATELY: Final = timedelta(minutes=5)
LONG_GONE: Final = timedelta(days=7)
ERROR_LENGTH: Final = 300


def note_hosts(answers: Sequence[Answer], now: datetime) -> None:
    """Note per host whether it works: one row per host and batch, and only when that is news.

    A host that answered one of several in the batch works; "slow down" is obeyed all the same.
    """
    by_host: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if not answer.skipped and not answer.refused:
            by_host[answer.host].append(answer)
    known = session().scalars(select(Peer).where(Peer.host.in_(by_host)))
    peers = {peer.host: peer for peer in known}
    working = []
    for host in sorted(by_host):
        peer = peers.get(host) or ensure_peer(host)
        if all(map(is_success, by_host[host])) and _is_known_to_work(peer):
            working.append(peer)
        else:
            _note_host(peer, by_host[host], now)
    _note_working(working, by_host, now)


def _is_known_to_work(peer: Peer) -> bool:
    return peer.succeeded_at is not None and peer.failing_since is None and peer.retry_at is None


def _note_working(peers: list[Peer], by_host: dict[str, list[Answer]], now: datetime) -> None:
    """Note the usual case for many hosts in one statement, once a minute."""
    for peer in peers:
        note_scheme(peer, [one.scheme for one in by_host[peer.host]], now)
    hosts = [peer.host for peer in peers if _is_news(peer, now)]
    if hosts:
        session().flush()
        session().execute(
            update(Peer)
            .where(Peer.host.in_(hosts))
            .values(succeeded_at=now)
            .execution_options(synchronize_session="evaluate")
        )


def _note_host(peer: Peer, answers: list[Answer], now: datetime) -> None:
    limits = [one for one in answers if one.status == HTTPStatus.TOO_MANY_REQUESTS]
    troubles = [one for one in answers if is_host_trouble(one) and one not in limits]
    note_scheme(peer, [one.scheme for one in answers if is_success(one)], now)
    if len(troubles) + len(limits) < len(answers):
        if _is_news(peer, now):
            _note_success(peer, now)
    elif troubles:
        _note_trouble(peer, troubles[-1], now)
    if limits:
        _rest(peer, max(limits, key=lambda one: one.retry_after or 0.0), now)


def ensure_peer(host: str) -> Peer:
    """Return the row of a host, made when missing."""
    peer = session().get(Peer, host)
    if peer is None:
        peer = Peer(host=host, failures=0, failing_days=0)
        session().add(peer)
        session().flush()
    return peer


def _is_news(peer: Peer, now: datetime) -> bool:
    if peer.failing_since is not None or peer.retry_at is not None or peer.succeeded_at is None:
        return True
    return now - peer.succeeded_at > SUCCESS_NOTED_EVERY


def _note_success(peer: Peer, now: datetime) -> None:
    """Keep that it works; what waited for it is due, and who was away for long is told."""
    since, failures = peer.failing_since, peer.failures
    peer.succeeded_at = now
    peer.failing_since = peer.last_error = None
    peer.failing_days = 0
    if since is not None or (peer.retry_at is not None and peer.retry_at <= now):
        peer.retry_at = None  # one that asked us to slow down gets its pause
        peer.failures = 0
    if since is None:
        return
    wake_resting(peer.host, failures, now)
    if now - since > LONG_GONE:
        greet_returned(peer.host)


def _note_trouble(peer: Peer, answer: Answer, now: datetime) -> None:
    if _is_about_the_item(peer, answer, now):
        return
    peer.failing_since = peer.failing_since or now
    if peer.failed_on is None or peer.failed_on.date() != now.date():
        peer.failing_days += 1
    peer.failed_on = now
    _rest(peer, answer, now)


def _is_about_the_item(peer: Peer, answer: Answer, now: datetime) -> bool:
    """Whether a server that works stumbles over one thing, as most do with a 500."""
    if answer.status != HTTPStatus.INTERNAL_SERVER_ERROR or peer.succeeded_at is None:
        return False
    return peer.failing_since is None and now - peer.succeeded_at < WORKED_LATELY


def _rest(peer: Peer, answer: Answer, now: datetime) -> None:
    """Leave a host alone for a while, the longer the oftener it failed."""
    if peer.retry_at is not None and peer.retry_at > now:
        return  # its neighbours in flight failed with it: that is one failure, not eight
    peer.failures += 1
    chance = secrets.randbelow(1000) / 1000
    wait = wait_before(peer.failures, chance=chance, retry_after=answer.retry_after)
    peer.retry_at = now + wait
    peer.last_error = (answer.error or f"status {answer.status}")[:ERROR_LENGTH]
    rest_host(peer.host, peer.retry_at)
