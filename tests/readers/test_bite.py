"""Each reader refuses what its peer refuses: a reader that takes everything proves nothing."""

import base64
import hashlib
from typing import Any

import pytest

from tests.readers import gotosocial, jsonld, lemmy, mastodon, mbin, nodebb, piefed, proof
from tests.readers.signatures import Delivered, UnsignedError

Json = dict[str, Any]
AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
BODY = b"{}"
DIGEST = "SHA-256=" + base64.b64encode(hashlib.sha256(BODY).digest()).decode()
PAGE: Json = {
    "@context": [AS],
    "type": "Page",
    "id": "https://a.test/post/1",
    "attributedTo": "https://a.test/u/bob",
    "to": ["https://a.test/c/x", PUBLIC],
    "cc": [],
    "name": "Een titel",
    "content": "<p>Hallo</p>",
    "audience": "https://a.test/c/x",
    "sensitive": False,
    "tag": [],
    "attachment": [],
    "published": "2026-01-02T03:04:05Z",
}
ACT: Json = {"id": "https://a.test/activities/1", "actor": "https://a.test/u/bob"}
CREATE: Json = {**ACT, "type": "Create", "object": PAGE, "to": [PUBLIC], "cc": []}


def delivered(**headers: str) -> Delivered:
    """A POST with the headers of a good one, and these instead."""
    signature = (
        'keyId="https://a.test/u/bob#main-key",algorithm="rsa-sha256",'
        'headers="(request-target) host date digest content-type",signature="AAAA"'
    )
    good = {
        "host": "b.test",
        "date": "Thu, 01 Jan 2026 00:00:00 GMT",
        "digest": DIGEST,
        "content-type": "application/activity+json",
        "signature": signature,
    }
    return Delivered("/inbox", {**good, **headers}, BODY)


@pytest.mark.parametrize(
    "changes",
    [
        {"attachment": {"type": "Link", "href": "https://x.test/"}},
        {"attachment": [{"type": "Video", "url": "https://x.test/"}]},
        {"image": [{"type": "Image", "url": "https://x.test/"}]},
        {"language": {"identifier": "nl"}},
        {"inReplyTo": "https://a.test/post/0"},
        {"published": "gisteren"},
        {"sensitive": "false"},
        {"mediaType": "text/plain"},
    ],
)
def test_lemmy_refuses_a_page_for_one_bad_member(changes: Json) -> None:
    lemmy.read_document(PAGE)

    with pytest.raises(ValueError, match="validation error"):
        lemmy.read_document({**PAGE, **changes})


@pytest.mark.parametrize(
    "activity",
    [
        {**ACT, "type": "Announce", "to": [PUBLIC], "cc": [], "object": PAGE},
        {**ACT, "type": "Announce", "to": [PUBLIC], "cc": [], "object": PAGE["id"]},
        {**ACT, "type": "Announce", "to": [PUBLIC], "cc": [], "object": {**CREATE, "type": "Vote"}},
    ],
)
def test_lemmy_takes_nothing_but_activities_from_a_community(activity: Json) -> None:
    with pytest.raises(lemmy.UnreadableError):
        lemmy.read_announced(activity)


@pytest.mark.parametrize(
    "activity",
    [
        {**ACT, "type": "Delete", "to": ["https://a.test/c/x"], "object": PAGE["id"]},
        {**CREATE, "actor": "https://a.test/u/mia"},
        {**CREATE, "id": "https://b.test/activities/1"},
    ],
)
def test_lemmy_checks_who_says_so_and_to_whom(activity: Json) -> None:
    lemmy.check_activity(CREATE)

    with pytest.raises(lemmy.UnreadableError):
        lemmy.check_activity(activity)


def test_lemmy_reads_a_document_only_under_its_own_address_and_type() -> None:
    for url, media_type in (
        ("https://a.test/other", "application/activity+json"),
        ("https://a.test/post/1", "application/json"),
    ):
        with pytest.raises(lemmy.UnreadableError):
            lemmy.check_fetched(PAGE, url, media_type)


@pytest.mark.parametrize(
    ("parse", "old", "new"),
    [
        (piefed.parse_signature, ",headers", ", headers"),
        (piefed.parse_signature, 'algorithm="rsa-sha256",', ""),
        (mbin.parse_signature, ",headers", ", headers"),
        (nodebb.parse_signature, "(request-target) host date", "host"),
        (mastodon.parse_signature, " digest", ""),
        (gotosocial.parse_signature, " date", ""),
    ],
)
def test_a_signature_header_of_another_form_is_lost(parse: Any, old: str, new: str) -> None:
    good = delivered()
    assert parse(good).signature

    with pytest.raises(UnsignedError):
        parse(delivered(signature=good.headers["signature"].replace(old, new)))


@pytest.mark.parametrize(
    "headers", [{"digest": "sha-256=" + DIGEST[8:]}, {"digest": "SHA-256=AAAA"}]
)
def test_a_digest_of_another_form_is_lost(headers: dict[str, str]) -> None:
    for reader in (piefed, mbin, nodebb, mastodon, gotosocial):
        with pytest.raises(UnsignedError):
            reader.parse_signature(delivered(**headers))


def test_nodebb_wants_one_media_type_and_one_author() -> None:
    with pytest.raises(UnsignedError):
        nodebb.parse_signature(delivered(**{"content-type": "application/json"}))
    with pytest.raises(nodebb.UnresolvedError):
        nodebb.read_post({**PAGE, "attributedTo": [PAGE["attributedTo"]]})


def test_mastodon_takes_the_first_link_only() -> None:
    actor = {"id": "https://a.test/c/x", "preferredUsername": "x"}
    links = [
        {"rel": "self", "type": "application/activity+json", "href": href}
        for href in ("https://a.test/u/x", actor["id"])
    ]

    with pytest.raises(mastodon.RefusedError):
        mastodon.resolve({"subject": "acct:x@a.test", "links": links}, actor)


def test_gotosocial_wants_the_context_first_and_no_change_before_the_writing() -> None:
    with pytest.raises(gotosocial.RefusedError):
        gotosocial.check_context({"@context": ["https://a.test/contexts", AS]})
    with pytest.raises(gotosocial.RefusedError):
        gotosocial.read_status({**PAGE, "updated": "2025-01-01T00:00:00Z"})


def test_mbin_ignores_what_is_not_embedded() -> None:
    with pytest.raises(mbin.UnreadableError):
        mbin.undone({**ACT, "type": "Undo", "object": "https://a.test/activities/0"})


@pytest.mark.parametrize(
    "changes",
    [
        {"unheardOf": 1},
        {"attachment": [{"type": "PropertyValue", "name": "Site"}]},
        {"@context": [AS, "https://a.test/contexts"]},
    ],
)
def test_json_ld_drops_nothing_unnoticed(changes: Json) -> None:
    page = {name: value for name, value in PAGE.items() if name != "sensitive"}
    jsonld.expand(page)

    with pytest.raises(Exception, match=r"meaning|fetched|JSON-LD"):
        jsonld.expand({**page, **changes})


def test_a_proof_of_something_else_does_not_hold() -> None:
    with pytest.raises(proof.ForgedError):
        proof.check(CREATE, lambda _uri: {})
