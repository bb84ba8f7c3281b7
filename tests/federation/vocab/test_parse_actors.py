import pytest

from federation.errors import MalformedError
from federation.vocab.parse_actors import parse_actor
from federation.vocab.terms import Kind

ID = "https://a.test/u/ana"
KEY = {"id": f"{ID}#main-key", "owner": ID, "publicKeyPem": "-----BEGIN PUBLIC KEY-----"}


def actor(**members):
    return {"id": ID, "type": "Person", "inbox": f"{ID}/inbox", **members}


def test_the_least_that_an_actor_can_be():
    document = parse_actor(actor())

    assert document.uri == ID
    assert document.kind is Kind.PERSON
    assert document.inbox == f"{ID}/inbox"
    assert document.public_key_pem is None
    assert document.discoverable is None
    assert not document.manually_approves


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"id": None}, "id"),
        ({"id": [ID]}, "id"),
        ({"id": {"id": ID}}, "id"),
        ({"type": None}, "type"),
        ({"type": ["Person"]}, "type"),
        ({"type": "Note"}, "type"),
        ({"inbox": None}, "inbox"),
        ({"inbox": ["https://a.test/inbox"]}, "inbox"),
        ({"inbox": "ftp://a.test"}, "inbox"),
        ({"name": 5}, "name"),
        ({"summary": []}, "summary"),
        ({"preferredUsername": {}}, "preferredUsername"),
        ({"manuallyApprovesFollowers": "no"}, "manuallyApprovesFollowers"),
        ({"published": 5}, "published"),
        ({"alsoKnownAs": 5}, "alsoKnownAs"),
        ({"publicKey": 5}, "publicKey"),
        ({"publicKey": {}}, "publicKey"),
        ({"publicKey": {**KEY, "owner": [ID]}}, "publicKey"),
        ({"publicKey": {**KEY, "publicKeyPem": None}}, "publicKey"),
        ({"publicKey": {**KEY, "id": "acct:ana@a.test"}}, "publicKey"),
        ({"publicKey": {**KEY, "publicKeyPem": "x" * 9000}}, "publicKey"),
        ({"source": 5}, "source"),
    ],
)
def test_a_wrong_member_is_named(members, field):
    with pytest.raises(MalformedError) as raised:
        parse_actor(actor(**members))

    assert raised.value.field == field


@pytest.mark.parametrize("key", [KEY, [KEY], [KEY, {"id": "other"}]])
def test_the_first_key_is_read(key):
    document = parse_actor(actor(publicKey=key))

    assert document.public_key_id == KEY["id"]
    assert document.owns_key(KEY["id"])


@pytest.mark.parametrize("key", [None, [], "https://a.test/key"])
def test_a_key_that_is_not_in_the_document_is_none(key):
    assert parse_actor(actor(publicKey=key)).public_key_pem is None


def test_a_key_of_somebody_else_is_not_owned():
    document = parse_actor(actor(publicKey={**KEY, "owner": "https://victim.test/u/bob"}))

    assert not document.owns_key(KEY["id"])


def test_another_key_id_is_not_owned():
    assert not parse_actor(actor(publicKey=KEY)).owns_key(f"{ID}#other")
    assert not parse_actor(actor()).owns_key(f"{ID}#main-key")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"type": "Group", "attributedTo": "https://a.test/mods"}, "https://a.test/mods"),
        ({"type": "Group", "attributedTo": "mods"}, None),
        (
            {"type": "Group", "attributedTo": "https://a.test/x", "moderators": "https://a.test/y"},
            "https://a.test/y",
        ),
        ({"type": "Group", "attributedTo": [{"type": "Person", "id": ID}]}, None),
        ({"type": "Person", "attributedTo": "https://a.test/owner"}, None),
    ],
)
def test_the_list_of_moderators_of_a_group(members, expected):
    assert parse_actor(actor(**members)).moderators == expected


def test_the_people_behind_a_channel_are_kept():
    raw = actor(type="Group", attributedTo=[{"type": "Person", "id": "https://a.test/u/p"}])

    assert parse_actor(raw).attributed_to == ("https://a.test/u/p",)


@pytest.mark.parametrize("endpoints", [None, 5, [], {"sharedInbox": 5}, {"sharedInbox": "x"}])
def test_an_unusable_shared_inbox_is_none(endpoints):
    assert parse_actor(actor(endpoints=endpoints)).shared_inbox is None


def test_names_on_screens_cannot_hide_anything():
    assert parse_actor(actor(name="\u202enimda\u2066")).name == "nimda"
