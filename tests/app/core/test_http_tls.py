import datetime as dt
import ssl
import time

import pytest
import trustme

from app.core.clock import utcnow
from app.core.http_client import FetchLimits, HttpClient
from app.core.http_connections import make_tls_context, shared_tls_context
from app.core.http_errors import BadUrlError, TlsError, TooSlowError
from tests.support.hostile_server import answer, serve_raw

AGENT = "Verbindplaats/0 (+https://ons.test)"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def client(authority):
    context = make_tls_context()
    authority.configure_trust(context)
    made = HttpClient(
        AGENT, allow_private=True, resolve=lambda _host, _port: ["127.0.0.1"], tls=context
    )
    yield made
    made.close()


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_the_name_is_checked_and_sent_although_the_address_is_dialled(client, authority):
    asked = []
    context = server_context(authority.issue_cert("school.test"))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    with serve_raw(lambda _r: [answer(b"dag")], tls=context) as site:
        for _ in range(3):
            response = client.get(site.url(host="school.test", scheme="https"))

    assert response.body == b"dag"
    assert asked == ["school.test"]
    assert f"Host: school.test:{site.port}".encode() in site.requests[0]


def test_a_certificate_for_another_name_is_refused(client, authority):
    context = server_context(authority.issue_cert("ander.test"))

    with serve_raw(lambda _r: [answer()], tls=context) as site, pytest.raises(TlsError) as caught:
        client.get(site.url(host="school.test", scheme="https"))

    assert caught.value.code == "tls_wrong_host"


def test_an_expired_certificate_is_refused(client, authority):
    yesterday = utcnow() - dt.timedelta(days=1)
    context = server_context(authority.issue_cert("school.test", not_after=yesterday))

    with serve_raw(lambda _r: [answer()], tls=context) as site, pytest.raises(TlsError) as caught:
        client.get(site.url(host="school.test", scheme="https"))

    assert caught.value.code == "tls_expired"
    assert "verlopen" in caught.value.text


def test_a_missing_intermediate_certificate_is_named(client, authority):
    leaf = authority.create_child_ca().issue_cert("school.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with (
        leaf.private_key_pem.tempfile() as key,
        leaf.cert_chain_pems[0].tempfile() as certificate,
    ):
        context.load_cert_chain(certificate, key)

    with serve_raw(lambda _r: [answer()], tls=context) as site, pytest.raises(TlsError) as caught:
        client.get(site.url(host="school.test", scheme="https"))

    assert caught.value.code == "tls_incomplete_chain"


def test_an_unknown_authority_is_refused(client):
    context = server_context(trustme.CA().issue_cert("school.test"))

    with serve_raw(lambda _r: [answer()], tls=context) as site, pytest.raises(TlsError):
        client.post(site.url(host="school.test", scheme="https"), b"{}")

    assert not site.requests


def test_a_plain_server_behind_https_is_a_tls_error(client):
    with serve_raw(lambda _r: [answer()]) as site, pytest.raises((TlsError, TooSlowError)):
        client.get(
            site.url(host="school.test", scheme="https"), limits=FetchLimits(connect_seconds=0.5)
        )


def test_a_handshake_that_never_ends_is_dropped(client):
    started = time.monotonic()

    with serve_raw(lambda _r: [30.0]) as site, pytest.raises(TooSlowError):
        client.get(
            site.url(host="school.test", scheme="https"), limits=FetchLimits(connect_seconds=0.4)
        )

    assert time.monotonic() - started < 10


def test_secure_pages_do_not_redirect_to_plain_ones(client, authority):
    with serve_raw(lambda _r: [answer(b"plat")]) as plain:
        location = f"Location: {plain.url(host='school.test')}"
        moved = answer(status="301 Moved", headers=[location])
        context = server_context(authority.issue_cert("school.test"))
        with serve_raw(lambda _r: [moved], tls=context) as site:
            url = site.url(host="school.test", scheme="https")
            with pytest.raises(BadUrlError) as caught:
                client.get(url)
            allowed = client.get(url, limits=FetchLimits(allow_downgrade=True))

    assert caught.value.code == "downgrade"
    assert allowed.body == b"plat"


def test_a_slow_secure_body_is_dropped_at_the_deadline(client, authority):
    context = server_context(authority.issue_cert("school.test"))
    page = answer(b"x" * 1000)

    def script(_request: bytes):
        return [page[:80], *[step for _ in range(100) for step in (b"x", 0.05)]]

    with serve_raw(script, tls=context) as site, pytest.raises(TooSlowError):
        client.get(
            site.url(host="school.test", scheme="https"), limits=FetchLimits(total_seconds=0.6)
        )


def test_the_authorities_are_loaded_once_per_process(authority, monkeypatch):
    loads = []
    original = ssl.SSLContext.load_verify_locations
    context = make_tls_context()
    authority.configure_trust(context)
    monkeypatch.setattr(
        ssl.SSLContext,
        "load_verify_locations",
        lambda *args, **kwargs: (loads.append(args), original(*args, **kwargs)),
    )
    client = HttpClient(
        AGENT, allow_private=True, resolve=lambda _host, _port: ["127.0.0.1"], tls=context
    )
    server = server_context(authority.issue_cert("school.test"))

    with serve_raw(lambda _r: [answer(headers=["Connection: close"]), b""], tls=server) as site:
        for _ in range(5):
            client.get(site.url(host="school.test", scheme="https"))

    assert site.connections == 5
    assert loads == []
    assert shared_tls_context(None) is shared_tls_context(None)
