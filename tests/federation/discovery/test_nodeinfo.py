import json
from datetime import timedelta

import pytest

from app.core.db import session, unit_of_work
from federation.discovery.nodeinfo import (
    ask_software,
    dialect_of,
    find_software,
    is_lookup_due,
    note_software,
)
from federation.errors import RefusedError
from federation.models.peer import Dialect, Peer
from federation.transport.client import activity_client
from tests.support.clock import FakeClock
from tests.support.fediverse import FakeFediverse


@pytest.mark.parametrize(
    ("software", "dialect"),
    [
        ("lemmy", Dialect.FORUM),
        ("piefed", Dialect.FORUM),
        ("nodebb", Dialect.FORUM),
        ("verbindplaats", Dialect.FORUM),
        ("mastodon", Dialect.MICROBLOG),
        ("gotosocial", Dialect.MICROBLOG),
        ("wordpress", Dialect.MICROBLOG),
        (None, Dialect.UNKNOWN),
        ("", Dialect.UNKNOWN),
    ],
)
def test_software_tells_the_dialect(software: str | None, dialect: Dialect) -> None:
    assert dialect_of(software) == dialect


def test_what_a_server_runs_is_kept_on_its_row(fediverse: FakeFediverse, clock: FakeClock) -> None:
    fediverse.server("forum.test", "lemmy")

    found = ask_software(activity_client(), "http://forum.test")
    with unit_of_work():
        note_software("forum.test", found)

    peer = session().get_one(Peer, "forum.test")
    assert (peer.software, peer.version, peer.dialect) == ("lemmy", "1.2.3", Dialect.FORUM)
    assert not is_lookup_due(peer)
    clock.advance(timedelta(hours=25))
    assert is_lookup_due(peer)
    assert is_lookup_due(None)


def test_silence_leaves_the_dialect_unknown(fediverse: FakeFediverse) -> None:
    fediverse.server("forum.test").down = 500

    found = find_software(activity_client(), "http://forum.test")
    with unit_of_work():
        peer = note_software("forum.test", found)

    assert (peer.software, peer.dialect) == (None, Dialect.UNKNOWN)
    assert not is_lookup_due(peer)


@pytest.mark.parametrize(
    ("index", "document"),
    [
        ({"links": []}, {}),
        ({"links": "x"}, {}),
        (None, {"software": None}),
        (None, {"software": {"name": 5}}),
        (None, {"software": {"name": "<script>"}}),
    ],
)
def test_nonsense_is_refused(fediverse: FakeFediverse, index: object, document: object) -> None:
    server = fediverse.server("forum.test")
    server.put("/nodeinfo/2.0", json.dumps(document).encode(), content_type="application/json")
    if index is not None:
        body = json.dumps(index).encode()
        server.put("/.well-known/nodeinfo", body, content_type="application/json")

    with pytest.raises(RefusedError):
        ask_software(activity_client(), "http://forum.test")


def test_a_document_on_another_server_is_not_asked_for(fediverse: FakeFediverse) -> None:
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.1"
    index = {"links": [{"rel": rel, "href": "http://victim.test/nodeinfo/2.1"}]}
    fediverse.server("evil.test").put("/.well-known/nodeinfo", index)
    victim = fediverse.server("victim.test")

    with pytest.raises(RefusedError, match="nodeinfo-elsewhere"):
        ask_software(activity_client(), "http://evil.test")

    assert not victim.asked
