import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.formats.errors import NotAFeedError
from feeds.ingest.inspect import inspect_feed
from feeds.ingest.reading import Answered
from tests.support.feedserver import item, rss

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DUTCH = Path(__file__).resolve().parents[3] / "../shared/data/feeds/dutch"
EXPECTED = DUTCH / "expected_semantic.json"
CASES = json.loads(EXPECTED.read_text()) if EXPECTED.is_file() else {}
needs_corpus = pytest.mark.skipif(not CASES, reason="../shared/data/feeds is not here")
FIELDS = ["id", "url", "title", "published", "updated", "author", "summary", "content"]


def inspect(body, url=""):
    return inspect_feed(Answered(body if isinstance(body, bytes) else body.encode(), url), NOW)


def test_the_shape_is_the_promised_one():
    found = inspect(rss(item(1)))

    assert list(found) == ["title", "kind", "language", "entries", "warnings", "parser"]
    assert list(found["entries"][0]) == [*FIELDS, "categories", "enclosures", "language"]
    assert found["entries"][0]["published"] == "2026-06-01T08:00:00Z"
    assert json.loads(json.dumps(found)) == found


def test_what_is_absent_is_null():
    found = inspect("<rss><channel><item><title>Alleen dit</title></item></channel></rss>")

    (entry,) = found["entries"]
    assert [entry[name] for name in ("url", "published", "updated", "author", "summary")] == [
        None
    ] * 5
    assert entry["id"]


def test_bodies_are_safe_to_show():
    hostile = "<![CDATA[<p onclick=x()>Hoi<script>x()</script><img src=x onerror=x()></p>]]>"

    (entry,) = inspect(rss(item(1, description=hostile)))["entries"]

    assert entry["summary"].startswith("<p>Hoi")
    assert "onerror" not in entry["summary"]


def test_what_is_no_feed_is_an_error():
    with pytest.raises(NotAFeedError):
        inspect("<html></html>")


@needs_corpus
@pytest.mark.parametrize("name", CASES)
def test_dutch_feeds_come_out_as_a_reader_would_want(name):
    wanted = CASES[name]

    found = inspect((DUTCH / name).read_bytes(), wanted.get("fetched_from", ""))

    entries = found["entries"]
    text = json.dumps(found, ensure_ascii=False)
    actual = {
        "entries": len(entries),
        "ids": [one["id"] for one in entries],
        "distinct_ids": len({one["id"] for one in entries}),
        "title_0": entries[0]["title"],
        "link_0": entries[0]["url"],
        "dates_utc": [one["published"] for one in entries],
        "must_not_contain": [w for w in wanted.get("must_not_contain", ()) if w not in text],
    }
    assert {key: wanted[key] for key in actual if key in wanted} == {
        key: value for key, value in actual.items() if key in wanted
    }
    assert "strip_footer" not in wanted or wanted["strip_footer"] not in text


@needs_corpus
@pytest.mark.parametrize("name", [name for name in CASES if "language" in CASES[name]])
def test_dutch_feeds_are_known_to_be_dutch(name):
    wanted = CASES[name]["language"]

    found = inspect((DUTCH / name).read_bytes())

    if isinstance(wanted, list):
        assert [one["language"] for one in found["entries"]] == wanted
    else:
        assert found["language"] == wanted
