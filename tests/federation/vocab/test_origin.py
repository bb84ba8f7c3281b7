import pytest

from federation.errors import MalformedError
from federation.vocab.origin import host_of, is_acceptable_uri, same_origin

HOSTS = [
    ("https://us.test/u/ana", "us.test"),
    ("https://US.Test/u/ana", "us.test"),
    ("HTTPS://us.test", "us.test"),
    ("https://us.test:443/u/ana", "us.test"),
    ("https://us.test:8443/u/ana", "us.test:8443"),
    ("http://localhost:8000/c/welkom", "localhost:8000"),
    ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
    ("http://us.test:80/", "us.test"),
    ("http://[::1]:8000/", "[::1]:8000"),
    ("https://xn--caf-dma.example/", "xn--caf-dma.example"),
    ("https://blog.example/?author=0#main-key", "blog.example"),
    ("https://us.test#main-key", "us.test"),
]

NO_HOST = [
    "",
    "us.test",
    "//us.test/u",
    "ftp://us.test/u",
    "javascript:alert(1)",
    " https://us.test/u",
    "https:///u/ana",
    "https:us.test",
    "https://us.te\\st/u",
    "https://us.test\\@evil.test/",
    "https://ana@us.test/u",
    "https://ana:secret@us.test/",
    "https://us%2ftest/",
    "https://us.test%2f.evil.test/",
    "https://us\t.test/",
    "https://us.te\nst/",
    "https://us.test./u",
    "https://.us.test/",
    "https://us..test/",
    "https://-us.test/",
    "https://café.example/",
    "https://us\uff0etest/",
    "https://us.test:0/",
    "https://us.test:65536/",
    "https://us.test:/",
    "https://us.test:443:443/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://[::ffff:zz]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://us.test/a b",
    "https://us.test/\x00",
    "https://us.test/\u2028",
    "https://us.test/" + "a" * 2048,
    "https://" + "a." * 130 + "test/",
    "https://" + "a" * 64 + ".test/",
]

ONLY_HERE = [
    "http://us.test/u/ana",
    "https://us.test:8443/u/ana",
    "https://127.0.0.1/u/ana",
    "https://[::1]/u/ana",
    "https://localhost/u/ana",
    "https://printer.local/u/ana",
    "https://hidden.onion/u/ana",
]

NEVER = ["https://US.test/u/ana", "https://us.test:443/u/ana", "HTTPS://us.test/u/ana", "us.test"]


@pytest.mark.parametrize(("uri", "host"), HOSTS)
def test_an_address_has_one_host(uri, host):
    assert host_of(uri) == host


@pytest.mark.parametrize("uri", NO_HOST)
def test_what_can_be_read_two_ways_has_no_host(uri):
    with pytest.raises(MalformedError):
        host_of(uri)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://us.test/a", "https://us.test/b"),
        ("https://us.test/a", "https://US.TEST:443/b#x"),
        ("http://localhost:8000/a", "http://LOCALHOST:8000"),
    ],
)
def test_spelling_does_not_make_another_origin(first, second):
    assert same_origin(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://us.test/a", "http://us.test/a"),
        ("https://us.test/a", "https://us.test:8443/a"),
        ("https://us.test/a", "https://www.us.test/a"),
        ("https://us.test/a", "https://us.test.evil.test/a"),
        ("https://us.test/a", "https://us.te/st/a"),
        ("https://us.test/a", "https://us.test@evil.test/a"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_another_scheme_port_or_name_is_another_origin(first, second):
    assert not same_origin(first, second)


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize(
    "uri",
    [
        "https://us.test/u/ana",
        "https://us.test",
        "https://us.test/?author=0#main-key",
        "https://us.test?author=0",
        "https://us.test#main-key",
        "https://us.test/ü",
    ],
)
def test_plain_https_addresses_are_always_acceptable(uri, allow_private):
    assert is_acceptable_uri(uri, allow_private=allow_private)


@pytest.mark.parametrize("uri", ONLY_HERE)
def test_private_addresses_are_acceptable_in_the_laboratory_only(uri):
    assert is_acceptable_uri(uri, allow_private=True)
    assert not is_acceptable_uri(uri, allow_private=False)


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize("uri", NEVER)
def test_an_address_written_otherwise_than_we_write_it_is_never_acceptable(uri, allow_private):
    assert not is_acceptable_uri(uri, allow_private=allow_private)
