import pytest

from federation.errors import MalformedError
from federation.vocab.parse_objects import parse_object, parse_tombstone
from federation.vocab.terms import PUBLIC, Kind

ID, ANA, BOB, GROUP = (
    "https://a.test/post/1",
    "https://a.test/u/ana",
    "https://a.test/u/bob",
    "https://b.test/c/toetsing",
)


def note(**members):
    return {"id": ID, "type": "Note", "attributedTo": ANA, "content": "<p>x</p>", **members}


@pytest.mark.parametrize(
    "attributed_to",
    [
        [ANA, BOB],
        [{"id": ANA}, BOB],
        [{"id": ANA, "type": "Person"}, {"id": BOB, "type": "Person"}],
        [[BOB]],
        [],
        None,
        "",
        5,
        {"type": "Person"},
        {"id": [ANA]},
        [{"id": GROUP, "type": "Group"}],
        [{"id": ANA, "type": ["Person"]}],
        [{"id": "acct:ana@a.test", "type": "Person"}],
        "acct:ana@a.test",
    ],
)
def test_an_author_that_can_be_read_two_ways_is_malformed(attributed_to):
    with pytest.raises(MalformedError, match="attributedTo"):
        parse_object(note(attributedTo=attributed_to))


@pytest.mark.parametrize(
    ("attributed_to", "group"),
    [
        (ANA, None),
        ([ANA], None),
        ({"id": ANA, "type": "Person"}, None),
        ([{"id": ANA, "type": "Person"}], None),
        ([{"id": ANA, "type": "Person"}, {"id": GROUP, "type": "Group"}], GROUP),
        ([{"id": GROUP, "type": "Group"}, {"id": ANA, "type": "Service"}], GROUP),
        ([{"id": ANA, "type": "Person"}, {"id": BOB, "type": "Robot"}], None),
    ],
)
def test_the_one_author_is_found(attributed_to, group):
    document = parse_object(note(attributedTo=attributed_to))

    assert (document.attributed_to, document.group) == (ANA, group)


def test_an_event_has_its_person_in_actor_and_its_group_in_attributed_to():
    document = parse_object(note(type="Event", actor=ANA, attributedTo=GROUP))
    alone = parse_object(note(type="Event", actor=ANA, attributedTo=ANA))

    assert (document.attributed_to, document.group) == (ANA, GROUP)
    assert (alone.attributed_to, alone.group) == (ANA, None)


def test_the_actor_beside_the_author_of_a_note_is_ignored():
    assert parse_object(note(actor=BOB)).attributed_to == ANA


def test_the_audience_wins_over_the_group_among_the_authors():
    authors = [{"id": ANA, "type": "Person"}, {"id": BOB, "type": "Group"}]

    assert parse_object(note(attributedTo=authors, audience=GROUP)).group == GROUP


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"id": [ID]}, "id"),
        ({"id": 5}, "id"),
        ({"type": None}, "type"),
        ({"type": []}, "type"),
        ({"type": ["Note", 5]}, "type"),
        ({"type": ["Note", "Delete"]}, "type"),
        ({"content": {"x": 1}}, "content"),
        ({"name": []}, "name"),
        ({"inReplyTo": ["https://a.test/1", "https://a.test/2"]}, "inReplyTo"),
        ({"to": 5}, "to"),
        ({"cc": 5}, "cc"),
        ({"audience": 5}, "audience"),
        ({"published": 5}, "published"),
        ({"sensitive": "yes"}, "sensitive"),
        ({"commentsEnabled": 0}, "commentsEnabled"),
        ({"mediaType": []}, "mediaType"),
        ({"source": []}, "source"),
        ({"source": {"content": 5, "mediaType": "text/markdown"}}, "content"),
    ],
)
def test_a_wrong_member_is_named(members, field):
    with pytest.raises(MalformedError) as raised:
        parse_object(note(**members))

    assert raised.value.field == field


@pytest.mark.parametrize(
    ("as2_type", "found"),
    [
        (["Note"], "Note"),
        (["Note", "x:Special"], "Note"),
        (["x:Special", "Article"], "Article"),
        (["x:One", "x:Two"], "x:One"),
    ],
)
def test_of_several_types_the_first_that_we_know_counts(as2_type, found):
    assert parse_object(note(type=as2_type)).type == found


def test_an_unknown_type_keeps_its_name_summary_and_link():
    document = parse_object(
        note(type="Recipe", name="Taart", summary="kort", url="https://a.test/taart")
    )

    assert document.kind is Kind.UNKNOWN
    assert (document.name, document.summary, document.url) == (
        "Taart",
        "kort",
        "https://a.test/taart",
    )


def test_only_an_embedded_object_may_lack_its_id():
    assert parse_object(note(id=None), embedded=True).uri == ""
    with pytest.raises(MalformedError, match=r"^id"):
        parse_object(note(id=None))


@pytest.mark.parametrize(
    ("members", "markdown"),
    [
        ({"source": {"content": "*x*", "mediaType": "text/markdown"}}, "*x*"),
        ({"source": {"content": "*x*", "mediaType": "text/x-bbcode"}}, None),
        ({"source": {"content": "*x*"}}, None),
        ({"source": "*x*"}, None),
        ({"content": "*x*", "mediaType": "text/markdown"}, "*x*"),
        ({"content": "*x*", "mediaType": "Text/Markdown; charset=utf-8"}, "*x*"),
        ({}, None),
    ],
)
def test_markdown_is_taken_only_when_it_is_markdown_for_certain(members, markdown):
    assert parse_object(note(**members)).source_markdown == markdown


@pytest.mark.parametrize(
    ("to", "cc", "public"),
    [([PUBLIC], [], True), ([], ["as:Public"], True), ([GROUP], [], False), (None, None, False)],
)
def test_public_is_who_it_is_addressed_to(to, cc, public):
    assert parse_object(note(to=to, cc=cc)).is_public is public


def test_recipients_are_everyone_once():
    assert parse_object(note(to=[GROUP, PUBLIC], cc=[GROUP, BOB])).recipients == (
        GROUP,
        PUBLIC,
        BOB,
    )


def test_an_answer_to_a_poll_is_recognised():
    vote = note(content=None, name="ja", inReplyTo="https://b.test/poll/1")

    assert parse_object(vote).is_poll_vote
    assert not parse_object({**vote, "content": "<p>ja</p>"}).is_poll_vote
    assert not parse_object({**vote, "inReplyTo": None}).is_poll_vote


def test_the_first_link_is_what_a_post_is_about():
    attachment = [
        {"type": "Image", "url": "https://a.test/i.png"},
        {"type": "Link", "href": "https://ext.test/a"},
    ]

    assert parse_object(note(attachment=attachment)).first_link == "https://ext.test/a"
    assert parse_object(note()).first_link is None


def test_comments_are_open_unless_the_peer_closes_them():
    assert parse_object(note()).comments_enabled
    assert parse_object(note(commentsEnabled=None)).comments_enabled
    assert not parse_object(note(commentsEnabled=False)).comments_enabled


def test_a_tombstone_says_what_it_was():
    tombstone = parse_tombstone({"id": ID, "type": "Tombstone", "formerType": "Note"})
    vague = parse_tombstone({"id": ID, "type": "Tombstone", "formerType": ["Note"]})

    assert (tombstone.uri, tombstone.former_type, tombstone.deleted) == (ID, "Note", None)
    assert vague.former_type is None
