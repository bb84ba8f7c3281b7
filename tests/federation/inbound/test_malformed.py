"""Bodies that are too long, too deep or not what they claim: 400 or 413, never 500."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.support.fediverse import PUBLIC, FakeFediverse, RemoteActor, activity, note
from tests.support.refusals import refusing

LIMIT = 1_048_576


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


def like(bob: RemoteActor, **extra: Any) -> bytes:
    return json.dumps(activity("Like", bob, "http://ons.test/post/x", **extra)).encode()


@pytest.mark.parametrize("over", [1, 10 * LIMIT])
def test_a_body_over_one_mebibyte_is_413(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, over: int
) -> None:
    body = like(bob)

    with refusing(app, fediverse, 413, fetches=0) as seen:
        seen.answer = fediverse.deliver(body + b" " * (LIMIT - len(body) + over), bob)


def test_a_body_of_exactly_one_mebibyte_is_read(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    body = like(bob)

    answer = fediverse.deliver(body + b" " * (LIMIT - len(body)), bob)

    assert answer.status_code == 202


def test_a_body_without_a_length_is_read_no_further_than_the_limit(app: Flask) -> None:
    class Endless:
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0
            self.given += size
            return b"x" * size

        readline = read

    stream = Endless()
    environ = {
        "wsgi.input": stream,
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": "application/activity+json",
    }

    answer = app.test_client().post("/inbox", environ_overrides=environ)

    assert answer.status_code == 413
    assert stream.given <= 3 * LIMIT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"x"',
        b"null",
        b"{",
        b'{"id": NaN}',
        b'{"a":1,"a":2}',
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"object":' * 40 + b"{}" + b"}" * 40,
    ],
)
def test_what_is_not_plain_json_is_400(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, body: bytes
) -> None:
    with refusing(app, fediverse, 400, fetches=0) as seen:
        seen.answer = fediverse.deliver(body, bob)


@pytest.mark.parametrize("keyword", ["@graph", "@reverse", "@included"])
def test_a023_keywords_that_move_members_about_are_400(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, keyword: str
) -> None:
    deep: Any = {keyword: [{"actor": "http://evil.test/u/mal"}]}
    for _ in range(5):
        deep = {"x": deep}
    aliased = {"@context": {"y": keyword}}

    for extra in ({"tag": [deep]}, {"@context": [aliased["@context"]]}, {keyword: []}):
        with refusing(app, fediverse, 400, fetches=0) as seen:
            seen.answer = fediverse.deliver(like(bob, **extra), bob)


def test_a_hundred_thousand_keys_are_read_or_refused_quickly(
    fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    body = like(bob, x={f"k{n}": 0 for n in range(60_000)})

    assert fediverse.deliver(body, bob).status_code == 202


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", PUBLIC),
        ("to", None),
        ("cc", {"id": PUBLIC}),
        ("tag", {"type": "Mention", "href": "http://ons.test/u/anna"}),
        ("tag", [None, 5, "x", {"type": ["Mention"]}, {"type": "Mention", "href": ["x"]}]),
        ("attachment", {"type": "Image", "url": [{"href": "http://victim.test/1.png"}]}),
        ("attachment", [5, None, []]),
        ("url", ["javascript:alert(1)", 5]),
        ("content", None),
        ("summary", None),
        ("source", "tekst"),
        ("contentMap", {"en": None}),
        ("published", "gisteren"),
        ("inReplyTo", []),
        ("audience", ["http://ons.test/c/toetsing"]),
        ("replies", 5),
        ("name", "\u202e\u200bx" * 1000),
        ("language", {"identifier": 5}),
        ("sensitive", None),
    ],
)
def test_odd_but_harmless_members_are_tolerated(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Any, field: str, value: object
) -> None:
    create = activity("Create", bob, note(bob, **{field: value}))

    answer = fediverse.deliver(create, bob)
    settle()

    assert answer.status_code == 202


@pytest.mark.parametrize("name", ["x" * 31, "Anna", "anna@victim.test", "%00", "../x"])
def test_inboxes_have_the_names_that_handles_have(
    fediverse: FakeFediverse, bob: RemoteActor, name: str
) -> None:
    path = f"/u/{name}/inbox"

    assert fediverse.deliver(like(bob), bob, path=path).status_code == 404
