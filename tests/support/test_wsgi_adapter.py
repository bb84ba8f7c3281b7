import pytest

from app.core.http_client import FetchLimits, HttpClient
from app.core.http_errors import BadResponseError, BadUrlError, TooLargeError
from tests.support.wsgi_adapter import WsgiAdapter


def echo(environ, start_response):
    """Answer with what arrived."""
    lines = [f"{key}={environ[key]}" for key in sorted(environ) if key.isupper()]
    body = environ["wsgi.input"].read()
    start_response("202 Accepted", [("X-One", "1"), ("X-One", "2"), ("Location", "/niet")])
    return ["\n".join(lines).encode("latin-1"), b"\n--\n", body]


@pytest.fixture
def client():
    made = HttpClient("Test/0 (+https://ons.test)")
    made.mount("https://hun.test/", WsgiAdapter(echo))
    return made


def test_headers_and_body_arrive_as_they_were_sent(client):
    response = client.post(
        "https://hun.test/inbox?a=b%20c",
        b'{"a": "\xc3\xa9"}',
        headers={"Content-Type": "application/activity+json", "Signature": 'keyId="x"'},
    )

    head, _, body = response.body.partition(b"\n--\n")
    seen = dict(line.split("=", 1) for line in head.decode("latin-1").split("\n"))
    assert (response.status, body) == (202, b'{"a": "\xc3\xa9"}')
    assert response.headers["x-one"] == "1, 2"
    assert seen["HTTP_HOST"] == "hun.test"
    assert seen["CONTENT_TYPE"] == "application/activity+json"
    assert seen["CONTENT_LENGTH"] == "11"
    assert seen["HTTP_SIGNATURE"] == 'keyId="x"'
    assert seen["HTTP_USER_AGENT"] == "Test/0 (+https://ons.test)"
    assert seen["RAW_URI"] == "/inbox?a=b%20c"


def test_the_longest_prefix_answers(client):
    def other(_environ, start_response):
        start_response("200 OK", [])
        return [b"ander"]

    client.mount("https://hun.test/ander", WsgiAdapter(other))

    assert client.get("https://hun.test/ander/x").body == b"ander"
    assert client.get("https://hun.test/").status == 202


def test_redirects_between_mounted_hosts_are_followed(client):
    def moved(_environ, start_response):
        start_response("301 Moved", [("Location", "https://hun.test/nieuw")])
        return [b""]

    client.mount("https://oud.test", WsgiAdapter(moved))

    response = client.get("https://oud.test/a")

    assert response.url == "https://hun.test/nieuw"


def test_the_rules_for_addresses_and_sizes_hold_here_too(client):
    def large(_environ, start_response):
        start_response("200 OK", [])
        return [b"x" * 2000]

    def bomb(_environ, start_response):
        start_response("200 OK", [("Content-Encoding", "gzip, gzip")])
        return [b"x"]

    client.mount("https://groot.test", WsgiAdapter(large))
    client.mount("https://bom.test", WsgiAdapter(bomb))

    with pytest.raises(TooLargeError):
        client.get("https://groot.test/", limits=FetchLimits(max_bytes=1000))
    with pytest.raises(BadResponseError):
        client.get("https://bom.test/")
    with pytest.raises(BadUrlError):
        client.get("http://hun.test/")
