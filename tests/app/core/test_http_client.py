import threading

import pytest

from app.core.http_client import FetchLimits, HttpClient
from app.core.http_errors import (
    AddressRefusedError,
    BadUrlError,
    ConnectError,
    HttpClientError,
    TooManyRedirectsError,
)
from tests.support.hostile_server import answer, serve_raw

AGENT = "Verbindplaats/0 (+https://ons.test)"


@pytest.fixture
def client():
    made = HttpClient(AGENT, allow_private=True)
    yield made
    made.close()


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(status=status, headers=[f"Location: {location}"])


def headers_of(request: bytes) -> dict[str, str]:
    lines = request.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}


def test_a_page_arrives_with_lower_case_headers(client):
    with serve_raw(lambda _r: [answer(b"dag", headers=['ETag: "a"', "X-A: 1", "X-A: 2"])]) as site:
        response = client.get(site.url("/x#deel"))

    assert (response.status, response.body) == (200, b"dag")
    assert response.headers["etag"] == '"a"'
    assert response.headers["x-a"] == "1, 2"
    assert response.url == site.url("/x")
    assert site.requests[0].startswith(b"GET /x HTTP/1.1\r\n")


def test_the_user_agent_is_honest_and_no_cookie_is_ever_sent(client):
    cookie = answer(headers=["Set-Cookie: sid=1; Path=/"])
    with serve_raw(lambda _r: [cookie]) as site:
        client.get(site.url(), headers={"Cookie": "a=b", "Host": "victim.test"})
        client.get(site.url())

    sent = [headers_of(request) for request in site.requests]
    assert [each.get("cookie") for each in sent] == [None, None]
    assert {each["user-agent"] for each in sent} == {AGENT}
    assert {each["host"] for each in sent} == {f"127.0.0.1:{site.port}"}


@pytest.mark.parametrize("status", ["304 Not Modified", "404 Not Found", "410 Gone", "503 Busy"])
def test_refusals_are_answers(client, status):
    with serve_raw(lambda _r: [answer(b"" if status[0] == "3" else b"nee", status=status)]) as site:
        response = client.get(site.url())

    assert response.status == int(status[:3])


def test_a_connection_is_used_again(client):
    with serve_raw(lambda _r: [answer(b"{}", status="202 Accepted")]) as site:
        for _ in range(5):
            client.post(site.url("/inbox"), b"{}", headers={"Content-Type": "application/json"})

    assert len(site.requests) == 5
    assert site.connections == 1
    assert site.requests[0].endswith(b"\r\n\r\n{}")


def test_a_get_survives_a_server_that_hung_up_on_a_kept_connection(client):
    answered = []

    def hang_up_once(_request: bytes):
        answered.append(1)
        return [b""] if len(answered) == 2 else [answer(b"dag")]

    with serve_raw(hang_up_once) as site:
        client.get(site.url())
        second = client.get(site.url())

    assert second.body == b"dag"


def test_a_post_is_never_sent_twice(client):
    with serve_raw(lambda _r: [b""]) as site, pytest.raises(ConnectError) as caught:
        client.post(site.url(), b"{}")

    assert len(site.requests) == 1
    assert caught.value.may_retry


def test_a_post_does_not_follow_redirects(client):
    with serve_raw(lambda _r: [redirect("/elders", "307 Temporary Redirect")]) as site:
        response = client.post(site.url(), b"{}")

    assert response.status == 307
    assert len(site.requests) == 1


def test_redirects_are_followed_and_told(client):
    def script(request: bytes):
        if request.startswith(b"GET /a "):
            return [redirect("b?x=1", "301 Moved")]
        if request.startswith(b"GET /b?x=1 "):
            return [redirect("/caf\xc3\xa9 bar", "308 Moved")]
        return [answer(b"hier")]

    with serve_raw(script) as site:
        response = client.get(site.url("/a"))

    assert response.body == b"hier"
    assert response.url == site.url("/caf%C3%A9%20bar")
    assert response.redirects == ((301, site.url("/b?x=1")), (308, site.url("/caf%C3%A9%20bar")))


def test_eleven_hops_stop_at_the_limit(client):
    with (
        serve_raw(lambda r: [redirect(f"/{len(r)}{r[5:6].decode()}x" + "y" * len(r))]) as site,
        pytest.raises(TooManyRedirectsError),
    ):
        client.get(site.url(), limits=FetchLimits(max_redirects=3))

    assert len(site.requests) == 4


