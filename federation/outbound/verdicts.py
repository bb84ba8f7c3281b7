"""What an answer means for one delivery: pure (federation.md section 5.6).

A host that seems not to work is tried again with growing pauses until the delivery is too old. Who
cannot verify us, forbids, or has no such inbox any more gets a few tries of that kind, however
often the host was silent before. One that must forget a refused key before it is shown the other
gets it a little later. Everything else is final, except that a refusal after a time-out
means that the peer had taken it (Lemmy answers repeats with an error).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from federation.models.delivery import DeliveryState
from federation.models.outbox_activity import Lane
from federation.outbound.journal import Answer
from federation.transport.backoff import GIVE_UP_AFTER, GIVE_UP_VOTES_AFTER, next_attempt
from federation.transport.knocking import FORGOTTEN_AFTER

RETRY: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
MISSING: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# A peer that cannot verify us may have cached an old key, one that forbids may change its mind,
# and an inbox that is missing may have moved: who lives there is asked meanwhile.
PATIENCE: Final[dict[int, tuple[int, timedelta]]] = {
    HTTPStatus.UNAUTHORIZED: (3, timedelta(hours=8)),
    HTTPStatus.FORBIDDEN: (1, timedelta(hours=1)),
    HTTPStatus.NOT_FOUND: (1, timedelta(hours=1)),
    HTTPStatus.GONE: (1, timedelta(hours=1)),
}
TIMED_OUT: Final = frozenset({"too_slow", "broken_off", "cut_short"})  # it may have been taken
TIMED_OUT_AT_GATEWAY: Final = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
SILENT_REFUSER: Final = "nodebb"  # answers nothing at all to what it cannot use
SILENT_TRIES: Final = 3


@dataclass(frozen=True)
class Attempt:
    """One earlier attempt: its status, or the error when there was no answer."""

    status: int | None
    error: str

    @property
    def may_be_taken(self) -> bool:
        """Whether the peer may have taken it although it did not say so."""
        if self.status is None:
            return self.error in TIMED_OUT
        return self.status in TIMED_OUT_AT_GATEWAY


@dataclass(frozen=True)
class Past:
    """What is known of a delivery before this answer.

    `count` attempts were made; `attempts` holds the newest of those that did not succeed. `works`:
    the host, of which `software` is known, took something else since the first of them.
    """

    made_at: datetime
    lane: Lane
    count: int = 0
    attempts: Sequence[Attempt] = ()
    software: str | None = None
    works: bool = False


@dataclass(frozen=True)
class Verdict:
    """The new state, when to try again (only while waiting), and what to note beside it."""

    state: DeliveryState
    retry_at: datetime | None = None
    note: str | None = None


def is_success(answer: Answer) -> bool:
    """Whether the peer took it."""
    status = answer.status
    return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def is_host_trouble(answer: Answer) -> bool:
    """Whether the host as a whole seems not to work: no answer, 5xx or "slow down"."""
    if answer.skipped or answer.refused:
        return False
    status = answer.status
    return status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in RETRY


def give_up_at(made_at: datetime, lane: Lane) -> datetime:
    """Return until when something is worth sending."""
    return made_at + (GIVE_UP_VOTES_AFTER if lane == Lane.VOTES else GIVE_UP_AFTER)


def judge(answer: Answer, past: Past, now: datetime, chance: float) -> Verdict:
    """Return what becomes of a delivery; `chance` in [0, 1) spreads retries."""
    if answer.skipped:
        return Verdict(DeliveryState.SKIPPED)
    if is_success(answer):
        return Verdict(DeliveryState.DONE)
    if is_host_trouble(answer):
        return _after_trouble(answer, past, now, chance)
    return _after_refusal(answer, past, now)


def _after_trouble(answer: Answer, past: Past, now: datetime, chance: float) -> Verdict:
    if past.software == SILENT_REFUSER and past.works and _is_silent(answer):
        silent = 1 + sum(one.status is None and one.may_be_taken for one in past.attempts)
        if silent >= SILENT_TRIES:
            return Verdict(DeliveryState.DROPPED, note="no answer to this one, thrice")
    retry_at = next_attempt(
        now,
        give_up_at(past.made_at, past.lane),
        past.count + 1,
        chance=chance,
        retry_after=answer.retry_after,
    )
    if retry_at is None:
        return Verdict(DeliveryState.EXPIRED)
    return Verdict(DeliveryState.WAITING, retry_at)


def _is_silent(answer: Answer) -> bool:
    return answer.status is None and (answer.error or "") in TIMED_OUT


def _after_refusal(answer: Answer, past: Past, now: datetime) -> Verdict:
    status = answer.status or 0
    if answer.awaits_other_key:
        return Verdict(DeliveryState.WAITING, now + FORGOTTEN_AFTER)
    times, pause = PATIENCE.get(status, (0, timedelta()))
    if times:
        before = sum(one.status == status for one in past.attempts)
        retry_at = now + pause
        if before < times and retry_at <= give_up_at(past.made_at, past.lane):
            return Verdict(DeliveryState.WAITING, retry_at)
    elif status >= HTTPStatus.BAD_REQUEST and any(one.may_be_taken for one in past.attempts):
        return Verdict(DeliveryState.DONE, note=f"status {status} after a time-out: it was taken")
    return Verdict(DeliveryState.DROPPED)
