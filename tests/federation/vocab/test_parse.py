from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.errors import MalformedError
from federation.vocab.activities import ActivityDocument
from federation.vocab.actors import ActorDocument
from federation.vocab.collections import CollectionDocument
from federation.vocab.objects import ObjectDocument, TombstoneDocument
from federation.vocab.parse import parse_activity, parse_any, parse_collection
from federation.vocab.terms import KINDS, PUBLIC, Kind

ID, ANA, POST = "https://a.test/activities/1", "https://a.test/u/ana", "https://a.test/post/1"
NOTE = {"id": POST, "type": "Note", "attributedTo": ANA, "content": "<p>x</p>"}
LIKE = {"id": f"{ID}0", "type": "Like", "actor": ANA, "object": POST}


def activity(verb="Create", thing=POST, **members):
    return {"id": ID, "type": verb, "actor": ANA, "object": thing, **members}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"id": ANA, "type": "Person", "inbox": f"{ANA}/inbox"}, ActorDocument),
        (NOTE, ObjectDocument),
        ({**NOTE, "type": "x:Special"}, ObjectDocument),
        ({"id": POST, "type": "Tombstone"}, TombstoneDocument),
        ({"id": POST, "type": "OrderedCollection"}, CollectionDocument),
        (activity(), ActivityDocument),
        (activity("x:Special"), ActivityDocument),
    ],
)
def test_every_document_is_recognised_by_its_type(raw, expected):
    assert type(parse_any(raw)) is expected


@pytest.mark.parametrize("field", ["id", "type", "actor"])
@pytest.mark.parametrize(
    "value", [None, 5, True, [], [ANA], [ANA, POST], [[ANA]], {"id": ANA}, "", {}]
)
def test_id_type_and_actor_are_single_texts(field, value):
    with pytest.raises(MalformedError) as raised:
        parse_activity(activity(**{field: value}))

    assert raised.value.field == field


@pytest.mark.parametrize("verb", ["a\0b", "Like\0", "Fl\u202eag", "x\ny"])
def test_a_verb_is_a_word_that_every_database_can_keep(verb):
    with pytest.raises(MalformedError) as raised:
        parse_activity(activity(verb))

    assert raised.value.field == "type"


@pytest.mark.parametrize("field", ["id", "type", "actor", "object"])
def test_a_missing_member_is_named(field):
    raw = activity()
    del raw[field]

    with pytest.raises(MalformedError) as raised:
        parse_activity(raw)

    assert raised.value.field == field


@pytest.mark.parametrize("as2_type", ["Note", "Person", "Tombstone", "Collection"])
def test_a_document_is_not_an_activity(as2_type):
    with pytest.raises(MalformedError, match="type"):
        parse_activity(activity(as2_type))


@pytest.mark.parametrize("verb", ["Create", "Update", "Delete", "Follow", "Like", "Undo", "Accept"])
@pytest.mark.parametrize("thing", [[POST], [NOTE], [[POST]], [], 5, None, "", "acct:x@y.test"])
def test_only_a_batch_may_have_several_objects(verb, thing):
    with pytest.raises(MalformedError, match="object"):
        parse_activity(activity(verb, thing))


def test_an_object_may_be_an_id_a_bare_reference_or_a_document():
    named = parse_activity(activity("Like", POST))
    pointed = parse_activity(activity("Like", {"id": POST}))
    embedded = parse_activity(activity("Like", NOTE))

    assert (named.object, named.object_uri, named.object_kind) == (POST, POST, Kind.UNKNOWN)
    assert pointed.object == POST
    assert isinstance(embedded.object, ObjectDocument)
    assert (embedded.object_uri, embedded.object_kind) == (POST, Kind.NOTE)


@pytest.mark.parametrize(
    "reference",
    [
        {"id": ANA, "type": "Person"},
        {"id": ANA, "type": "Group", "name": "x"},
        {"id": ANA, "type": "Follow"},
    ],
)
def test_an_actor_or_activity_without_its_body_only_points(reference):
    assert parse_activity(activity("Delete", reference)).object == ANA


def test_an_actor_that_is_embedded_whole_is_read():
    person = {"id": ANA, "type": "Person", "inbox": f"{ANA}/inbox"}

    assert isinstance(parse_activity(activity("Update", person)).object, ActorDocument)


def test_inside_another_activity_the_actor_may_stand_in_full():
    follow = {**LIKE, "type": "Follow", "actor": {"id": ANA, "type": "Person"}}

    embedded = parse_activity(activity("Accept", follow)).object

    assert isinstance(embedded, ActivityDocument)
    assert embedded.actor == ANA


def test_several_actors_inside_another_activity_are_none():
    with pytest.raises(MalformedError):
        parse_activity(activity("Accept", {**LIKE, "type": "Follow", "actor": [{"id": ANA}, ANA]}))


def test_an_embedded_activity_may_lack_its_id():
    follow = {"type": "Follow", "actor": ANA, "object": "https://b.test/c/x"}

    document = parse_activity(activity("Undo", follow))

    assert document.object_kind is Kind.FOLLOW
    assert document.object_uri is None


def test_a_batch_is_read_in_order():
    votes = [LIKE, {**LIKE, "id": f"{ID}1", "type": "Dislike"}, POST]

    as_list = parse_activity(activity("Announce", votes))
    as_collection = parse_activity(
        activity("Announce", {"type": "OrderedCollection", "orderedItems": votes})
    )

    assert [getattr(one, "kind", one) for one in as_list.objects] == [
        Kind.LIKE,
        Kind.DISLIKE,
        POST,
    ]
    assert as_list.object is None
    assert as_list.object_uri is None
    assert as_collection.objects == as_list.objects