def test_a_circle_ends(client):
    with serve_raw(lambda _r: [redirect("/")]) as site, pytest.raises(TooManyRedirectsError):
        client.get(site.url("/"), limits=FetchLimits(max_redirects=20))

    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "gopher://127.0.0.1/",
        "file:///etc/passwd",
        "ftp://x.test/",
        "javascript:alert(1)",
        "http://user:pass@127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
    ],
)
def test_redirects_to_other_schemes_and_odd_hosts_are_refused(client, location):
    with serve_raw(lambda _r: [redirect(location)]) as site, pytest.raises(BadUrlError):
        client.get(site.url())


@pytest.mark.parametrize("place", ["169.254.169.254", "0.0.0.0", "[::ffff:169.254.169.254]"])  # noqa: S104 # refused
def test_a_redirect_into_a_network_is_refused(client, place):
    with (
        serve_raw(lambda _r: [redirect(f"http://{place}/")]) as site,
        pytest.raises(AddressRefusedError),
    ):
        client.get(site.url())


def test_without_the_laboratory_nothing_here_is_touched():
    client = HttpClient(AGENT)
    with serve_raw(lambda _r: [answer()]) as canary:
        for url in ("https://localhost/", "https://127.0.0.1/", "https://[::1]/"):
            with pytest.raises(AddressRefusedError):
                client.get(url)
        with pytest.raises(BadUrlError, match="port"):
            client.get(f"https://localhost:{canary.port}/")
        with pytest.raises(BadUrlError, match="scheme"):
            client.get("http://example.org/")
        with pytest.raises(AddressRefusedError):
            client.get("http://localhost/", limits=FetchLimits(allow_http=True))
        with pytest.raises(AddressRefusedError):
            client.post("https://localhost/inbox", b"{}")

    assert canary.connections == 0


def test_proxies_of_the_environment_are_ignored(client, monkeypatch):
    with serve_raw(lambda _r: [answer(b"proxy")]) as canary:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, canary.url())
        with serve_raw(lambda _r: [answer(b"site")]) as site:
            response = client.get(site.url())

    assert response.body == b"site"
    assert canary.connections == 0


def test_a_signature_never_crosses_to_another_origin(client):
    signed = []

    def sign(method: str, url: str) -> dict[str, str]:
        signed.append((method, url))
        return {"Signature": "geheim", "Date": "nu"}

    with serve_raw(lambda _r: [answer()]) as other:
        target = other.url("/daar")

        def script(request: bytes):
            return [redirect(target) if b" /tussen" in request else redirect("/tussen")]

        with serve_raw(script) as site:
            client.get(
                site.url("/begin"),
                headers={"Authorization": "Bearer x", "Accept": "application/activity+json"},
                sign=sign,
            )

    here, there = [headers_of(r) for r in site.requests], headers_of(other.requests[0])
    assert [each["signature"] for each in here] == ["geheim", "geheim"]
    assert not {"signature", "authorization", "date"} & there.keys()
    assert there["accept"] == "application/activity+json"
    assert signed == [("GET", site.url("/begin")), ("GET", site.url("/tussen"))]


def test_line_ends_in_a_header_are_refused(client):
    with serve_raw(lambda _r: [answer()]) as site, pytest.raises(HttpClientError):
        client.get(site.url(), headers={"If-None-Match": '"a"\r\nX-Evil: 1'})

    assert not any(b"X-Evil" in request for request in site.requests)


def test_threads_share_a_client(client):
    bodies = []
    with serve_raw(lambda r: [answer(r.split(b" ")[1])]) as site:

        def fetch(number: int) -> None:
            bodies.extend(client.get(site.url(f"/{number}/{turn}")).body for turn in range(20))

        threads = [threading.Thread(target=fetch, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(bodies) == sorted(f"/{n}/{t}".encode() for n in range(8) for t in range(20))


def test_the_pool_is_bounded_in_hosts(client, monkeypatch):
    made = HttpClient(AGENT, allow_private=True, resolve=lambda _host, _port: ["127.0.0.1"])
    with serve_raw(lambda _r: [answer()]) as site:
        for number in range(300):
            made.get(site.url(host=f"h{number}.test"))
        pools = len(made._adapter._pools.pools)
        made.close()

    assert pools <= 256
