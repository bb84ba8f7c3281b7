"""What software a server runs, and so in which form it wants to hear from us.

NodeInfo 2.x (nodeinfo.diaspora.software). The list of forums is that of federation.md section 3.2:
what is not on it reads posts, not wrapped activities.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from app.core.clock import utcnow
from app.core.db import session
from app.core.settings import SOFTWARE_NAME
from federation.errors import FederationError, RefusedError
from federation.models.peer import Dialect, Peer
from federation.transport.client import ActivityClient
from federation.vocab.json_text import parse_json
from federation.vocab.origin import same_origin
from federation.vocab.parse_fields import as_list, clean_line
from federation.vocab.terms import JsonObject

ACCEPT = "application/json"
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2."
LOOK_AGAIN_AFTER = timedelta(days=1)
MAX_LENGTH = 60
MAX_LINKS = 20

FORUMS = frozenset(
    {
        "lemmy",
        "piefed",
        "mbin",
        "kbin",
        "nodebb",
        "friendica",
        "lotide",
        "discourse",
        "smithereen",
        SOFTWARE_NAME,
    }
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True)
class ServerSoftware:
    """The name (lower case) and version a server gives itself."""

    name: str
    version: str

    @property
    def dialect(self) -> Dialect:
        """Whether it reads activities wrapped by a group, or posts only."""
        return dialect_of(self.name)


def dialect_of(software: str | None) -> Dialect:
    """Return the class of a kind of software (federation.md section 3.2)."""
    if not software:
        return Dialect.UNKNOWN
    return Dialect.FORUM if software in FORUMS else Dialect.MICROBLOG


def ask_software(client: ActivityClient, root: str) -> ServerSoftware:
    """Ask the server at `root` (`https://host`) what it runs; network only.

    Raises RefusedError when it does not say, UnavailableError when it does not answer.
    """
    index = parse_json(client.get_json(f"{root}/.well-known/nodeinfo", ACCEPT))
    document = parse_json(client.get_json(_document_address(index, root), ACCEPT))
    software = document.get("software")
    name = software.get("name") if isinstance(software, dict) else None
    version = software.get("version") if isinstance(software, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name.lower()[:MAX_LENGTH]):
        raise RefusedError("nodeinfo-without-software")
    return ServerSoftware(name.lower()[:MAX_LENGTH], clean_line(version, MAX_LENGTH) or "")


def note_software(host: str, found: ServerSoftware | None) -> Peer:
    """Keep what was found (None: it does not say) on the row of a host; inside a unit of work."""
    now = utcnow()
    peer = session().get(Peer, host)
    if peer is None:
        peer = Peer(host=host, known_since=now)
        session().add(peer)
    peer.nodeinfo_at = now
    if found is not None:
        peer.software, peer.version, peer.dialect = found.name, found.version, found.dialect
    session().flush()
    return peer


def is_lookup_due(peer: Peer | None) -> bool:
    """Whether a host was never asked, or more than a day ago."""
    if peer is None or peer.nodeinfo_at is None:
        return True
    return utcnow() - peer.nodeinfo_at > LOOK_AGAIN_AFTER


def find_software(client: ActivityClient, root: str) -> ServerSoftware | None:
    """Return what the server at `root` runs, or None when it could not be found out."""
    try:
        return ask_software(client, root)
    except FederationError:
        return None


def _document_address(index: JsonObject, root: str) -> str:
    """Return the address of the newest NodeInfo 2 document, on the same server."""
    found: dict[str, str] = {}
    for link in as_list(index.get("links"))[:MAX_LINKS]:
        rel = link.get("rel") if isinstance(link, dict) else None
        href = link.get("href") if isinstance(link, dict) else None
        if isinstance(rel, str) and rel.startswith(SCHEMA) and isinstance(href, str):
            found[rel] = href
    if not found:
        raise RefusedError("nodeinfo-without-document")
    address = found[max(found)]
    if not same_origin(address, root):
        raise RefusedError("nodeinfo-elsewhere")
    return address
