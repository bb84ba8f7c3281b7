import pytest

from federation.discovery.handles import Handle, parse_handle
from federation.errors import MalformedError
from federation.vocab.terms import Kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bob@victim.test", Handle("bob", "victim.test")),
        ("@bob@victim.test", Handle("bob", "victim.test")),
        ("!tuin@victim.test", Handle("tuin", "victim.test", Kind.GROUP)),
        ("acct:bob@victim.test", Handle("bob", "victim.test")),
        (" bob@Victim.Test ", Handle("bob", "victim.test")),
        ("bob@127.0.0.1:8001", Handle("bob", "127.0.0.1:8001")),
        ("bob@victim.test:443", Handle("bob", "victim.test")),
        ("b.o-b_2@victim.test", Handle("b.o-b_2", "victim.test")),
    ],
)
def test_handles_are_read_as_people_write_them(text: str, expected: Handle) -> None:
    assert parse_handle(text) == expected


def test_addresses_come_back_as_they_are() -> None:
    assert parse_handle("https://victim.test/u/bob") == "https://victim.test/u/bob"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "@bob",
        "bob@",
        "x@ons.test@evil.test",
        "x@ons.test/evil.test",
        "x@evil.test#ons.test",
        "x@us.test\\evil.test",
        "x@evil..test",
        "https://user@victim.test/",
        "javascript:alert(1)",
        "@" + "a." * 50_000,
        "bob@victim.test:0",
    ],
)
def test_what_is_no_handle_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_handle(text)
