import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from federation.errors import MalformedError
from federation.vocab import parse
from federation.vocab.outgoing import Activity
from federation.vocab.outgoing_parts import Hashtag, Link, Mention, Picture, language_of
from federation.vocab.render import render, render_bytes
from federation.vocab.render_context import CONTEXT
from federation.vocab.terms import PUBLIC, Kind
from tests.federation.vocab import outgoing_examples as examples

GOLDEN = Path(__file__).resolve().parents[2] / "golden/outbound/render"
REWRITE = os.environ.get("GOLDEN") == "write"  # noqa: TID251 - a switch of the tests, not a setting

# Terms of the contexts we name by address; the others have to stand inline.
KNOWN_TERMS = frozenset(
    """@context id type actor attachment attributedTo audience cc content contentMap context deleted
    endTime endpoints expires first followers following formerType generator height href icon image
    inReplyTo inbox items likes mediaType name next object orderedItems origin outbox owner partOf
    preferredUsername prev publicKey publicKeyPem published replies sharedInbox shares source
    summary tag target to totalItems updated url width alsoKnownAs""".split()  # noqa: SIM905 - reads better
)


def members_of(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            if name not in ("@context", "contentMap"):
                yield from members_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from members_of(inner)


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_what_we_send_equals_its_golden_file(name):
    rendered = json.loads(render_bytes(examples.EXAMPLES[name]))
    path = GOLDEN / f"{name}.json"
    if REWRITE:
        text = json.dumps(rendered, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")

    golden = json.loads(path.read_text(encoding="utf-8"))

    assert rendered == golden
    assert list(rendered) == list(golden)


@pytest.mark.skipif(REWRITE, reason="the files are being written")
def test_every_golden_file_has_an_example():
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(examples.EXAMPLES)


@pytest.mark.parametrize("document", examples.EXAMPLES.values(), ids=examples.EXAMPLES)
def test_the_context_stands_outside_and_first(document):
    rendered = render(replace(document, object="x") if document is examples.ANNOUNCE else document)
    without_foreign = json.dumps(rendered).replace(examples.RAW_CREATE.decode(), "")

    assert next(iter(rendered)) == "@context"
    assert rendered["@context"] == CONTEXT
    assert rendered["@context"][0] == "https://www.w3.org/ns/activitystreams"
    if document is not examples.EXAMPLES["outbox"]:
        assert without_foreign.count('"@context"') == 1


@pytest.mark.parametrize("document", examples.EXAMPLES.values(), ids=examples.EXAMPLES)
def test_every_member_is_defined_for_full_json_ld_readers(document):
    if isinstance(document, Activity) and document.type == "Announce":
        document = replace(document, object=examples.POST)
    names = set(members_of(render(document))) - {"n", "café"}

    assert names <= KNOWN_TERMS | set(CONTEXT[-1])


@pytest.mark.parametrize("document", examples.EXAMPLES.values(), ids=examples.EXAMPLES)
def test_we_can_read_what_we_write(document):
    assert parse.parse_any(parse.parse_json(render_bytes(document))).kind is not Kind.UNKNOWN


@pytest.mark.parametrize("document", examples.EXAMPLES.values(), ids=examples.EXAMPLES)
def test_an_absent_member_is_left_out_and_never_null(document):
    assert b":null" not in render_bytes(document)


def test_foreign_bytes_go_in_byte_for_byte():
    assert b'"object":' + examples.RAW_CREATE + b"," in render_bytes(examples.ANNOUNCE)
    assert examples.RAW_CREATE in render_bytes(examples.EXAMPLES["outbox"])


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b'{"a":1},"b":2', b'{"a":1}{"b":2}', b'{"a":1,"a":2}']
)
def test_foreign_bytes_that_are_not_one_object_are_refused(junk):
    with pytest.raises(MalformedError):
        render_bytes(replace(examples.ANNOUNCE, object=junk))


