import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import MalformedError
from federation.vocab.json_text import FORBIDDEN_KEYS, MAX_BYTES, MAX_DEPTH, parse_json

KEYS = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda key: key not in (*FORBIDDEN_KEYS, "@context")
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=30,
)


def nested(levels):
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b'{"a":1}{"b":2}',
        b'{"a":1,}',
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":"tab\there"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":1}]]',
        b'{"a":"unterminated',
        b'{"a":"\\',
    ],
)
def test_what_is_not_one_json_object_is_malformed(body):
    with pytest.raises(MalformedError) as raised:
        parse_json(body)

    assert raised.value.field == "body"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"actor":"x","\\u0061ctor":"y"}',
        b'{"object":{"id":1,"id":2}}',
        b'{"list":[{"b":1},{"b":1,"b":1}]}',
        b'{"a":":","a":"::"}',
    ],
)
def test_the_same_key_twice_in_one_object_is_malformed(body):
    with pytest.raises(MalformedError, match="twice"):
        parse_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
        b'{"a":"b\\":\\\\\\" : {[","c\\\\":"\\\\"}',
        b'{"a:b":"c:d"}',
        b' { "a" : [ ] , "b" : { } } ',
    ],
)
def test_equal_keys_in_different_objects_and_odd_texts_are_fine(body):
    assert parse_json(body) == json.loads(body)


@pytest.mark.parametrize("keyword", ["@graph", "@reverse", "@included"])
def test_keywords_that_move_members_about_are_malformed_at_any_depth(keyword):
    body = json.dumps({"a": [{"b": {"c": {"d": {keyword: []}}}}]}).encode()

    with pytest.raises(MalformedError):
        parse_json(body)


@pytest.mark.parametrize(
    "context",
    [{"g": "@graph"}, ["https://x.test", {"g": {"@id": "@reverse"}}], "@included"],
)
def test_a_context_that_renames_such_a_keyword_is_malformed(context):
    with pytest.raises(MalformedError) as raised:
        parse_json(json.dumps({"object": {"@context": context}}).encode())

    assert raised.value.field == "@context"


def test_people_may_write_about_such_keywords():
    assert parse_json(b'{"content":"@graph"}') == {"content": "@graph"}


def test_thirty_two_levels_are_read_and_one_more_is_not():
    assert parse_json(nested(MAX_DEPTH))
    with pytest.raises(MalformedError, match="deeper"):
        parse_json(nested(MAX_DEPTH + 1))


def test_brackets_in_texts_do_not_count_as_levels():
    body = json.dumps({"a": "[{" * 100 + '"\\'}).encode()

    assert parse_json(body) == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        nested(100_000),
        b"[" * MAX_BYTES,
        b"[]" * (MAX_BYTES // 2),
        (b"[" * 200 + b"]" * 200) * 2600,
        b'"\\' * (MAX_BYTES // 2),
        b'{"a":"' + b'\\"' * 500_000,
    ],
    ids=["lists", "objects", "balanced", "open", "flat", "comb", "escapes", "quotes"],
)
def test_hostile_nesting_is_refused_quickly(body):
    started = time.perf_counter()

    with pytest.raises(MalformedError):
        parse_json(body)

    assert time.perf_counter() - started < 20


def test_one_mebibyte_is_read_and_one_byte_more_is_not():
    filler = b"x" * (MAX_BYTES - len(b'{"a":""}'))

    assert parse_json(b'{"a":"' + filler + b'"}')
    with pytest.raises(MalformedError, match="longer"):
        parse_json(b'{"a":"x' + filler + b'"}')


@given(st.dictionaries(KEYS, JSON_VALUES, max_size=5))
def test_every_ordinary_object_is_read_as_json_reads_it(document):
    assert parse_json(json.dumps(document).encode()) == document
    assert parse_json(json.dumps(document, ensure_ascii=False, indent=1).encode()) == document


@given(st.binary(max_size=200) | st.text('{}[]":,\\a ', max_size=60).map(str.encode))
def test_any_bytes_are_either_read_or_malformed(body):
    try:
        document = parse_json(body)
    except MalformedError:
        return

    assert document == json.loads(body)
