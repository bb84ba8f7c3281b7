"""What `federation inspect` says of a document."""

import json
from typing import Any

import pytest

from federation.dereference.description import describe_bytes
from federation.errors import MalformedError

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
PAGE = {
    "type": "Page",
    "id": "https://a.test/post/1",
    "attributedTo": "https://a.test/u/bob",
    "to": ["https://a.test/c/main", PUBLIC],
    "audience": "https://a.test/c/main",
    "name": "Een titel",
    "content": "<p>Hallo</p>",
    "published": "2026-01-02T03:04:05Z",
}
NAMES = ["kind", "id", "actor", "attributed_to", "to", "cc", "community", "in_reply_to"]


def activity(kind: str, thing: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "id": f"https://a.test/{kind}/1",
        "actor": "https://a.test/u/bob",
        "object": thing,
    }


def describe(document: dict[str, Any]) -> dict[str, Any]:
    return describe_bytes(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (PAGE, "post"),
        ({**PAGE, "type": "Note", "inReplyTo": "https://a.test/post/0"}, "comment"),
        ({**PAGE, "type": "Question"}, "poll"),
        ({**PAGE, "type": "Event"}, "meeting"),
        (activity("Create", PAGE), "post"),
        (activity("Announce", activity("Create", PAGE)), "post"),
        (activity("Announce", activity("Like", PAGE["id"])), "vote"),
        (activity("Announce", PAGE["id"]), "announcement"),
        (activity("Update", PAGE), "edit"),
        (activity("Follow", "https://b.test/c/x"), "follow"),
        (activity("Like", PAGE["id"]), "vote"),
        (activity("Delete", PAGE["id"]), "removal"),
        (activity("Flag", PAGE["id"]), "report"),
        (activity("Dance", PAGE["id"]), "unknown"),
    ],
)
def test_the_kind_is_the_word_of_the_forum(document: dict[str, Any], kind: str) -> None:
    assert describe(document)["kind"] == kind


def test_what_a_community_passes_on_is_described_as_what_it_brings() -> None:
    announce = {**activity("Announce", activity("Create", PAGE)), "actor": "https://a.test/c/main"}

    found = describe(announce)

    assert found["actor"] == "https://a.test/c/main"
    assert found["attributed_to"] == "https://a.test/u/bob"
    assert (found["title"], found["text"]) == ("Een titel", "Hallo")
    assert found["community"] == "https://a.test/c/main"
    assert found["published"] == "2026-01-02T03:04:05Z"
    assert found["inner"]["id"] == "https://a.test/Create/1"


def test_every_description_has_the_same_members() -> None:
    for document in (PAGE, activity("Follow", "https://b.test/c/x")):
        found = describe(document)
        assert set(NAMES) | {"title", "text", "published", "warnings"} <= set(found)


def test_what_is_not_public_and_what_is_unknown_is_warned_of() -> None:
    assert describe({**PAGE, "to": ["https://a.test/c/main"]})["warnings"]
    assert "Dance" in describe(activity("Dance", PAGE["id"]))["warnings"][0]


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(MalformedError):
        describe_bytes(b"[]")
