"""How fast deliveries leave: one post to a thousand hosts, dead ones among them, one far away.

`measure_deliveries(plan)` fills a database of its own, starts real worker processes that do nothing
but send, and real servers on loopback. By itself: `python -m tests.bench.deliveries`.
"""

import dataclasses
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import db, session, unit_of_work
from app.core.migrating import upgrade_database
from app.core.settings import load_settings
from app.factory import create_app
from federation.models.delivery import Delivery, DeliveryDialect, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.models.peer import Dialect, Peer, Scheme
from federation.outbound.deliver import deliver_all_due
from federation.transport.actors import local_actor, signing_key
from tests.bench.far_servers import Shore, far_servers

BODY_BYTES = 2500
REFUSING_PORT = 1  # nothing listens there
PATIENCE_SECONDS = 300.0
LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Plan:
    """What is to be sent: `threads` posts to each of `hosts` that answer and to the dead ones.

    `latency` (seconds) passes at every host that answers. `database_url`: empty for SQLite.
    """

    hosts: int = 1000
    threads: int = 1
    processes: int = 2
    refusing: int = 0
    hanging: int = 0
    latency: float = 0.0
    database_url: str = ""


@dataclass(frozen=True)
class Outcome:
    """Deliveries per second to hosts that answer, and what a worker's CPU needed for each."""

    count: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Deliveries per second of wall-clock time, from the start to the last that arrived."""
        return self.count / self.seconds

    @property
    def cpu_milliseconds(self) -> float:
        """CPU time per delivery, all workers together."""
        return 1000 * self.cpu_seconds / self.count


def _environment(folder: Path, plan: Plan) -> dict[str, str]:
    return {
        "VERBINDPLAATS_DATA_DIR": str(folder),
        "VERBINDPLAATS_BASE_URL": "http://ons.localhost",
        "VERBINDPLAATS_SECRET_KEY": "a secret for a measurement only, 32",
        "VERBINDPLAATS_ALLOW_PRIVATE_ADDRESSES": "1",
        "VERBINDPLAATS_DATABASE_URL": plan.database_url,
        "VERBINDPLAATS_CONFIG": str(folder / "none.toml"),
    }


def _fill(hosts: list[str], threads: int) -> None:
    """Let posts wait for hosts that took something before."""
    now = utcnow()
    with unit_of_work():
        actor = local_actor(None)
        peers = [
            {
                "host": host,
                "software": "lemmy",
                "dialect": Dialect.FORUM,
                "nodeinfo_at": now,
                "succeeded_at": now,
                "scheme": Scheme.CAVAGE,
                "scheme_at": now,
                "known_since": now,
            }
            for host in hosts
        ]
        session().execute(insert(Peer), peers)
    signing_key(actor)
    for thread in range(threads):
        with unit_of_work():
            _post(actor.id, thread, hosts)


def _post(actor_id: int, thread: int, hosts: list[str]) -> None:
    now = utcnow()
    activity = OutboxActivity(
        public_id=new_public_id(),
        type="Announce",
        actor_id=actor_id,
        object_uri=f"http://ons.localhost/post/{thread}",
        body=b'{"type":"Announce","content":"' + b"x" * BODY_BYTES + b'"}',
        lane=Lane.CONTENT,
    )
    session().add(activity)
    session().flush()
    rows = [
        {
            "outbox_activity_id": activity.id,
            "inbox_url": f"http://{host}/inbox",
            "host": host,
            "order_key": activity.object_uri,
            "lane": Lane.CONTENT,
            "dialect": DeliveryDialect.FORUMS,
            "state": DeliveryState.WAITING,
            "attempts": 0,
            "made_at": now,
            "next_attempt_at": now,
        }
        for host in hosts
    ]
    session().execute(insert(Delivery), rows)


def _work(environment: dict[str, str], ready: Any, go: Any, stop: Any) -> None:
    """Send until told to stop, and say how much CPU that took."""
    app = create_app(load_settings(environment))
    with app.app_context():
        session().execute(select(1))
        ready.send(None)
        go.wait()
        before = time.process_time()
        while not stop.is_set():
            if not deliver_all_due():
                time.sleep(LOOK_EVERY_SECONDS)
        ready.send(time.process_time() - before)


@contextmanager
def _workers(environment: dict[str, str], count: int, cpu: list[float]) -> Iterator[Any]:
    """Run workers that begin when the event that is given is set; collect their CPU time."""
    context = get_context("spawn")
    go, stop = context.Event(), context.Event()
    pipes = [context.Pipe() for _ in range(count)]
    processes = [
        context.Process(target=_work, args=(environment, theirs, go, stop), daemon=True)
        for _, theirs in pipes
    ]
    for process in processes:
        process.start()
    for ours, _ in pipes:
        ours.recv()
    try:
        yield go
        stop.set()
        cpu += [ours.recv() for ours, _ in pipes]
    finally:
        for process in processes:
            process.kill()
            process.join()


def measure_deliveries(plan: Plan) -> Outcome:
    """Send `plan` with real processes over loopback; time what arrives at hosts that answer."""
    shore = Shore(plan.hosts, plan.latency, plan.hanging)
    with (
        tempfile.TemporaryDirectory(prefix="verbindplaats-bench-") as name,
        far_servers(shore) as far,
    ):
        ports, pipe = far
        environment = _environment(Path(name), plan)
        app = create_app(load_settings(environment))
        app.extensions.pop("doorbell", None)
        living = [f"127.0.0.1:{port}" for port in ports["living"]]
        dead = [f"127.0.0.1:{port}" for port in ports["hanging"]]
        dead += [f"127.0.1.{number + 1}:{REFUSING_PORT}" for number in range(plan.refusing)]
        with app.app_context():
            upgrade_database()
            _fill(dead + living, plan.threads)
            outcome = _time(environment, plan, pipe)
            db.session.remove()
            db.engine.dispose()
        return outcome


def _time(environment: dict[str, str], plan: Plan, pipe: Connection) -> Outcome:
    cpu: list[float] = []
    expected = plan.hosts * plan.threads
    with _workers(environment, plan.processes, cpu) as go:
        started = time.monotonic()
        go.set()
        while _count_done() < expected:
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise TimeoutError(f"{_count_done()} of {expected} deliveries were made")
            time.sleep(LOOK_EVERY_SECONDS)
    pipe.send(None)
    arrivals: list[float] = pipe.recv()
    if len(arrivals) != expected:
        raise ValueError(f"{len(arrivals)} arrived instead of {expected}")
    return Outcome(expected, max(arrivals) - started, sum(cpu))


def _count_done() -> int:
    try:
        done = Delivery.state == DeliveryState.DONE
        return session().scalar(select(func.count(Delivery.id)).where(done)) or 0
    finally:
        session().rollback()


PLANS = {
    "one post to 1000 hosts, two workers": Plan(),
    "one post to 1000 hosts, one worker": Plan(processes=1),
    "one peer at 200 ms": Plan(hosts=1, threads=400, latency=0.2, processes=1),
    "10000 to 1000 hosts of which 50 refuse and 50 hang": Plan(
        hosts=900, threads=10, refusing=50, hanging=50
    ),
}


def main() -> None:
    """Measure every plan whose name holds the first argument, and say what came of it."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    database_url = sys.argv[2] if len(sys.argv) > 2 else ""
    for name, plan in PLANS.items():
        if wanted in name:
            outcome = measure_deliveries(dataclasses.replace(plan, database_url=database_url))
            sys.stdout.write(
                f"{name}: {outcome.rate:.0f}/s, "
                f"{outcome.cpu_milliseconds:.2f} ms of CPU per delivery\n"
            )
            sys.stdout.flush()


__all__ = ["Outcome", "Plan", "measure_deliveries"]

if __name__ == "__main__":
    main()
