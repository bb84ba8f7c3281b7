"""What a server of ill will answers is stored like anything else, on PostgreSQL too."""

from collections.abc import Callable

from flask.ctx import AppContext

from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from federation.models.delivery import Delivery
from federation.models.peer import Peer
from federation.outbound.journal import Answer
from federation.outbound.outcomes import record_answers
from tests.federation.outbound.peers import Peers
from tests.federation.outbound.rows import add_delivery, add_peer, delivery
from tests.support.fediverse import FakeFediverse, activity, actor_document


def test_a_text_with_nul_in_it_stops_no_delivery(peers: Peers, toetsing: Community) -> None:
    server = peers.fediverse.server("evil.test")
    server.inbox_status, server.inbox_body = 422, b"no\x00\x1b[31mthing"
    mal = peers.fediverse.person("mal", "evil.test")
    peers.take(activity("Follow", mal, toetsing.uri), mal)

    peers.send()

    told = session().query(Delivery).one().last_error
    assert told is not None
    assert told.isprintable()
    assert told.startswith("no")


def test_a_journal_of_before_with_nul_in_it_is_read(ctx: AppContext) -> None:
    add_peer("evil.test")
    row_id = add_delivery("evil.test")

    with unit_of_work():
        record_answers([Answer(row_id, "evil.test", 0, status=422, error="no\x00thing")])

    assert delivery(row_id).last_error == "nothing"


def test_a_version_with_nul_in_it_stops_no_delivery(peers: Peers, toetsing: Community) -> None:
    server = peers.fediverse.server("evil.test")
    software = {"name": "mastodon", "version": "4.5\x00\u202e6" + "x" * 100}
    server.put("/nodeinfo/2.0", {"version": "2.0", "software": software})
    mal = peers.fediverse.person("mal", "evil.test")
    peers.take(activity("Follow", mal, toetsing.uri), mal)

    peers.send()

    peer = session().get(Peer, "evil.test")
    assert peer is not None
    assert (peer.software, len(server.posted)) == ("mastodon", 1)
    assert peer.version == "4.56" + "x" * 56


def test_a_key_with_nul_in_it_is_none(fediverse: FakeFediverse, settle: Callable[[], None]) -> None:
    mal = fediverse.person("mal", "evil.test")
    pem = mal.keys.public_pem + "\x00"
    fediverse.put(actor_document("Person", mal.uri, "mal", pem))

    answer = fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), mal)

    assert answer.status_code == 401
