"""What is still to be read of a list: the things themselves first, then the pages that follow.

Whatever is taken is stored at once, in a unit of work of its own, so a worker that is killed loses
nothing but its place on the page; what is known is not fetched again.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from app.core.addresses import local_path
from app.core.db import unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri
from app.forum.services import echoes
from federation.dereference.chase import Chase
from federation.dereference.listed import ListReader, Thing
from federation.dereference.objects import Placing
from federation.dereference.pace import FETCHES_PER_STEP, PausedError, RestingError, Toll
from federation.errors import RefusedError, UnavailableError
from federation.transport.client import ActivityClient
from federation.vocab.activities import Document
from federation.vocab.origin import host_of

MARK: Final = "+"  # before the address of a further page in what is left


@dataclass
class Work:
    """Things and pages that wait, as they are kept on a row between two steps."""

    things: deque[Thing] = field(default_factory=deque)
    pages: deque[str] = field(default_factory=deque)
    read: set[str] = field(default_factory=set)

    @classmethod
    def resume(cls, next_url: str | None, left: list[str]) -> "Work":
        """Go on where the last step ended."""
        pages = [uri.removeprefix(MARK) for uri in left if uri.startswith(MARK)]
        things = [Thing(uri) for uri in left if not uri.startswith(MARK)]
        return cls(deque(things), deque([*([next_url] if next_url else []), *pages]))

    @property
    def next_url(self) -> str | None:
        """The page that is read next."""
        return self.pages[0] if self.pages else None

    @property
    def left(self) -> list[str]:
        """The ids of the things that wait, then the pages after the next one."""
        things = [thing.uri for thing in self.things]
        return things + [MARK + page for page in list(self.pages)[1:]]

    def add(self, things: Iterable[Thing], pages: Iterable[str]) -> None:
        """Put things in line, and pages that were not read yet in this step."""
        self.things.extend(things)
        known = self.read.union(self.pages)
        self.pages.extend(uri for uri in pages if uri not in known)


@dataclass
class Taker:
    """Takes things that a group lists into the forum.

    `brought` is what was fetched last; `has_gaps`: something could not be had at the moment.
    """

    client: ActivityClient
    toll: Toll
    community: Community
    is_history: bool = True
    brought: Document | None = None
    has_gaps: bool = False

    @property
    def reader(self) -> ListReader:
        """Reads lists on the same toll."""
        return ListReader(self.client, self.toll, self.community.uri)

    def take(self, thing: Thing) -> Post | Comment | None:
        """Return what is stored for a thing, fetched when it is new; None when it cannot be had.

        Raises PausedError, or UnavailableError when the group's own server does not answer. Others
        that do not answer are left out: they are asked again with the next check.
        """
        known = find_posted_by_uri(thing.uri)
        if known is not None or local_path(thing.uri) is not None:
            self._note_echo(known)
            return known
        try:
            return find_posted_by_uri(self._bring(thing))
        except PausedError:
            raise
        except UnavailableError as error:
            if self.toll.silent == self.community.host:
                raise
            self.has_gaps = True
            if not isinstance(error, RestingError):
                self._note_in_vain(thing)
        except RefusedError:
            self._note_in_vain(thing)
        return None

    def is_new(self, thing: Thing) -> bool:
        """Whether a thing is neither here nor ours."""
        return local_path(thing.uri) is None and find_posted_by_uri(thing.uri) is None

    def bring(self, uri: str) -> str:
        """Fetch and store what is at an address, also what is known."""
        return self._chase(Chase(self.client, left=FETCHES_PER_STEP, toll=self.toll), uri)

    def _bring(self, thing: Thing) -> str:
        placing = Placing(
            announced_by=self.community if thing.is_passed_on else None, is_history=self.is_history
        )
        chase = Chase(self.client, FETCHES_PER_STEP, placing, self.toll)
        if thing.document is not None:
            chase.hold(thing.document)
        return self._chase(chase, thing.uri)

    def _chase(self, chase: Chase, uri: str) -> str:
        self.brought = None
        found = chase.bring(uri)
        self.brought = chase.brought
        return found

    def _note_echo(self, known: Post | Comment | None) -> None:
        """Keep that what we wrote has arrived: it stands in a list of the group's own server."""
        if known is not None and known.is_local and known.echoed_at is None:
            with unit_of_work():
                echoes.note_echo(known, self.community)

    def _note_in_vain(self, thing: Thing) -> None:
        self.toll.miss(host_of(thing.uri))
