from datetime import UTC, datetime, timedelta, timezone

import pytest

from federation.errors import MalformedError
from federation.vocab import parse_fields as fields
from federation.vocab.terms import PUBLIC

A, B = "https://a.test/u/a", "https://b.test/u/b"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, None),
        ({"content": None}, None),
        ({"content": ""}, None),
        ({"content": " \n"}, None),
        ({"content": "<p>x</p>"}, "<p>x</p>"),
        ({"content": "a\x00b"}, "ab"),
        ({"content": None, "contentMap": {"nl": "hoi"}}, "hoi"),
        ({"contentMap": {"en": None, "nl": "hoi"}}, "hoi"),
        ({"contentMap": {"en": None}}, None),
        ({"contentMap": "nl"}, None),
    ],
)
def test_texts(raw, expected):
    assert fields.read_text(raw, "content") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana", "Ana"),
        ("  Ana \n de\tVries ", "Ana de Vries"),
        ("\u202eanA\u200b\u2066", "anA"),
        ("\u200b", None),
        ("x" * 600, "x" * 500),
    ],
)
def test_lines_lose_what_cannot_be_seen(name, expected):
    assert fields.read_line({"name": name}, "name") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (A, A),
        ({"id": A, "type": "Note"}, A),
        ([A], A),
        ([{"id": A}], A),
        ([], None),
        ({}, None),
    ],
)
def test_references_however_they_are_given(value, expected):
    assert fields.read_reference({"inReplyTo": value}, "inReplyTo") == expected


@pytest.mark.parametrize("value", [5, True, [A, B], [[A]], "javascript:alert(1)", {"id": 5}])
def test_a_reference_to_no_or_several_addresses_is_malformed(value):
    with pytest.raises(MalformedError, match="inReplyTo"):
        fields.read_reference({"inReplyTo": value}, "inReplyTo")


@pytest.mark.parametrize("value", [None, 5, [], [A], {"id": A}, "", "acct:a@a.test", "urn:x"])
def test_an_id_is_one_address_and_nothing_else(value):
    with pytest.raises(MalformedError, match=r"^id: "):
        fields.read_uri({"id": value}, "id")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(A, A), ({"id": A}, A), (None, None), (5, None), ("tag:a.test,2026:x", None), ([A], None)],
)
def test_an_unusable_endpoint_is_none(value, expected):
    assert fields.read_endpoint({"context": value}, "context") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        (A, (A,)),
        ({"id": A}, (A,)),
        ([A, B, A], (A, B)),
        (["as:Public", "Public", PUBLIC], (PUBLIC,)),
        ([None, {"type": "Person"}, "", "acct:x@y.test", A], (A,)),
    ],
)
def test_recipients_however_they_are_given(value, expected):
    assert fields.read_recipients({"to": value}, "to") == expected


@pytest.mark.parametrize("odd", [5, [A], {"id": [A]}, True, {}, None, "javascript:x"])
def test_an_odd_recipient_keeps_no_other_away(odd):
    assert fields.read_recipients({"to": [odd, B]}, "to") == (B,)


@pytest.mark.parametrize("value", [5, 1.5, True])
def test_recipients_of_another_type_are_malformed(value):
    with pytest.raises(MalformedError, match=r"^to: "):
        fields.read_recipients({"to": value}, "to")


def test_the_thousand_and_first_recipient_is_ignored():
    many = [f"https://a.test/u/{n}" for n in range(1500)]

    assert fields.read_recipients({"to": many}, "to") == tuple(many[:1000])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-08-01T12:00:00Z", NOON),
        ("2026-08-01T12:00:00", NOON),
        ("2026-08-01T14:00:00+02:00", NOON),
        (" 2026-08-01 12:00:00Z ", NOON),
        ("2026-08-01T12:00:00.123Z", NOON + timedelta(milliseconds=123)),
        ("2026-08-01T12:00:00.123456789Z", NOON + timedelta(microseconds=123456)),
        ("yesterday", None),
        ("", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("2026-13-01T00:00:00Z", None),
        (None, None),
    ],
)
def test_times(value, expected):
    assert fields.read_time({"published": value}, "published") == expected


def test_times_are_in_utc():
    moment = fields.read_time({"t": "2026-08-01T14:00:00+02:00"}, "t")

    assert moment.tzinfo is UTC
    assert moment == datetime(2026, 8, 1, 14, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, None),
        ({"language": {"identifier": "nl", "name": "Nederlands"}}, "nl"),
        ({"language": [{"identifier": "nl"}, {"identifier": "en"}]}, "nl"),
        ({"language": "en-GB"}, "en-gb"),
        ({"inLanguage": "fr"}, "fr"),
        ({"contentMap": {"de": "x"}}, "de"),
        ({"contentMap": {"de": "x", "nl": "y"}}, None),
        ({"language": "und"}, None),
        ({"language": {"identifier": "<script>"}}, None),
        ({"language": 5, "contentMap": {"es": "x"}}, "es"),
    ],
)
def test_languages(raw, expected):
    assert fields.read_language(raw) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), (0, 0), (7, 7), (7.0, 7), (-1, None), (1e300, None)]
)
def test_counts(value, expected):
    assert fields.read_count({"totalItems": value}, "totalItems") == expected


@pytest.mark.parametrize(
    ("read", "field", "value"),
    [
        (fields.read_text, "content", 5),
        (fields.read_text, "content", ["x"]),
        (fields.read_line, "name", {"nl": "x"}),
        (fields.read_time, "published", 1785585600),
        (fields.read_time, "published", ["2026-08-01T12:00:00Z"]),
        (fields.read_flag, "sensitive", "true"),
        (fields.read_flag, "sensitive", 1),
        (fields.read_count, "totalItems", "7"),
        (fields.read_count, "totalItems", True),
    ],
)
def test_another_type_is_malformed_and_the_member_is_named(read, field, value):
    with pytest.raises(MalformedError) as raised:
        read({field: value}, field)

    assert raised.value.field == field
