"""A web server on loopback that answers what a test put there, and remembers what was asked."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.hostile_server import RawServer, answer, serve_raw

Steps = Iterable[bytes | float]
Answer = Callable[["Asked"], Steps]

NOT_FOUND = answer(b"niets hier", status="404 Not Found")


@dataclass(frozen=True)
class Asked:
    """One request: its path and its headers, names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass
class FeedServer:
    """Answers by path; every request is kept in `asked`."""

    raw: RawServer | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/feed", *, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        assert self.raw is not None
        return self.raw.url(path, host=host)

    def put(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: str = "200 OK",
        headers: Iterable[str] = ("Content-Type: application/rss+xml",),
    ) -> None:
        """Answer `path` with these bytes from now on."""
        content = body.encode() if isinstance(body, str) else body
        whole = answer(content, status=status, headers=headers)
        self.answers[path] = lambda _asked: [whole]

    def put_validated(self, path: str, body: str, etag: str, modified: str = "") -> None:
        """Answer with a validator, and 304 to who sends it back."""
        headers = [f"ETag: {etag}", *([f"Last-Modified: {modified}"] if modified else [])]
        whole = answer(body.encode(), headers=headers)
        unchanged = answer(status="304 Not Modified", headers=headers)

        def judge(asked: Asked) -> Steps:
            return [unchanged if asked.headers.get("if-none-match") == etag else whole]

        self.answers[path] = judge

    def redirect(self, path: str, location: str, status: str = "301 Moved Permanently") -> None:
        """Send who asks for `path` elsewhere."""
        self.put(path, status=status, headers=[f"Location: {location}"])

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [one.path for one in self.asked]

    def play(self, request: bytes) -> Steps:
        """Answer one raw request."""
        head = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:])
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        asked = Asked(head[0].split(" ")[1], headers)
        self.asked.append(asked)
        found = self.answers.get(asked.path)
        return found(asked) if found else [NOT_FOUND]


@contextmanager
def serve_feeds() -> Iterator[FeedServer]:
    """Run a server until the block ends."""
    server = FeedServer()
    with serve_raw(server.play) as raw:
        server.raw = raw
        yield server


def item(number: int = 1, **fields: str) -> str:
    """Return one RSS item; `fields` replace or add elements, "" leaves one out."""
    values = {
        "title": f"Bericht {number}",
        "link": f"https://netwerk.test/{number}",
        "guid": f"https://netwerk.test/?p={number}",
        "pubDate": f"Mon, {number:02d} Jun 2026 10:00:00 +0200",
        "description": f"Dit is bericht {number} van het netwerk over toetsen en leren.",
        **fields,
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value)
    return f"<item>{inner}</item>"


def rss(*items: str, head: str = "", title: str = "Netwerk Toetsen") -> str:
    """Return an RSS document of these items, one item when none are given."""
    body = "".join(items or (item(),))
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>https://netwerk.test/</link><language>nl</language>"
        f"{head}{body}</channel></rss>"
    )
