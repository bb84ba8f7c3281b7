"""Where a reader acts on something of ours from the own server (FEP-3b86, OStatus subscribe).

Whatever the reader's server says, the address leads to that server and is https (security.md
A082): what comes out here is shown to the reader, with its host, before it is followed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from app.core.settings import current_settings
from federation.discovery.descriptor import INTENT, SUBSCRIBE, Descriptor
from federation.discovery.handles import MAX_LENGTH, Handle, parse_handle
from federation.discovery.webfinger import describe_handle, own_scheme
from federation.errors import MalformedError, RefusedError
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.origin import host_of, is_acceptable_uri

_PLACE: Final = re.compile(r"\{[^{}]*\}")


class Wish(StrEnum):
    """What somebody wants to do from the own server; the value stands in our addresses."""

    FOLLOW = "volgen"
    ANSWER = "antwoorden"
    VOTE = "nuttig"
    SHARE = "delen"


# Relations in the order in which we like them, with the place that holds what it is about.
RELATIONS: Final[Mapping[Wish, tuple[tuple[str, str], ...]]] = {
    Wish.FOLLOW: ((f"{INTENT}Follow", "{object}"), (SUBSCRIBE, "{uri}")),
    Wish.ANSWER: (
        (f"{INTENT}Create", "{inReplyTo}"),
        (f"{INTENT}Object", "{object}"),
        (SUBSCRIBE, "{uri}"),
    ),
    Wish.VOTE: (
        (f"{INTENT}Like", "{object}"),
        (f"{INTENT}Object", "{object}"),
        (SUBSCRIBE, "{uri}"),
    ),
    Wish.SHARE: (
        (f"{INTENT}Announce", "{object}"),
        (f"{INTENT}Object", "{object}"),
        (SUBSCRIBE, "{uri}"),
    ),
}
# Servers that have no /authorize_interaction, and what they have in its place.
PATHS: Final = {
    "lemmy": "/activitypub/externalInteraction?uri=",
    "mbin": "/search?q=",
    "kbin": "/search?q=",
    "misskey": "/authorize-follow?acct=",
    "sharkey": "/authorize-follow?acct=",
    "friendica": "/contact/follow?url=",
}
USUAL_PATH: Final = "/authorize_interaction?uri="


@dataclass(frozen=True)
class Home:
    """The server where somebody has an account; `handle` when the name was told too."""

    host: str
    handle: Handle | None = None

    @property
    def text(self) -> str:
        """What the reader would type."""
        return self.host if self.handle is None else f"@{self.handle.name}@{self.host}"


def read_home(text: str) -> Home:
    """Return the server that somebody typed: `@name@host`, `host` or any address there.

    Raises MalformedError for what is neither, and for a host that is not a public one.
    """
    text = text.strip()
    if "://" not in text and "@" not in text:
        text = f"https://{text}"
    if len(text) > MAX_LENGTH:
        raise MalformedError("handle", "too long")
    parsed = parse_handle(text)
    home = Home(parsed.host, parsed) if isinstance(parsed, Handle) else Home(host_of(parsed))
    if not _is_usable(f"{own_scheme()}://{home.host}/"):
        raise MalformedError("handle", "not a public server")
    return home


def find_address(
    client: ActivityClient, home: Home, wish: Wish, about: str, software: str | None = None
) -> str:
    """Return where on `home` somebody can do `wish` with `about`.

    `software` is what that server runs, as far as known. Raises VanishedError when the server says
    that nobody there is called so, UnavailableError when it does not answer.
    """
    handle = home.handle or Handle(home.host, home.host)  # the server itself (FEP-d556)
    try:
        found = _choose(describe_handle(client, handle), home, wish, about)
    except VanishedError:
        if home.handle is not None:
            raise
        found = None
    except RefusedError:
        found = None
    return found or _usual_address(home, about, software)


def _choose(descriptor: Descriptor, home: Home, wish: Wish, about: str) -> str | None:
    """Return the best address among those the server offers, None when none will do."""
    subject = descriptor.subject
    hosts = {home.host} | ({subject.host} if subject is not None else set())
    hosts |= {host_of(actor.uri) for actor in descriptor.actors[:1]}
    for relation, place in RELATIONS[wish]:
        template = descriptor.templates.get(relation, "")
        if place not in template:
            continue
        filled = template.replace(place, quote(about, safe=""))
        address = _PLACE.sub("", filled)
        if _is_usable(address) and host_of(address) in hosts:
            return address
    return None


def _usual_address(home: Home, about: str, software: str | None) -> str:
    path = PATHS.get(software or "", USUAL_PATH)
    return f"{own_scheme()}://{home.host}{path}{quote(about, safe='')}"


def _is_usable(address: str) -> bool:
    """Whether an address is a plain https one of a public server (in a laboratory any http one)."""
    allow_private = current_settings().allow_private_addresses
    return is_acceptable_uri(address, allow_private=allow_private)