def test_recipients_are_always_two_lists():
    rendered = render(replace(examples.FOLLOW, to=(), cc=()))

    assert rendered["to"] == []
    assert rendered["cc"] == []


def test_attachments_and_tags_are_always_lists():
    rendered = render(
        replace(examples.PAGE, attachments=(), hashtags=(), group=None, language=None)
    )

    assert rendered["attachment"] == []
    assert rendered["tag"] == []
    assert "audience" not in rendered
    assert "language" not in rendered


def test_the_link_of_a_post_is_its_first_attachment():
    page = replace(
        examples.PAGE, attachments=(Picture("https://h.example/1.webp"), Link("https://x.example"))
    )

    assert [one["type"] for one in render(page)["attachment"]] == ["Link", "Image"]


def test_the_group_is_always_mentioned_once():
    note = render(examples.NOTE)
    hrefs = [tag["href"] for tag in note["tag"] if tag["type"] == "Mention"]

    assert hrefs == [examples.GROUP, examples.BOB]
    assert note["audience"] == examples.GROUP


@pytest.mark.parametrize("name", ["toetsing", "#toetsing"])
def test_a_hashtag_has_one_hash(name):
    page = replace(examples.PAGE, hashtags=(Hashtag(name, "https://h.example/t"),))

    assert render(page)["tag"][-1]["name"] == "#toetsing"


def test_a_mention_without_a_name_has_none():
    note = replace(examples.NOTE, group=None, mentions=(Mention(examples.BOB),))

    assert render(note)["tag"] == [{"type": "Mention", "href": examples.BOB}]


def test_an_edit_is_later_than_its_publication_or_is_not_told():
    earlier = examples.MORNING - timedelta(seconds=1)

    assert "updated" not in render(replace(examples.PAGE, updated=examples.MORNING))
    assert "updated" not in render(replace(examples.PAGE, updated=earlier))
    assert render(replace(examples.PAGE, updated=examples.NOON))["updated"].endswith(".250Z")


def test_a_page_is_no_reply_and_a_comment_has_no_title():
    assert "inReplyTo" not in render(examples.PAGE)
    assert "name" not in render(examples.NOTE)
    assert "summary" not in render(examples.NOTE)
    assert render(replace(examples.NOTE, summary="let op"))["summary"] == "let op"


def test_an_author_gives_no_reason_and_a_moderator_does():
    assert "summary" not in render(examples.DELETE)
    assert render(examples.REMOVAL)["summary"] == " "


def test_quoting_is_allowed_where_everyone_may_read():
    assert render(examples.PAGE)["interactionPolicy"]["canQuote"] == {"automaticApproval": [PUBLIC]}
    assert "interactionPolicy" not in render(examples.SERVED_PAGE)


def test_of_a_closed_conversation_gotosocial_hears_that_only_the_author_may_answer():
    closed = render(replace(examples.PAGE, comments_enabled=False))

    assert closed["commentsEnabled"] is False
    assert closed["interactionPolicy"]["canReply"] == {"automaticApproval": [examples.ANA]}
    assert "canReply" not in render(examples.PAGE)["interactionPolicy"]


def test_a_suspended_person_is_said_to_be_so():
    assert render(replace(examples.PERSON, suspended=True))["suspended"] is True
    assert "suspended" not in render(examples.PERSON)


@pytest.mark.parametrize(
    ("identifier", "name"), [("nl", "Nederlands"), ("en-GB", "English"), ("tlh", "tlh")]
)
def test_a_language_always_has_a_name(identifier, name):
    assert language_of(identifier) == (identifier, name)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Een *vraag*", "**Hoe toets je dit?**\n\nEen *vraag*"),
        ("x" * 3001, None),
        (None, None),
    ],
)
def test_a_short_text_is_told_with_its_title_to_who_shows_no_name(
    source: str | None, told: str | None
) -> None:
    page = replace(examples.PAGE, source=source)

    assert render(page).get("_misskey_content") == told