def test_an_odd_member_does_not_spoil_a_batch():
    document = parse_activity(activity("Announce", [5, LIKE, {"type": "Like", "actor": [ANA]}]))

    assert document.object_kind is Kind.LIKE


def test_a_batch_of_one_is_one_object():
    assert parse_activity(activity("Announce", [LIKE])).object_kind is Kind.LIKE


@pytest.mark.parametrize("thing", [[], {"type": "OrderedCollection", "orderedItems": [5]}, [5]])
def test_an_empty_or_alien_batch_is_malformed(thing):
    with pytest.raises(MalformedError):
        parse_activity(activity("Announce", thing))


def test_embedding_is_bounded():
    nested = LIKE
    for _ in range(5):
        nested = activity("Undo", nested)
    assert parse_activity(nested["object"])

    with pytest.raises(MalformedError, match="embedded"):
        parse_activity(activity("Undo", nested))


@pytest.mark.parametrize("thing", [NOTE, [POST], None, 5])
def test_an_unknown_verb_is_read_without_its_object(thing):
    document = parse_activity(activity("View", thing))

    assert document.kind is Kind.UNKNOWN
    assert document.objects == ()


def test_an_unknown_verb_keeps_the_id_of_its_object():
    assert parse_activity(activity("View", POST)).object_uri == POST


@pytest.mark.parametrize("summary", [" ", "spam", "sp\x00am"])
def test_a_reason_counts_even_when_it_is_blank(summary):
    document = parse_activity(activity("Delete", summary=summary))

    assert document.summary == summary.replace("\x00", "")


def test_no_reason_is_none():
    assert parse_activity(activity("Delete", summary=None)).summary is None
    assert parse_activity(activity("Delete", summary="")).summary is None
    with pytest.raises(MalformedError, match="summary"):
        parse_activity(activity("Delete", summary=["x"]))


def test_the_circumstances_of_an_activity_are_read():
    raw = activity(
        "Block",
        target="https://b.test/c/x",
        to=["as:Public"],
        cc="https://b.test/c/x",
        audience="https://b.test/c/x",
        removeData=True,
        expires="2026-09-01T00:00:00Z",
    )

    document = parse_activity(raw)

    assert document.target == "https://b.test/c/x"
    assert document.recipients == (PUBLIC, "https://b.test/c/x")
    assert document.is_public
    assert document.remove_data
    assert document.end_time.month == 9
    assert document.raw is raw


@pytest.mark.parametrize(
    ("raw", "uris"),
    [
        ({"orderedItems": [ANA, NOTE, None, 5, {"type": "Note"}]}, (ANA, POST)),
        ({"items": ANA}, (ANA,)),
        ({"first": {"type": "CollectionPage", "items": [ANA], "next": f"{POST}?p=2"}}, (ANA,)),
        ({}, ()),
    ],
)
def test_members_of_a_collection_stay_raw(raw, uris):
    document = parse_collection({"id": POST, "type": "OrderedCollection", **raw})

    assert document.member_uris == uris


def test_the_way_on_through_a_collection_is_kept():
    embedded = parse_collection({"type": "Collection", "first": {"next": f"{POST}?page=2"}})
    pointed = parse_collection(
        {"id": POST, "type": "Collection", "first": f"{POST}?page=1", "totalItems": 7}
    )

    assert embedded.next == f"{POST}?page=2"
    assert (pointed.first, pointed.total_items) == (f"{POST}?page=1", 7)


def test_the_thousand_and_first_member_is_ignored():
    raw = {"id": POST, "type": "Collection", "items": [ANA] * 1500}

    assert len(parse_collection(raw).members) == 1000


ADDRESSES = st.sampled_from([ID, ANA, POST, PUBLIC, "as:Public", "acct:x@y.test", "", "x"])
TYPES = st.sampled_from([*KINDS, "View", "Hashtag", "Mention", "PropertyValue", "Place"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ADDRESSES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "href", "url", "name", "inbox", "actor", "object", "items"]
            ),
            inner | TYPES,
            max_size=5,
        )
    ),
    max_leaves=8,
)
NAMES = """id type actor object target origin to cc audience summary content contentMap mediaType
published updated endTime expires startTime deleted formerType removeData withReplies name url
inReplyTo attributedTo tag attachment image icon location language inLanguage sensitive context
replies commentsEnabled distinguished inbox outbox endpoints followers moderators publicKey
alsoKnownAs movedTo preferredUsername manuallyApprovesFollowers first next items orderedItems
totalItems partOf suspended featured source @context"""
FIELDS = st.sampled_from(NAMES.split())


@settings(max_examples=600, deadline=None)
@given(st.dictionaries(FIELDS, VALUES, max_size=12), TYPES)
def test_whatever_it_is_it_is_read_or_malformed(members, as2_type):
    raw = {"id": ID, "type": as2_type, "actor": ANA, "object": POST, "inbox": POST, **members}

    with suppress(MalformedError):
        assert parse_any(raw).kind in Kind


@settings(max_examples=200, deadline=None)
@given(FIELDS, VALUES)
def test_one_odd_member_in_a_real_activity_never_breaks_anything_else(field, value):
    raw = activity(thing={**NOTE, field: value})

    with suppress(MalformedError):
        assert parse_activity(raw).object is not None
