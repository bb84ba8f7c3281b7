"""Threads that send: few per host, urgent things first, and nobody behind one that hangs."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Lock, Semaphore

from federation.models.delivery import DeliveryDialect
from federation.models.peer import Dialect
from federation.outbound.crew import Crew
from federation.outbound.jobs import Job

WAIT = 20.0


def job(number: int, host: str = "a.test", lane: int = 1) -> Job:
    return Job(
        delivery_id=number,
        host=host,
        url=f"http://{host}/inbox",
        body=b"{}",
        actor_id=1,
        attempts=0,
        dialect=DeliveryDialect.ANY,
        peer_dialect=Dialect.FORUM,
        is_proven=True,
        needs_nodeinfo=False,
        leased_until=datetime(2026, 11, 23, tzinfo=UTC),
        lane=lane,
    )


@contextmanager
def crew(send: Callable[[Job], bool], hands: int = 4, most: int = 16) -> Iterator[Crew]:
    made = Crew(send, hands, most)
    yield made
    made.close()


class Hosts:
    """What arrives, how many at once per host; those named in `hangs` keep everyone waiting."""

    def __init__(self, expected: int, hangs: tuple[str, ...] = ()) -> None:
        self.arrived: list[int] = []
        self.most: Counter[str] = Counter()
        self.begun, self.release, self.done = Event(), Event(), Semaphore(0)
        self._now: Counter[str] = Counter()
        self._lock, self._hangs, self._expected = Lock(), hangs, expected

    def __call__(self, job: Job) -> bool:
        with self._lock:
            self.arrived.append(job.delivery_id)
            self.begun.set()
            self._now[job.host] += 1
            self.most[job.host] = max(self.most[job.host], self._now[job.host])
        is_hanging = job.host in self._hangs
        (self.release if is_hanging else Event()).wait(WAIT if is_hanging else 0.01)
        with self._lock:
            self._now[job.host] -= 1
        self.done.release()
        return not is_hanging

    def await_all(self) -> bool:
        return all(self.done.acquire(timeout=WAIT) for _ in range(self._expected))


def test_everything_is_sent_once() -> None:
    hosts = Hosts(60)
    with crew(hosts) as made:
        made.put([job(number, f"h{number % 7}.test") for number in range(60)])

        assert hosts.await_all()

    assert sorted(hosts.arrived) == list(range(60))


def test_a_host_gets_more_at_once_with_every_answer_and_never_more_than_eight() -> None:
    hosts = Hosts(80)
    with crew(hosts, hands=32, most=32) as made:
        first = made.places("a.test")
        made.put([job(number) for number in range(80)])
        assert hosts.await_all()
        places = made.places("a.test")

    assert (first, places) == (1, 32)
    assert 2 <= hosts.most["a.test"] <= 8


def test_what_is_urgent_overtakes_what_was_taken_on_before() -> None:
    hosts = Hosts(3, hangs=("a.test",))
    with crew(hosts) as made:
        made.put([job(1)])
        assert hosts.begun.wait(WAIT)
        made.put([job(2, lane=2), job(3, lane=0)])
        hosts.release.set()
        assert hosts.await_all()

    assert hosts.arrived == [1, 3, 2]


def test_a_host_that_hangs_keeps_one_thread() -> None:
    hosts = Hosts(6, hangs=("hangs.test",))
    with crew(hosts, hands=2) as made:
        made.put([job(number, "hangs.test") for number in range(3)])
        made.put([job(number, "a.test") for number in range(10, 16)])
        is_done = hosts.await_all()
        held = hosts.most["hangs.test"]
        hosts.release.set()

    assert is_done
    assert held == 1


def test_who_is_stuck_is_replaced_up_to_a_limit() -> None:
    hosts = Hosts(4, hangs=tuple(f"dead{number}.test" for number in range(8)))
    with crew(hosts, hands=2, most=6) as made:
        made.put([job(number, f"dead{number}.test") for number in range(5)])
        made.put([job(number, "a.test") for number in range(10, 14)])
        for _ in range(40):
            Event().wait(0.1)
            made.replace_stuck()
            if len(hosts.arrived) == 9:
                break
        is_done = hosts.await_all()
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("send-")]
        hosts.release.set()

    assert is_done
    assert len(threads) <= 6
