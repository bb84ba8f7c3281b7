"""`./run.sh demo`: a national and two regional instances on loopback, with people who talk.

The people and what they say are made up, and say so. Ctrl-C ends all three; what they wrote stays
in `var/demo` and is there at the next demo.
"""

import contextlib
import signal
import sys
import threading
from dataclasses import dataclass
from typing import Final

from tests.support.server import ROOT, Server, wait_until

FOLDER: Final = ROOT / "var" / "demo"
NATIONAL: Final = ("landelijk", 8001)
REGIONS: Final = (("oost", 8002), ("west", 8003))
PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Conversation:
    """A question asked on the national instance, and who answers it from which region."""

    title: str
    body: str
    answers: tuple[tuple[str, str], ...]


CONVERSATIONS: Final = (
    Conversation(
        "Hoe bewaken jullie dat beoordelaars hetzelfde bedoelen?",
        "Wij toetsen *leeruitkomsten* met een portfolio. Hoe doen anderen dat? (voorbeeld)",
        (
            ("oost", "Wij kalibreren drie keer per jaar met twee portfolio's. (voorbeeld)"),
            ("west", "Bij ons kijkt een externe beoordelaar mee bij een op de tien. (voorbeeld)"),
        ),
    ),
    Conversation(
        "Hoe plan je flexibele instroom rond in het rooster?",
        "Onze deeltijd start vier keer per jaar. (voorbeeld)",
        (("west", "Met blokken van vijf weken, en een vaste dag in de week. (voorbeeld)"),),
    ),
)


def person_of(region: str) -> str:
    """Return the name of the made-up person who lives on an instance."""
    return f"voorbeeld_{region}"


def start(name: str, port: int) -> Server:
    """Start one instance, with one made-up person the first time."""
    server = Server(
        FOLDER / name,
        port,
        VERBINDPLAATS_SITE_NAME=f"Verbindplaats {name.title()} (voorbeeld)",
    )
    is_new = not (FOLDER / name / "initialised").exists()
    server.start()
    if is_new:
        email = f"{person_of(name)}@{name}.example"
        server.run("user", "add", person_of(name), "--email", email)
    return server


def follow_national(national: Server, region: Server, name: str) -> None:
    """Let the region's person follow the national community, and wait until it is agreed."""
    handle = f"!toetsing@127.0.0.1:{national.port}"
    region.run("follow", handle, "--as", person_of(name))
    page = f"/c/toetsing@127.0.0.1:{national.port}"
    wait_until(lambda: region.get(page)[0] == 200, PATIENCE_SECONDS)


def converse(national: Server, regions: dict[str, Server]) -> None:
    """Ask on the national instance, answer from the regions."""
    owner = person_of(NATIONAL[0])
    national.run("community", "add", "toetsing", "--title", "Toetsing", "--owner", owner)
    for name, region in regions.items():
        follow_national(national, region, name)
    for one in CONVERSATIONS:
        question = ("post", "add", "toetsing", "--as", owner, "--kind", "question")
        uri = national.last_line(*question, "--title", one.title, text=one.body)
        for name, answer in one.answers:
            regions[name].run("comment", "add", uri, "--as", person_of(name), text=answer)


def run(started: dict[str, Server]) -> None:
    """Start three instances into `started`, let them talk the first time, and wait for Ctrl-C."""
    is_new = not (FOLDER / NATIONAL[0]).exists()
    for name, port in (NATIONAL, *REGIONS):
        started[name] = start(name, port)
    if is_new:
        converse(started[NATIONAL[0]], {name: started[name] for name, _port in REGIONS})
    for name, server in started.items():
        link = server.last_line("user", "link", person_of(name))
        sys.stdout.write(f"{name}: {server.base_url}  (sign in once: {link})\n")
    sys.stdout.write("Ctrl-C ends the demo.\n")
    sys.stdout.flush()
    threading.Event().wait()


def main() -> None:
    """Run the demo; whatever ends it, the instances end with it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started: dict[str, Server] = {}
    with contextlib.suppress(KeyboardInterrupt):
        try:
            run(started)
        finally:
            for server in started.values():
                server.stop()


if __name__ == "__main__":
    main()
