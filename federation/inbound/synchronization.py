"""What another server says of who of us follows one of its actors (FEP-8fcf), when it is wrong.

Read after the signature was verified. At most once in ten minutes per actor it costs a look at the
database; a difference becomes a row, at most once an hour per actor, and is looked into by a task
(`federation/dereference/follower_checks.py`).
"""

import re
import time
from collections import OrderedDict
from datetime import timedelta
from threading import Lock
from typing import Final

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.dereference.actors import find_remote_actor
from federation.dereference.documents import is_usable_uri
from federation.models.actor import Actor
from federation.models.follower_check import FollowerCheck
from federation.models.followers import digest_of, list_followers_here
from federation.models.insert import insert_once
from federation.vocab.origin import same_origin

HEADER: Final = "collection-synchronization"
LOOKED_AT_AGAIN_AFTER: Final = 600.0
ASKED_AGAIN_AFTER: Final = timedelta(hours=1)
MOST_REMEMBERED: Final = 10_000
MAX_LENGTH: Final = 2000
_PAIR: Final = re.compile(r'([A-Za-z]{1,20})="([^"]{0,800})"')


class Lookers:
    """When each actor's header was last looked at by this process; bounded."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def may_look(self, uri: str) -> bool:
        """Whether it is time to look again; then it is noted that somebody does."""
        now = time.monotonic()
        with self._lock:
            if self._until.get(uri, now) > now:
                return False
            self._until[uri] = now + LOOKED_AT_AGAIN_AFTER
            self._until.move_to_end(uri)
            if len(self._until) > MOST_REMEMBERED:
                self._until.popitem(last=False)
        return True


def note_synchronization(header: str | None, signer_uri: str, lookers: Lookers) -> None:
    """Keep that a server's list differs from ours; everything else in the header is passed over."""
    if not header or len(header) > MAX_LENGTH or not lookers.may_look(signer_uri):
        return
    told = {name.lower(): value for name, value in _PAIR.findall(header)}
    actor = find_remote_actor(signer_uri)
    if actor is None or not _is_about(actor, told):
        return
    owner = actor.account or actor.community
    assert owner is not None
    if digest_of(list_followers_here(owner)) != told["digest"].lower():
        _ask_for_list(actor, told["url"])


def _is_about(actor: Actor, told: dict[str, str]) -> bool:
    """Whether the header is whole, and about the followers of who sent it, on its own server."""
    if not {"collectionid", "url", "digest"} <= told.keys():
        return False
    is_own = actor.followers_url is not None and told["collectionid"] == actor.followers_url
    return is_own and is_usable_uri(told["url"]) and same_origin(told["url"], actor.uri)


def _ask_for_list(actor: Actor, url: str) -> None:
    now = utcnow()
    with unit_of_work():
        values = {"actor_id": actor.id, "url": url, "noted_at": now, "attempts": 0}
        if insert_once(FollowerCheck, {**values, "next_attempt_at": now}) is not None:
            return
        check = session().scalar(select(FollowerCheck).where(FollowerCheck.actor_id == actor.id))
        if check is not None and now - check.noted_at >= ASKED_AGAIN_AFTER:
            check.url, check.noted_at = url, now
            check.attempts, check.next_attempt_at = 0, now
