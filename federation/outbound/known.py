"""Inboxes by what their servers are known to run, for what must not reach any other kind.

What kind a server is, is looked up before the first content goes there (contract.md), so who gets
anything of ours regularly is known here. `dialect` on a delivery guards at sending time, but takes
an unknown server for a forum; a bare Block there could be carried out as a personal one.
"""

from sqlalchemy import ColumnElement, func, select

from app.core.db import session
from federation.models.delivery import DeliveryDialect
from federation.models.peer import Dialect, Peer
from federation.outbound.audience import Audience
from federation.vocab.origin import host_of

MBIN = frozenset({"mbin", "kbin"})
NODEBB = frozenset({"nodebb"})
PEERTUBE = frozenset({"peertube"})


def at_forums(audience: Audience) -> Audience:
    """Return the inboxes of servers that are certainly forums."""
    is_forum = func.coalesce(Peer.set_dialect, Peer.dialect) == Dialect.FORUM
    return _where(audience, is_forum).for_dialect(DeliveryDialect.FORUMS)


def running(audience: Audience, software: frozenset[str]) -> Audience:
    """Return the inboxes of servers that run one of these (names of NodeInfo, lower case)."""
    return _where(audience, Peer.software.in_(software))


def without(audience: Audience, other: Audience) -> Audience:
    """Return the inboxes of the one that are not among those of the other."""
    left = tuple(inbox for inbox in audience.inboxes if inbox not in other.inboxes)
    return Audience(left, audience.dialect)


def _where(audience: Audience, condition: ColumnElement[bool]) -> Audience:
    hosts = {inbox: host_of(inbox) for inbox in audience.inboxes}
    if not hosts:
        return audience
    wanted = select(Peer.host).where(Peer.host.in_(set(hosts.values())), condition)
    kept = set(session().scalars(wanted))
    inboxes = tuple(inbox for inbox, host in hosts.items() if host in kept)
    return Audience(inboxes, audience.dialect)
