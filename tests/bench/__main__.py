"""Fill a server, start it, measure it, and say how it did."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from app.core.settings import Federation, load_settings
from app.factory import create_app
from app.forum.queries.communities import find_community
from tests.bench import exchange as exchanging
from tests.bench.deliveries import Plan, measure_deliveries
from tests.bench.exchange import Exchange
from tests.bench.figures import Figures
from tests.bench.filling import Filling, fill
from tests.bench.peers import Peers, peers
from tests.bench.reading import measure_reading
from tests.bench.report import as_text, table, write_page
from tests.bench.senders import Sender, get_to_know, let_follow, make_senders
from tests.bench.server import Place, Server, free_port, serving

PEERS = 200
SENDING_PEERS = 20
ACTIVITIES = 2000
FOLLOWED_ACTIVITIES = 400
MAX_INBOX_ROUNDS = 3
IDLE_SECONDS = 10.0
FAR_POSTS = 200
FAR_SECONDS = 0.2
QUIET_LOAD = 0.5
FANOUT_COMMUNITY = "groep9"
PARTS = ("reading", "inbox", "fanout", "deliveries", "start")


@dataclass(frozen=True)
class Options:
    """What the caller asked for."""

    rounds: int
    seconds: float
    parts: frozenset[str]
    writes_page: bool
    log: Path | None
    postgres: str = ""


@dataclass(frozen=True)
class Bench:
    """Everything that stands ready to be measured."""

    place: Place
    filling: Filling
    peers: Peers
    senders: list[Sender]
    figures: Figures
    log: Path


def tell(text: str) -> None:
    """Say on standard error what is going on."""
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()


def read_options(arguments: list[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run.sh bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds per figure")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one reading")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure these parts only")
    parser.add_argument("--no-page", action="store_true", help="leave docs/performance.md alone")
    parser.add_argument("--log", type=Path, help="keep the server's log in this file")
    parser.add_argument(
        "--postgres", default="", metavar="URL", help="an empty database: take in there as well"
    )
    given = parser.parse_args(arguments)
    parts = frozenset(given.only or PARTS)
    writes_page = not given.no_page and parts == frozenset(PARTS)
    return Options(given.rounds, given.seconds, parts, writes_page, given.log, given.postgres)


def application(place: Place, *, is_federating: bool = True) -> Flask:
    """Return an application on the data of the measured server."""
    settings = load_settings(place.environment)
    if not is_federating:
        settings = replace(settings, federation=Federation.OFF)
    return create_app(settings)


def prepare(place: Place, around: Peers, figures: Figures, log: Path) -> Bench:
    """Fill the data directory while nothing is sent: the first post goes to strangers."""
    place.command("init")
    with application(place, is_federating=False).app_context():
        filling = fill()
        senders = make_senders(around.hosts)
        get_to_know(senders)
        crowded = find_community(FANOUT_COMMUNITY)
        assert crowded is not None
        let_follow(senders, crowded)
        for number in range(MAX_INBOX_ROUNDS):
            followed = find_community(_followed(number))
            assert followed is not None
            let_follow(senders[:SENDING_PEERS], followed)
    around.serve({f"{s.host}/u/volger": s.document_bytes() for s in senders})
    return Bench(place, filling, around, senders, figures, log)


def _followed(number: int) -> str:
    return f"groep{1 + MAX_INBOX_ROUNDS + number}"


def measure_running(bench: Bench, server: Server, options: Options) -> None:
    """Measure what needs a running server, and at the end what it holds."""
    for number in range(options.rounds if "reading" in options.parts else 0):
        tell(f"reading, round {number + 1}")
        measure_reading(bench.place, bench.filling, bench.figures, options.seconds)
    with application(bench.place).app_context():
        _measure_exchange(bench, options)
    memory = server.memory()
    tell(f"memory of each process: {', '.join(f'{part:.0f}' for part in memory)} MB")
    bench.figures.note("memory", sum(memory))
    if "start" in options.parts:
        tell("doing nothing")
        bench.figures.note("idle", server.idle_share(IDLE_SECONDS))


def _measure_exchange(bench: Bench, options: Options) -> None:
    crowd = Exchange(bench.place, bench.peers, bench.senders, bench.figures)
    some = replace(crowd, senders=bench.senders[:SENDING_PEERS])
    if "fanout" in options.parts:
        tell("sending out")
        author = bench.filling.author
        exchanging.measure_fanout(crowd, FANOUT_COMMUNITY, author, "fanout_cold")
        for _ in range(options.rounds):
            exchanging.measure_fanout(crowd, FANOUT_COMMUNITY, author, "fanout")
    if "inbox" in options.parts:
        for number in range(min(options.rounds, MAX_INBOX_ROUNDS)):
            tell(f"taking in, round {number + 1}")
            _measure_inbox(some, number)
            _, applied = exchanging.measure_inbox(some, _followed(number), FOLLOWED_ACTIVITIES)
            some.figures.note("applied_followed", applied)


def _measure_inbox(some: Exchange, number: int, suffix: str = "") -> None:
    accepted, applied = exchanging.measure_inbox(some, f"groep{1 + number}", ACTIVITIES)
    some.figures.note(f"accepted{suffix}", accepted)
    some.figures.note(f"applied{suffix}", applied)


def measure_postgres(bench: Bench, rounds: int) -> None:
    """Measure taking in on a server whose data is in PostgreSQL."""
    with application(bench.place).app_context():
        senders = bench.senders[:SENDING_PEERS]
        some = Exchange(bench.place, bench.peers, senders, bench.figures)
        for number in range(min(rounds, MAX_INBOX_ROUNDS)):
            tell(f"taking in with PostgreSQL, round {number + 1}")
            _measure_inbox(some, number, "_postgres")


def measure_sending(figures: Figures, rounds: int) -> None:
    """Measure workers that do nothing but send, each time on a database of their own."""
    for number in range(rounds):
        tell(f"sending to many, round {number + 1}")
        wide = measure_deliveries(Plan())
        figures.note("wide", wide.rate)
        figures.note("wide_cpu", wide.cpu_milliseconds)
        far = Plan(hosts=1, threads=FAR_POSTS, latency=FAR_SECONDS, processes=1)
        figures.note("far", measure_deliveries(far).rate)
    tell("sending to many of whom some are dead")
    some_dead = Plan(hosts=900, threads=10, refusing=50, hanging=50)
    figures.note("dead", measure_deliveries(some_dead).rate)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="verbindplaats-bench-") as name:
        yield Path(name)


def measure(options: Options) -> Figures:
    """Measure all parts that were asked for."""
    figures = Figures()
    with _folder() as folder, peers(PEERS) as around:
        log = options.log or folder / "log"
        tell("filling a server")
        bench = prepare(Place(folder / "data", free_port()), around, figures, log)
        with serving(bench.place, log) as server:
            measure_running(bench, server, options)
        if "start" in options.parts:
            for _ in range(options.rounds):
                with serving(bench.place, log) as server:
                    figures.note("ready", server.ready_after)
        if options.postgres and "inbox" in options.parts:
            tell("filling a server with PostgreSQL")
            place = Place(folder / "postgres", free_port(), options.postgres)
            bench = prepare(place, around, figures, log)
            with serving(place, log):
                measure_postgres(bench, options.rounds)
    if "deliveries" in options.parts:
        measure_sending(figures, options.rounds)
    return figures


def main() -> int:
    """Measure, print the table, write the page; status 1 when a target was not reached."""
    options = read_options(sys.argv[1:])
    load, _, _ = os.getloadavg()
    if load > QUIET_LOAD:
        tell(f"the machine is busy with something else (load {load:.1f}): rates will be too low")
    rows = measure(options).rows()
    sys.stdout.write(as_text(table(rows)))
    if options.writes_page:
        write_page(rows)
    return 0 if all(row.is_reached is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
